# 山东（学者建议）：计划、准备、会议、汇总报送、办理反馈；材料提前送达；承办单位延期先申请。
# A scholar's proposal: papers in advance, submission with receipts, an extension asked before the limit.
policy shandong.toml
unit 370100000000 济南市 city node
unit 370102000000 历下区 district 370100000000 node
unit 370102001000 甲街道 township 370102000000 node

2026-03-02 09:00 甲街道 issue log --title 老年食堂选址 --category 养老服务 --budget 120000 --text 三处备选 --source 舆情分析 = 食堂
2026-03-03 09:00 甲街道 issue propose 食堂 --by 街道办事处 --text 列入计划
2026-03-04 09:00 甲街道 issue approve 食堂 --by 街道党工委
2026-03-05 09:00 甲街道 issue research 食堂 --text 走访三个小区
2026-03-06 09:00 甲街道 issue convene 食堂 --held "2026-03-07 09:00" --place 街道会议室 --material 选址比较
# 材料只提前一天送达。
2026-03-07 10:00 甲街道 issue session 食堂 --held "2026-03-07 09:00" --place 街道会议室 --form 协商会议 --party mass=9 --party stakeholder=3 --party member=2 --text 选定二号址 ! guard.materials_sent
2026-03-07 10:10 甲街道 issue session 食堂 --held "2026-03-07 09:00" --place 街道会议室 --form 协商会议 --party mass=9 --party stakeholder=3 --party member=2 --text 选定二号址 --override 各方已当面看过材料
2026-03-09 09:00 甲街道 issue outcome 食堂 --text 选定二号址 --became project
2026-03-10 09:00 甲街道 issue submit 食堂 --organ 街道党工委 --organ 街道办事处
2026-03-11 09:00 甲街道 issue assign 食堂 --to 甲街道 --text 装修开业 --due 2026-06-30
2026-06-20 09:00 甲街道 issue extend 食堂 --task 1 --due 2026-07-31 --reason 消防验收排队
2026-06-22 09:00 甲街道 issue grant 食堂 --task 1 --due 2026-07-31
# 延期后的期限过了：街道自己和区里的节点各报一次，市里看得到。
2026-08-01 09:00 see 济南市 食堂 alerts.0.about=task alerts.1.about=task alerts.2=
2026-08-03 09:00 甲街道 issue progress 食堂 --task 1 --percent 100 --done --text 已开业
2026-08-04 09:00 甲街道 issue close 食堂 --result solved ! guard.receipts_given
2026-08-04 09:10 甲街道 issue receive 食堂 --number 1 --by 街道党工委
2026-08-04 09:20 甲街道 issue receive 食堂 --number 2 --by 街道办事处
2026-08-05 09:00 甲街道 issue close 食堂 --result solved
2026-08-05 09:10 see 济南市 食堂 stage.id=closed

2026-12-31 09:00 table 济南市 report
| name   | issues | by_stage.closed | figures.closing:solved | figures.late | figures.in_time |
| 济南市 | 0      |                 |                        |              |                 |
| 历下区 | 1      | 1               | 1                      | 1            |                 |
