"""The story that shows the main job: each chapter acts through the command line of real
daemons and checks what came of it at every level. A chapter that returns has been true.

The matters of chapters 2 and 3 are of the kind that cities report themselves: a dialysis room
nearer to the patients, and traffic lines at a crossing that two townships share.
"""

import json
import os
import subprocess
import time

from network import Failed, Refused, wait_until


def expect(what, truth):
    if not truth:
        raise Failed(f"not so: {what}")


def money(issue):
    return "¥" + issue["budget_yuan"]


class Story:
    def __init__(self, network, places, intruder, say):
        self.network, self.intruder, self.say = network, intruder, say
        self.city = network.root
        self.district, self.other_district = (network.nodes[c] for c in places.districts)
        self.towns = [network.nodes[c] for c in places.townships]
        self.villages = [network.nodes[c] for c in places.villages]
        self.town, self.second_town = self.towns[0], self.towns[1]
        self.village, self.second_village = self.villages[0], self.villages[1]
        self.kept = places.kept          # a village of the first township without a node
        self.compromised = places.compromised
        self.logged = []

    # Small steps.

    def log(self, node, title, category, yuan, *more):
        answer = node.yishi("issue", "log", "--title", title, "--category", category,
                            "--budget", str(yuan), "--text", title + "。", *more)
        self.logged.append(answer["id"])
        return answer

    def act(self, node, issue, act, *flags):
        return node.yishi("issue", act, issue, *flags)

    def see(self, nodes, issue, what, question):
        for node in nodes:
            wait_until(f"{node.name}: {issue} {what}",
                       lambda n=node: (found := n.issue(issue)) and question(found))

    def stage(self, nodes, issue, stage):
        self.see(nodes, issue, stage, lambda found: found["stage"]["id"] == stage)

    def holder(self, nodes, issue, unit):
        self.see(nodes, issue, f"held by {unit.name}",
                 lambda found: found["holder"]["code"] == unit.code)

    def kinds(self, node, issue):
        return [fact["kind"] for fact in node.issue(issue)["timeline"]]

    # Chapters.

    def chapter_1_lamps(self):
        say = self.say
        lamp = self.log(self.village, "村口三盏路灯不亮", "环境整治", 8000, "--by", "村委会",
                        "--source", "出题")["id"]
        say(f"{self.village.name}登记 {lamp}：村口三盏路灯不亮，环境整治，¥8,000",
            f"{self.village.name} logs {lamp}: three broken lamps, ¥8,000")
        other = self.log(self.town, "文化广场路灯不亮", "环境整治", 3000, "--by", "镇文书",
                         "--for", self.kept)
        name = self.network.units[self.kept]["name"]
        expect("the id is the writing node's", other["id"].startswith(self.town.code))
        expect("the village without a node holds it",
               other["issue"]["holder"]["code"] == self.kept)
        say(f"{name}还没有节点，{self.town.name}文书代为登记 {other['id']}",
            f"{name} has no node yet: the clerk of {self.town.name} logs {other['id']} for it")

        village = self.village
        self.act(village, lamp, "propose", "--by", "村委会", "--text", "更换三盏路灯")
        self.act(village, lamp, "approve", "--by", "村党总支")
        self.see([village], lamp, "is filed with the township",
                 lambda found: any(f["unit"]["code"] == self.town.code for f in found["filed"]))
        say(f"提出议题，村党组织审定，{self.town.name}已回备案回执",
            f"proposed, approved by the village's Party organisation, filed with {self.town.name}")
        self.act(village, lamp, "research", "--text", "线路老化，三盏灯头损坏")
        self.act(village, lamp, "session", "--place", "村部议事室", "--form", "会议",
                 "--held", time.strftime("%Y-%m-%d 09:30"), "--party", "mass=8",
                 "--party", "member=1", "--party", "stakeholder=1", "--party", "leader=1",
                 "--party", "department=1", "--convener", "party_head=村党总支书记",
                 "--text", "同意更换，村集体出资")
        self.act(village, lamp, "outcome", "--text", "更换三盏灯头并重埋线路", "--became", "project")
        self.act(village, lamp, "assign", "--to", village.code, "--text", "更换灯头",
                 "--due", time.strftime("%Y-12-31"))
        self.act(village, lamp, "progress", "--task", "1", "--percent", "100", "--done",
                 "--text", "三盏灯全部亮起")
        self.act(village, lamp, "close", "--result", "solved", "--figure", "亮灯=0->3 盏")
        self.stage([village, self.town, self.district, self.city], lamp, "closed")
        found = self.city.issue(lamp)
        expect("it never left the village", found["holder"]["code"] == village.code)
        expect("it never climbed", not found["escalations"])
        say("商前调研、协商、落实、办结，全在村里完成；镇、区、市都看得到",
            "researched, talked over, carried out and closed, all in the village; every level sees it")

    def chapter_2_dialysis(self):
        say = self.say
        answer = self.log(self.village, "病人去市区透析往返不便，建议镇上设透析室", "医疗保障",
                          2200000, "--by", "村民代表", "--source", "荐题",
                          "--reporter-name", "村民甲", "--reporter-telephone", "000-0000")
        issue = answer["id"]
        expect("the village's node escalates by itself",
               [w["kind"] for w in answer["written"]] == ["issue.logged", "issue.escalated"])
        self.holder([self.city, self.district, self.town, self.village], issue, self.district)
        found = self.district.issue(issue)
        climbs = [f for f in found["timeline"] if f["kind"] == "issue.escalated"]
        expect("two nodes escalated, each by itself and with its reason",
               len(climbs) == 2 and all(f["automatic"] and f["why"] for f in climbs))
        say(f"{self.village.name}登记 {issue}：透析室，{money(found)}；没有人按键，村、镇两级节点先后自动上报：",
            f"{self.village.name} logs {issue}: a dialysis room, {money(found)}; nobody presses a "
            "button, the nodes of village and township escalate it in turn:")
        for fact in climbs:
            say(f"    {fact['unit']['name']} → {fact['to']['name']}：{fact['why']}",
                f"    {fact['unit']['name']} → {fact['to']['name']}: {fact['reasons'][0]['en']}")
        district = self.district
        self.act(district, issue, "accept", "--by", "区协商议事办")
        self.act(district, issue, "decide", "--by", "区政府", "--became", "project",
                 "--text", "同意在中心卫生院设透析室，区财政安排 220 万元")
        self.act(district, issue, "assign", "--to", self.town.code, "--due", "2027-06-30",
                 "--text", "腾出卫生院二楼，配合设备安装")
        say(f"{district.name}签收、作出决定，交办{self.town.name}，限期 2027-06-30",
            f"{district.name} accepts, decides, and assigns it to {self.town.name}, due 2027-06-30")
        self.see([self.town], issue, "is assigned", lambda found: found["assignments"])
        self.act(self.town, issue, "progress", "--task", "1", "--percent", "50", "--text", "二楼已腾空")
        self.act(self.town, issue, "progress", "--task", "1", "--percent", "100", "--done",
                 "--text", "透析室投入使用")
        self.see([district], issue, "is done", lambda found: found["assignments"][0]["done"])
        self.act(district, issue, "feedback", "--text", "透析室已投用，请向群众反馈")
        self.holder([self.village], issue, self.village)
        self.act(self.village, issue, "close", "--result", "solved",
                 "--figure", "患者年均费用=12000->3600 元", "--figure", "单程路程=38->4 公里")
        self.stage([self.village, self.town, district, self.city], issue, "closed")
        figures = self.city.issue(issue)["figures"]
        expect("the city sees the figures before and after", figures[0]["after"] == "3600")
        for node in (self.town, district, self.city):
            text = json.dumps(node.issue(issue), ensure_ascii=False)
            expect("the reporter's name stays in the village", "村民甲" not in text)
        say("进展和结果报上来，反馈到村，村里办结：患者年均费用 12000→3600 元",
            "progress and result come up, the feedback reaches the village, which closes it: a "
            "patient's yearly cost 12000→3600 yuan")
        found = self.city.yishi("issue", "search", "透析")["issues"]
        expect("two characters inside a sentence find it", [i["id"] for i in found] == [issue])

    def chapter_3_traffic(self):
        far = next(v for v in self.villages if self.network.units[v.code]["parent"] ==
                   self.second_town.code)
        issue = self.log(self.village, "两镇交界路口标线不清", "交通出行", 3000,
                         "--reach", far.code)["id"]
        self.holder([self.city, self.district, self.village], issue, self.district)
        found = self.district.issue(issue)
        expect("reach, not money, made it climb",
               {r["id"] for r in found["escalations"]} == {"reach"})
        self.see([self.second_town, far], issue, "is here too",
                 lambda found: found["holder"]["code"] == self.district.code)
        self.act(self.district, issue, "accept", "--by", "区协商议事办")
        self.say(f"{issue}：涉及两个镇，只要 ¥3,000，也升到同时管着两镇的{self.district.name}；"
                 f"{self.second_town.name}也收到了", f"{issue} touches two townships: only ¥3,000, yet "
                 f"it climbs to {self.district.name}, which contains both")

    def chapter_4_return(self):
        issue = self.log(self.second_village, "三十亩地流转给合作社", "土地流转", 15000)["id"]
        self.act(self.second_village, issue, "propose", "--by", "村委会", "--text", "流转三年")
        self.holder([self.second_village, self.town], issue, self.town)
        self.say(f"{issue}：按规则，土地流转的议题须由{self.town.name}审批",
                 f"{issue}: policy has {self.town.name} approve topics of land transfer")
        self.act(self.town, issue, "return", "--by", "镇党委", "--reason", "请附全体农户签字")
        self.stage([self.second_village], issue, "returned")
        expect("the village sees why",
               "签字" in self.second_village.issue(issue)["return_reason"])
        self.act(self.second_village, issue, "amend", "--text", "流转三年；附三十二户签字")
        self.act(self.second_village, issue, "propose", "--by", "村委会", "--text", "已附签字")
        self.holder([self.town], issue, self.town)
        self.act(self.town, issue, "approve", "--by", "镇党委")
        self.stage([self.second_village, self.town, self.district, self.city], issue, "approved")
        found = self.city.issue(issue)
        expect("approved by the township, back with the village",
               found["approved_by"]["code"] == self.town.code and
               found["holder"]["code"] == self.second_village.code)
        self.say(f"{self.town.name}附理由退回，村里补充后再报，镇党委审批通过，回到村里",
                 f"{self.town.name} returns it with a reason; amended, proposed again, approved")

    def chapter_5_killed_district(self):
        before = self.city.status()["counts"]["issues"]
        self.district.kill()
        ids = [self.log(node, f"断线期间登记的第 {k} 件", "其他", 100 * k)["id"]
               for k in range(1, 4) for node in self.villages[:5]]
        wait_until("the villages' township has what they logged",
                   lambda: all(node.received() for node in self.villages[:4]))
        status = wait_until("the township says that it waits", lambda: (
            found := self.town.status()) and found["waiting"]["records"] > 0 and found)
        expect("it says 已存本机, how many and how old",
               status["waiting"]["state"] == "stored" and status["waiting"]["oldest"])
        self.say(f"{self.district.name}的守护进程被 kill -9；村里照常登记 {len(ids)} 件。"
                 f"{self.town.name}：{status['waiting']['zh']}，最早一条 {status['waiting']['oldest']}",
                 f"the daemon of {self.district.name} is killed with -9; villages log {len(ids)} "
                 f"more. {self.town.name}: {status['waiting']['en']}, the oldest of "
                 f"{status['waiting']['oldest']}")
        self.town.kill()
        alone = self.log(self.village, "镇里也断线时登记", "其他", 50)["id"]
        alone_status = self.village.status()
        expect("the village says 已存本机 with the number", alone_status["waiting"]["records"] >= 1
               and alone_status["waiting"]["state"] == "stored")
        expect("and so does the matter", self.village.issue(alone)["stored"]["state"] == "stored")
        self.say(f"{self.village.name}：{alone_status['waiting']['zh']}",
                 f"{self.village.name}: {alone_status['waiting']['en']}")
        self.town.start()
        self.district.start()
        for issue in ids + [alone]:
            self.see([self.city], issue, "arrives", lambda found: True)
        for node in [*self.villages[:4], *self.towns[:2], self.district]:
            wait_until(f"{node.name} says 上级已收", node.received)
        after = self.city.status()["counts"]["issues"]
        expect("everything arrived once", after == before + len(ids) + 1)
        expect("the matter says 上级已收",
               self.village.issue(alone)["stored"]["state"] == "received")
        self.say("区、镇恢复，全部到达，一件不多一件不少；村里显示：上级已收",
                 "they come back; everything arrives, once; the villages say: received above")

    def chapter_6_report(self):
        nodes = len(self.network.nodes) - 1
        report = wait_until("the report is complete", lambda: (
            found := self.city.yishi("report")) and found["frontier"]["in"] == nodes and found)
        expect("the report counts what was logged", report["total"]["issues"] == len(self.logged))
        expect("by district", sum(line["issues"] for line in report["lines"]) ==
               report["total"]["issues"])
        reasons = {r["reason"]["id"]: r["climbs"] for r in report["escalation_reasons"]}
        expect("what escalated and why", reasons == {"budget": 2, "reach": 2})
        expect("how complete it is", report["frontier"]["units_without_node"] ==
               len(self.network.units) - 1 - nodes and not report["frontier"]["missing"])
        text = subprocess.run([self.network.program, "--lang", self.say.lang, "--data",
                               self.city.data, "report"], capture_output=True, text=True,
                              check=True, timeout=60).stdout
        for line in text.rstrip().splitlines():
            self.say("    " + line, "    " + line)

    def chapter_7_intruder(self):
        node = self.network.nodes[self.compromised]
        node.stop()
        done = subprocess.run([self.intruder, node.data, self.village.code, self.town.endpoint],
                              capture_output=True, text=True, timeout=60)
        expect(f"the intruder does its worst: {done.stdout} {done.stderr}", done.returncode == 0)
        refusals = wait_until("the township names both refusals", lambda: (
            found := self.town.yishi("refusals")["refusals"]) and
            {"log.signature", "session.replayed"} <= {one["rule"] for one in found} and found)
        for rule in ("log.signature", "session.replayed"):
            one = next(r for r in refusals if r["rule"] == rule)
            self.say(f"{self.town.name}拒绝：{one['rule']}　{one['zh']}",
                     f"{self.town.name} refuses: {one['rule']}  {one['en']}")
        issue = self.log(self.village, "入侵之后照常登记", "其他", 10)["id"]
        self.see([self.city], issue, "arrives", lambda found: True)
        node.start()
        self.say("其他村的线路不受影响", "the links of the others go on")

    def chapter_8_verify(self):
        for node in self.network.nodes.values():
            report = node.yishi("verify")
            expect(f"{node.name} agrees with its entries: {report}", report["ok"])
        one = self.city.yishi("verify")
        self.say(f"{len(self.network.nodes)} 个节点逐条重算，链、签名、投影全部一致；市级："
                 f"{one['entries']} 个条目，{one['records']} 条记录，{one['issues']} 件事项",
                 f"{len(self.network.nodes)} stores re-derived from their entries, all agree; the "
                 f"city: {one['entries']} entries, {one['records']} records, {one['issues']} issues")

    CHAPTERS = [
        ("路灯：村里的事村里办", "Lamps: the village's own business", chapter_1_lamps),
        ("透析室：超出权限自动上报", "The dialysis room: it climbs by itself", chapter_2_dialysis),
        ("标线：涉及两镇", "Traffic lines: reach, not money", chapter_3_traffic),
        ("退回与审批", "Returned, amended, approved above", chapter_4_return),
        ("区里断电", "The district is killed", chapter_5_killed_district),
        ("市里的报表", "The city's report", chapter_6_report),
        ("伪造与重放", "A forgery and a replay", chapter_7_intruder),
        ("逐条重算", "Everything re-derived", chapter_8_verify),
    ]

    def play(self):
        for number, (zh, en, chapter) in enumerate(self.CHAPTERS, 1):
            self.say.title(number, zh, en)
            chapter(self)
