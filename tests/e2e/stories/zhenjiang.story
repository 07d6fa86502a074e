# 镇江：双召集人，五个有，群众满意是标准，检查、问效、整改。
# Zhenjiang: two conveners in order, the five haves, satisfaction, supervision to the end.
policy zhenjiang.toml
unit 321100000000 镇江市 city node
unit 321112000000 丹徒区 district 321100000000 node
unit 321112100000 甲镇 township 321112000000 node
unit 321112100201 葡萄村 village 321112100000 node

2026-04-01 09:00 葡萄村 issue log --title 葡萄棚灌溉用水不足 --category 实事 --budget 40000 --text 六十户 --source 网格筛题 = 灌溉
2026-04-02 09:00 葡萄村 issue propose 灌溉 --by 村委会 --text 修渠
2026-04-03 09:00 葡萄村 issue approve 灌溉 --by 村党组织
2026-04-06 09:00 葡萄村 issue research 灌溉 --text 渠长八百米，渗漏三处
# 五个有：缺主题和措施。
2026-04-08 15:00 葡萄村 issue session 灌溉 --held "2026-04-08 15:00" --place 葡萄架下 --form 田间地头 --convener party_head=甲 --convener linked_member=乙 --party mass=8 --party stakeholder=4 --party member=2 --text 商定修渠 ! guard.has_fields
# 双召集人：只有一人。
2026-04-08 15:10 葡萄村 issue session 灌溉 --held "2026-04-08 15:00" --place 葡萄架下 --form 田间地头 --convener party_head=甲 --subject 灌溉 --measures 修渠八百米 --party mass=8 --party stakeholder=4 --party member=2 --text 商定修渠 ! guard.conveners
2026-04-08 15:20 葡萄村 issue session 灌溉 --held "2026-04-08 15:00" --place 葡萄架下 --form 田间地头 --convener party_head=甲 --convener linked_member=乙 --subject 灌溉 --measures 修渠八百米 --party mass=8 --party stakeholder=4 --party member=2 --text 商定修渠
2026-04-09 09:00 葡萄村 issue outcome 灌溉 --text 村集体出资修渠 --became project
2026-04-10 09:00 葡萄村 issue assign 灌溉 --to 葡萄村 --text 修渠 --due 2026-06-30
# 区里来检查，问效，限期整改，评价合格。
2026-06-10 09:00 丹徒区 issue visit 灌溉 --kind check --held "2026-06-09 10:00" --method look --text 第二段未动工
2026-06-11 09:00 丹徒区 issue supervise 灌溉 --kind results --to 葡萄村 --due 2026-06-25 --text 限期完成第二段
2026-06-20 09:00 葡萄村 issue progress 灌溉 --task 1 --percent 100 --done --text 全线完工
2026-06-22 09:00 葡萄村 issue close 灌溉 --result solved --figure "渗漏=3->0 处" ! guard.satisfaction_asked
2026-06-22 10:00 葡萄村 issue rate 灌溉 --asked 60 --satisfied 57
2026-06-23 09:00 葡萄村 issue close 灌溉 --result solved ! guard.figures_given
2026-06-23 09:10 葡萄村 issue close 灌溉 --result solved --figure "渗漏=3->0 处"
2026-06-23 09:20 see 镇江市 灌溉 stage.id=closed result.id=solved

2026-12-31 09:00 table 镇江市 report
| name   | issues | escalated | by_stage.closed | figures.closing:solved | figures.asked | figures.satisfied |
| 镇江市 | 0      | 0         |                 |                        |               |                   |
| 丹徒区 | 1      | 0         | 1               | 1                      | 60            | 57                |
