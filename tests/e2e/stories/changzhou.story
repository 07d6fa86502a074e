# 常州：两个纳入，先征求政府意见再报审定，专项监督报告到整改考核。
# Changzhou: two inclusions, the government's opinion before the committee's decision, a report to its end.
policy changzhou.toml
unit 320400000000 常州市 city node
unit 320411000000 新北区 district 320400000000 node
unit 320411001000 甲镇 township 320411000000 node

2026-02-02 09:00 常州市 issue log --title 长江大保护专项监督 --category 长江大保护 --text 沿江一公里 --source 年度计划 = 大保护
2026-02-03 09:00 常州市 issue propose 大保护 --by 市政协专委会 --text 列为重点监督 --plan "deliberation=2026 年第 1 项" ! guard.in_plans
2026-02-03 09:10 常州市 issue propose 大保护 --by 市政协专委会 --text 列为重点监督 --plan "deliberation=2026 年第 1 项" --plan "inspection=2026 年第 3 项"
2026-02-04 09:00 常州市 issue approve 大保护 --by 市委 ! guard.opinion_given
2026-02-04 09:10 常州市 issue consult 大保护 --organ 市政府 --text 是否列为重点监督
2026-02-10 09:00 常州市 issue approve 大保护 --by 市委 ! guard.opinion_given
2026-02-11 09:00 常州市 issue opine 大保护 --number 1 --view agree --by 市政府 --text 同意
2026-02-12 09:00 常州市 issue approve 大保护 --by 市委
2026-03-02 09:00 常州市 issue research 大保护 --text 查看沿江岸线
2026-03-20 09:00 常州市 issue session 大保护 --held "2026-03-20 09:00" --place 市政协 --form 会议协商 --staff commissioner=甲 --party member=9 --party department=4 --party stakeholder=2 --text 形成专项监督意见
2026-03-25 09:00 常州市 issue outcome 大保护 --text 专项监督报告
2026-04-01 09:00 常州市 issue assign 大保护 --to 新北区 --text 整改岸线 --due 2026-08-31
2026-04-02 09:00 常州市 issue visit 大保护 --kind inspection --held "2026-04-01 10:00" --method listen --method look --method check --method visit --method talk --text 发现问题两处
2026-08-20 09:00 新北区 issue progress 大保护 --task 1 --percent 100 --done --text 两处已整改
2026-09-01 09:00 常州市 issue close 大保护 --result solved
2026-09-01 09:10 see 新北区 大保护 stage.id=closed

2026-12-31 09:00 table 常州市 report
| name   | issues | by_stage.closed | figures.closing:solved |
| 常州市 | 1      | 1               | 1                     |
| 新北区 | 0      |                 |                       |
