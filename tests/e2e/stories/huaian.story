# 淮安：一个区、两个镇、三个村的一年（淮办发〔2020〕19号的六个步骤）。
# Huai'an: a year of one district, two townships, three villages; second village has no node.
policy huaian.toml
unit 320800000000 淮安市 city node
unit 320803000000 淮安区 district 320800000000 node
unit 320803001000 甲镇 township 320803000000 node
unit 320803002000 乙镇 township 320803000000 node
unit 320803001001 一村 village 320803001000 node
unit 320803001002 二村 village 320803001000
unit 320803002001 三村 village 320803002000

# ── 三盏路灯：从登记到办结都在村里 ─────────────────────────────────────────────
2026-03-02 09:30 一村 issue log --title 村口三盏路灯不亮 --category 环境整治 --budget 8000 --text 三盏都不亮 --source 出题 = 路灯
2026-03-03 10:00 一村 issue propose 路灯 --by 村委会 --text 更换路灯
2026-03-04 10:00 一村 issue approve 路灯 --by 村党总支
2026-03-04 10:05 see 甲镇 路灯 stage.id=approved filed.0.unit.name=甲镇
# 原则上先调研、群众代表不少于三分之二：说明为什么停下，写明理由才能继续。
2026-03-05 09:00 一村 issue session 路灯 --place 村部 --form 会议 --held "2026-03-05 09:00" --party mass=5 --party member=3 --party stakeholder=1 --text 同意更换 ! guard.research_done
2026-03-06 09:00 一村 issue research 路灯 --text 线路老化，三盏灯头损坏
2026-03-09 09:00 一村 issue session 路灯 --place 村部 --form 会议 --held "2026-03-09 09:00" --party mass=5 --party member=3 --party stakeholder=1 --text 同意更换 ! guard.mass_share
2026-03-09 09:30 一村 issue session 路灯 --place 村部 --form 会议 --held "2026-03-09 09:00" --party mass=8 --party member=1 --party stakeholder=1 --party leader=1 --party department=1 --convener party_head=支书 --text 同意更换
2026-03-10 09:00 一村 issue outcome 路灯 --text 更换三盏灯头并重埋线路 --became project
2026-03-11 09:00 一村 issue assign 路灯 --to 一村 --text 更换灯头 --due 2026-04-30
2026-03-12 09:00 一村 issue close 路灯 --result solved ! guard.assignments_done
2026-04-20 09:00 一村 issue progress 路灯 --task 1 --percent 100 --done --text 三盏灯全部亮起
2026-04-21 09:00 一村 issue close 路灯 --result solved --figure 亮灯=0->3盏
2026-04-21 09:05 see 淮安市 路灯 stage.id=closed result.id=solved holder.name=一村

# ── 土地流转：必要时报上一级党组织审批 ─────────────────────────────────────────
2026-05-06 09:00 一村 issue log --title 百亩连片土地流转 --category 土地流转 --budget 9000 --text 涉及四十二户 --source 荐题 = 土地
2026-05-07 09:00 一村 issue propose 土地 --by 村委会 --text 统一流转
2026-05-07 09:05 see 一村 土地 holder.name=甲镇 stage.id=proposed
2026-05-08 09:00 一村 issue approve 土地 --by 村党总支 ! act.holder
2026-05-08 09:30 甲镇 issue return 土地 --by 镇党委 --reason 请附全体农户签字
2026-05-08 09:35 see 一村 土地 holder.name=一村 stage.id=returned return_reason=请附全体农户签字
2026-05-20 09:00 一村 issue propose 土地 --by 村委会 --text 四十二户已签字
2026-05-21 09:00 甲镇 issue approve 土地 --by 镇党委
2026-05-21 09:05 see 一村 土地 holder.name=一村 stage.id=approved

# ── 二村没有节点：镇里代为登记；超出村的权限，自动上报到镇 ───────────────────────
2026-06-01 09:00 甲镇 issue log --for 二村 --title 水渠渗漏 --category 公共设施 --budget 60000 --text 东渠 --source 出题 = 水渠
2026-06-01 09:05 see 甲镇 水渠 home.name=二村 holder.name=甲镇 stage.id=escalated
2026-06-02 09:00 甲镇 issue accept 水渠 --by 镇农办
2026-06-03 09:00 甲镇 issue assign 水渠 --to 二村 --text 修补东渠 --due 2026-09-30
2026-09-10 09:00 甲镇 issue progress 水渠 --task 1 --percent 100 --done --text 已修补
2026-09-11 09:00 甲镇 issue close 水渠 --result half_solved --reason 西段来年再修

# ── 跨镇：涉及两个镇的，由区里办；金额到区 ────────────────────────────────────
2026-07-01 09:00 三村 issue log --title 界河桥危桥改造 --category 交通出行 --budget 900000 --text 两镇群众通行 --source 点题 --reach 一村 = 危桥
2026-07-01 09:05 see 淮安区 危桥 holder.name=淮安区 stage.id=escalated
2026-07-02 09:00 淮安区 issue accept 危桥 --by 区协商议事办
2026-07-20 09:00 淮安区 issue decide 危桥 --by 区政府 --text 列入年度计划
2026-07-21 09:00 淮安区 issue assign 危桥 --to 乙镇 --text 组织施工 --due 2026-11-30
2026-11-20 09:00 乙镇 issue progress 危桥 --task 1 --percent 100 --done --text 通车
2026-11-21 09:00 淮安区 issue feedback 危桥 --text 已通车
2026-11-22 09:00 乙镇 issue close 危桥 --result solved

# ── 年末：市里的表，手工算得 ──────────────────────────────────────────────────
# 四件：路灯、土地、水渠、危桥；水渠上报一级，危桥上报两级；办结三件，土地仍为已审定。
2026-12-31 09:00 table 淮安市 report
| name   | issues | escalated | by_stage.closed | by_stage.approved |
| 淮安市 | 0      | 0         |                 |                   |
| 淮安区 | 4      | 2         | 3               | 1                 |
2026-12-31 09:05 table 淮安区 report
| name   | issues | escalated | by_stage.closed | by_stage.approved |
| 淮安区 | 0      | 0         |                 |                   |
| 甲镇   | 3      | 1         | 2               | 1                 |
| 乙镇   | 1      | 1         | 1               |                   |
