# 武汉：交通标线、物流园区、十个专项监督小组、共性指导议题、超越范围的反馈上来联动办理。
# Wuhan: the traffic markings, the logistics park, ten supervision groups, a guiding topic.
policy wuhan.toml
unit 420100000000 武汉市 city node
unit 420112000000 东西湖区 district 420100000000 node
unit 420103000000 江汉区 district 420100000000 node
unit 420103001000 甲街道 township 420103000000 node
unit 420103001001 甲社区 village 420103001000 node
unit 420112001000 乙街道 township 420112000000
unit 420112001001 物流行业协会 village 420112001000

# ── 交通标线：微协商，就地办成 ──────────────────────────────────────────────
2026-03-10 09:00 甲社区 issue log --title 路口标线不合理早高峰拥堵 --category 交通出行 --budget 20000 --text 左转车道太短 --source 群众反映 = 标线
2026-03-12 18:30 甲社区 issue session 标线 --held "2026-03-12 18:30" --place 路口岗亭 --form 现场 --type 微协商 --party mass=9 --party member=2 --party department=2 --party stakeholder=3 --text 调整标线
2026-03-13 09:00 甲社区 issue outcome 标线 --text 延长左转车道 --became decision
2026-03-13 10:00 甲社区 issue assign 标线 --to 甲社区 --text 重划标线 --due 2026-04-15
2026-04-10 09:00 甲社区 issue progress 标线 --task 1 --percent 100 --done --text 已重划
2026-04-11 09:00 甲社区 issue close 标线 --result solved --figure "早高峰排队=320->90 米"

# ── 物流园区：行业协会的平台没有节点，由区里代记；三个难题一次协商，解决两个 ────────
2026-05-06 09:00 东西湖区 issue log --for 物流行业协会 --title 物流园区周边道路差停车难加油不便 --category 行业发展 --budget 45000 --text 三个难题 --source 行业界别反映 = 园区
2026-05-08 09:00 东西湖区 issue session 园区 --held "2026-05-08 09:00" --place 协会会议室 --form 座谈会 --party mass=3 --party association=6 --party member=3 --party department=3 --party stakeholder=2 --problem 停车难=solved --problem 加油不便=solved --problem 道路差 --text 三件事分头办
2026-05-09 09:00 东西湖区 issue close 园区 --result half_solved --reason 道路改造列入明年计划

# ── 超越协商范围：带着标识登记，自动上报到市，市级联动 ────────────────────────────
2026-06-01 09:00 甲社区 issue log --title 跨区排水不畅 --category 公共设施 --budget 30000 --text 两区交界 --source 委员反映 --flag beyond_scope = 排水
2026-06-01 09:10 see 武汉市 排水 holder.name=武汉市 stage.id=escalated
2026-06-03 09:00 武汉市 issue accept 排水 --by 市政协办公厅
2026-06-05 09:00 武汉市 issue join 排水 --with 江汉区 --with 东西湖区 --text 市级联动，两区同治 --due 2026-11-30

# ── 共性指导议题：市里下发到街道 ────────────────────────────────────────────
2026-07-01 09:00 武汉市 issue log --title 老旧小区改造怎么改 --category 住房改造 --text 请各街道组织协商 --source 共性指导议题 = 指导
2026-07-01 09:30 武汉市 issue guide 指导 --level township --to 江汉区 --text 七月底前协商一次 --due 2026-07-31
2026-07-10 09:00 甲街道 issue log --title 甲街道老旧小区加装电梯 --category 住房改造 --budget 300000 --text 三栋楼 --source 共性指导议题 --answers 指导 = 电梯

# ── 十个专项监督小组：十项行动，各下一张督办单，九项整改合格，一项还在整改 ───────────
2026-08-03 09:00 武汉市 issue log --title 长江高水平保护十大攻坚行动 --category 长江保护 --text 十个界别各监督一项 --source 委员反映 = 长江
2026-08-04 09:00 武汉市 register put bodies name=第1监督小组（环保界别） kind=supervision
2026-08-04 09:01 武汉市 register put bodies name=第2监督小组（工会界别） kind=supervision
2026-08-04 09:02 武汉市 register put bodies name=第3监督小组（农业界别） kind=supervision
2026-08-04 09:03 武汉市 register put bodies name=第4监督小组（交通界别） kind=supervision
2026-08-04 09:04 武汉市 register put bodies name=第5监督小组（经济界别） kind=supervision
2026-08-04 09:05 武汉市 register put bodies name=第6监督小组（科技界别） kind=supervision
2026-08-04 09:06 武汉市 register put bodies name=第7监督小组（医卫界别） kind=supervision
2026-08-04 09:07 武汉市 register put bodies name=第8监督小组（教育界别） kind=supervision
2026-08-04 09:08 武汉市 register put bodies name=第9监督小组（社科界别） kind=supervision
2026-08-04 09:09 武汉市 register put bodies name=第10监督小组（工商联界别） kind=supervision
2026-08-05 09:00 武汉市 issue supervise 长江 --kind special --to 江汉区 --due 2026-11-30 --by 第1监督小组 --text 化工污染整治
2026-08-05 09:01 武汉市 issue supervise 长江 --kind special --to 东西湖区 --due 2026-11-30 --by 第2监督小组 --text 城市污水处理
2026-08-05 09:02 武汉市 issue supervise 长江 --kind special --to 江汉区 --due 2026-11-30 --by 第3监督小组 --text 农业面源污染治理
2026-08-05 09:03 武汉市 issue supervise 长江 --kind special --to 东西湖区 --due 2026-11-30 --by 第4监督小组 --text 船舶污染防治
2026-08-05 09:04 武汉市 issue supervise 长江 --kind special --to 江汉区 --due 2026-11-30 --by 第5监督小组 --text 尾矿库治理
2026-08-05 09:05 武汉市 issue supervise 长江 --kind special --to 东西湖区 --due 2026-11-30 --by 第6监督小组 --text 岸线清理
2026-08-05 09:06 武汉市 issue supervise 长江 --kind special --to 江汉区 --due 2026-11-30 --by 第7监督小组 --text 黑臭水体治理
2026-08-05 09:07 武汉市 issue supervise 长江 --kind special --to 东西湖区 --due 2026-11-30 --by 第8监督小组 --text 固体废物排查
2026-08-05 09:08 武汉市 issue supervise 长江 --kind special --to 江汉区 --due 2026-11-30 --by 第9监督小组 --text 十年禁渔
2026-08-05 09:09 武汉市 issue supervise 长江 --kind special --to 东西湖区 --due 2026-11-30 --by 第10监督小组 --text 生态修复
2026-08-05 10:00 see 江汉区 长江 supervisions.9.kind.id=special
2026-08-05 10:00 see 东西湖区 长江 supervisions.9.kind.id=special

2026-12-31 09:00 table 武汉市 report
| name     | issues | escalated | by_stage.closed | by_stage.carrying_out | figures.closing:solved | figures.closing:half_solved |
| 武汉市   | 2      | 0         |                 |                       |                       |                            |
| 江汉区   | 3      | 1         | 1               | 1                     | 1                     |                            |
| 东西湖区 | 1      | 0         | 1               |                       |                       | 1                          |
