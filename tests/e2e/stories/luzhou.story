# 泸州：主持中立，协商表决，多数同意形成决议，不同意见留存并说明，回头看。
# Luzhou: a neutral host, a vote, dissent kept and explained, a look back.
policy luzhou.toml
unit 510500000000 泸州市 city node
unit 510502000000 江阳区 district 510500000000 node
unit 510502001000 甲街道 township 510502000000 node
unit 510502001001 一小区 village 510502001000 node

2026-03-02 19:00 一小区 issue log --title 院坝停车与晾晒冲突 --category 矛盾调解 --budget 5000 --text 车位占了晒场 --source 各方征题 = 停车
2026-03-03 09:00 一小区 issue propose 停车 --by 居委会 --text 划线分时
2026-03-04 09:00 一小区 issue approve 停车 --by 社区党组织
2026-03-05 09:00 一小区 issue research 停车 --text 论证：十二户有车，三十户晾晒
# 主持人是当事一方。
2026-03-08 19:00 一小区 issue session 停车 --held "2026-03-08 19:00" --place 院坝 --form 会议 --venue 院坝 --host host=甲 --host-party stakeholder --party mass=12 --party stakeholder=6 --party member=2 --vote hand=9/7/2 --text 分时使用 ! guard.host_neutral
2026-03-08 19:10 一小区 issue session 停车 --held "2026-03-08 19:00" --place 院坝 --form 会议 --venue 院坝 --host host=乙 --party mass=12 --party stakeholder=6 --party member=2 --vote hand=8/8/2 --text 分时使用
# 八比八不是多数；再协商一次，举手和纸票合计十一比七。
2026-03-09 09:00 一小区 issue outcome 停车 --text 分时使用 ! guard.majority
2026-03-15 19:00 一小区 issue session 停车 --held "2026-03-15 19:00" --place 院坝 --form 会议 --venue 院坝 --host host=乙 --party mass=12 --party stakeholder=6 --party member=2 --vote hand=7/5/0 --vote paper=4/2/0 --dissent 丙=晚归没有车位 --text 分时使用，增设两个车位
2026-03-16 09:00 一小区 issue outcome 停车 --text 分时使用，增设两个车位 --became consensus
2026-03-17 09:00 一小区 issue close 停车 --result solved ! guard.dissent_explained
2026-03-17 09:30 一小区 issue explain 停车 --number 2 --item 1 --text 增设的两个车位留给晚归的人
2026-03-18 09:00 一小区 issue close 停车 --result solved
2026-06-30 09:00 一小区 issue revisit 停车 --about slipped --text 又有人占位
2026-07-01 09:00 一小区 issue reopen 停车 --reason 反弹，再协商
2026-07-01 09:10 see 泸州市 停车 stage.id=logged

2026-12-31 09:00 table 泸州市 report
| name   | issues | by_stage.logged | by_stage.closed |
| 泸州市 | 0      |                 |                 |
| 江阳区 | 1      | 1               |                 |
