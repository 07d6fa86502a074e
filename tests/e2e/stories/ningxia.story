# 宁夏：盐池县血液透析室。提出、协商、报送、跟踪督办、效果评价。
# Ningxia: the dialysis room of Yanchi; figures before and after.
policy ningxia.toml
unit 640300000000 吴忠市 city node
unit 640323000000 盐池县 district 640300000000 node
unit 640323100000 甲镇 township 640323000000 node

# 投资二百二十万元在县的权限之内、镇的权限之外。
2026-01-10 09:00 甲镇 issue log --title 在县里建立血液透析室 --category 医疗保障 --budget 2200000 --text 五十多名患者每周往返银川两三次 --source 委员提案 --flag ad_hoc = 透析
2026-01-10 09:10 see 盐池县 透析 holder.name=盐池县 stage.id=escalated
2026-01-12 09:00 盐池县 issue accept 透析 --by 县政协
2026-01-12 10:00 盐池县 issue screen 透析 --answer why=就医往返负担重 --answer whom=患者与卫健部门 --answer what=建透析室 --answer when=一月 --answer how=会议和远程 --answer carry_out=县医院承建 --answer feedback=向患者公布
2026-01-13 09:00 盐池县 issue propose 透析 --by 县政协 --text 政府投资建立
2026-01-14 09:00 盐池县 issue approve 透析 --by 县委
2026-01-16 09:00 盐池县 issue research 透析 --text 月均花费五千到八千元
2026-01-20 09:00 盐池县 issue session 透析 --held "2026-01-20 09:00" --place 县政协 --form 远程协商 --type 专题协商 --party mass=8 --party stakeholder=5 --party member=3 --party department=3 --text 建议政府投资建立功能科室
2026-01-21 09:00 盐池县 issue outcome 透析 --text 投资二百二十万元建立透析室 --became project
2026-01-22 09:00 盐池县 issue submit 透析 --organ 县政府
2026-01-25 09:00 盐池县 issue receive 透析 --number 1 --by 县政府
# 交办前先听取提案者的意见。
2026-01-26 09:00 盐池县 issue assign 透析 --to 盐池县 --text 建设透析室 --due 2026-09-30 ! guard.proposer_heard
2026-01-26 09:30 盐池县 issue assign 透析 --to 盐池县 --text 建设透析室 --due 2026-09-30 --heard 提案委员建议设在县医院
2026-09-20 09:00 盐池县 issue progress 透析 --task 1 --percent 100 --done --text 投入使用
2026-10-01 09:00 盐池县 issue close 透析 --result solved ! guard.figures_given
2026-10-01 09:10 盐池县 issue close 透析 --result solved --figure "患者治疗费用=100->30 %" --figure "投资=0->220 万元"
2026-10-01 09:20 see 吴忠市 透析 stage.id=closed result.id=solved escalations.0.id=budget

2026-12-31 09:00 table 吴忠市 report
| name   | issues | escalated | by_stage.closed | budget_fen |
| 吴忠市 | 0      | 0         |                 | 0          |
| 盐池县 | 1      | 1         | 1               | 220000000  |
