# 南通：不调研不协商，群众代表不少于三分之一，四方评估，回头看。
# Nantong: no research, no deliberation; a third from the public; four parties evaluate; a look back.
policy nantong.toml
unit 320600000000 南通市 city node
unit 320612000000 通州区 district 320600000000 node
unit 320612100000 甲镇 township 320612000000 node
unit 320612100201 一村 village 320612100000 node
unit 320612100202 二村 village 320612100000

# ── 河道：两次会前先调研，表决不算数的是没调研 ─────────────────────────────────
2026-03-02 09:00 一村 issue log --title 村前河道淤塞 --category 环境整治 --budget 30000 --text 三百米淤塞 --source 群众出题 --flag beyond_self = 河道
2026-03-03 09:00 一村 issue propose 河道 --by 村委会 --text 清淤 ! guard.screened
2026-03-03 09:30 一村 issue screen 河道 --yes public --yes benefit --yes closely
2026-03-03 10:00 一村 issue propose 河道 --by 村委会 --text 清淤
2026-03-04 09:00 一村 issue approve 河道 --by 村党组织
2026-03-05 09:00 一村 issue session 河道 --held "2026-03-05 09:00" --place 村部 --form 会议 --party mass=4 --party stakeholder=1 --party member=2 --text 商定清淤 ! act.stage
2026-03-06 09:00 一村 issue research 河道 --text 走访三十户，二十八户赞成
# 到场九人，群众代表二人不足三分之一。
2026-03-10 09:00 一村 issue session 河道 --held "2026-03-10 09:00" --place 村部 --form 会议 --convener party_head=甲 --convener member=乙 --party mass=2 --party stakeholder=1 --party member=3 --party department=3 --suggest 先清淤 --duty 清淤=一村 --text 商定清淤 ! guard.mass_share
# 委员在先、党组织负责人在后，次序不对。
2026-03-10 09:10 一村 issue session 河道 --held "2026-03-10 09:00" --place 村部 --form 会议 --convener member=乙 --convener party_head=甲 --party mass=3 --party stakeholder=1 --party member=3 --party department=2 --suggest 先清淤 --duty 清淤=一村 --text 商定清淤 ! guard.conveners
2026-03-10 09:20 一村 issue session 河道 --held "2026-03-10 09:00" --place 村部 --form 会议 --convener party_head=甲 --convener member=乙 --party mass=3 --party stakeholder=1 --party member=3 --party department=2 --suggest 先清淤 --duty 清淤=一村 --dissent 丙=担心占用菜地 --text 商定清淤
2026-03-11 09:00 一村 issue outcome 河道 --text 分两段清淤 --became project
2026-03-12 09:00 一村 issue assign 河道 --to 一村 --text 清淤 --due 2026-05-31
2026-05-20 09:00 一村 issue progress 河道 --task 1 --percent 100 --done --text 已完工
# 持不同意见的要说明，四方都评估了才能办结。
2026-05-21 09:00 一村 issue close 河道 --result solved ! guard.dissent_explained
2026-05-21 09:30 一村 issue explain 河道 --number 1 --item 1 --text 菜地另划
2026-05-21 10:00 一村 issue close 河道 --result solved ! guard.parties_evaluated
2026-05-22 09:00 甲镇 issue evaluate 河道 --party leader --score 90
2026-05-22 09:10 甲镇 issue evaluate 河道 --party member --score 95
2026-05-22 09:20 一村 issue evaluate 河道 --party mass --score 88
2026-05-22 09:30 一村 issue evaluate 河道 --party organizer --score 92
2026-05-25 09:00 一村 issue close 河道 --result solved
2026-05-25 09:10 see 南通市 河道 stage.id=closed result.id=solved
2026-09-01 09:00 一村 issue revisit 河道 --about holds --text 河道通畅

# ── 二村的路：县镇村三级联动 ────────────────────────────────────────────────
2026-06-01 09:00 甲镇 issue log --for 二村 --title 通村道路破损 --category 交通出行 --budget 900000 --text 三公里 --source 党政点题 --flag linked = 道路
2026-06-01 09:10 see 通州区 道路 holder.name=通州区 stage.id=escalated
2026-06-02 09:00 通州区 issue accept 道路 --by 区政协办
2026-06-03 09:00 通州区 issue decide 道路 --by 区政府 --text 三级联动修复
2026-06-04 09:00 通州区 issue join 道路 --with 甲镇 --with 二村 --text 甲镇筹资，二村协调用地 --due 2026-10-31

# ── 年末：手工算得 ─────────────────────────────────────────────────────────
2026-12-31 09:00 table 南通市 report
| name   | issues | escalated | by_stage.closed | by_stage.carrying_out | figures.closing:solved |
| 南通市 | 0      | 0         |                 |                       |                       |
| 通州区 | 2      | 1         | 1               | 1                     | 1                     |
