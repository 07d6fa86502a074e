"""The API's description held against the answers of running nodes: a city, a district, and a
township that serves people, through an issue's life from logging to publication. Every route of
the description that can be asked here is asked, by the socket or in a session, and its answer
must be what the description says; so must refusals.
"""

import argparse
import http.client
import json
import os
import re
import sys
import urllib.parse

import jsonschema

from network import Failed, Network, Node, free_ports

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/faults"))
from api import Api, Refused  # noqa: E402

PASSWORD = "灯-lights-of-the-village"
TOWNSHIP, VILLAGE = "320803001000", "320803001001"


class Described:
    """What the description says of each route, and which routes were asked."""

    def __init__(self, document):
        self.document = document
        self.asked = set()
        self.paths = [(re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(path)) + "$"), path)
                      for path in document["paths"]]
        # The most particular first: /registers/{register}/csv before /issues/{id}/{act}.
        self.paths.sort(key=lambda one: one[1].count("{"))

    def check(self, method, target, status, kind, answer):
        """`answer` is JSON that came with a status from /api/v1/`target`."""
        plain = "/" + target.split("?")[0]
        path = next(path for pattern, path in self.paths if pattern.match(plain))
        operation = self.document["paths"][path][method.lower()]
        responses = operation["responses"]
        if str(status) in responses:
            self.asked.add(operation["operationId"])
        said = responses.get(str(status)) or responses["default"]
        if "$ref" in said:
            said = self.document["components"]["responses"][said["$ref"].split("/")[-1]]
        if kind not in said["content"]:
            raise Failed(f"{method} {target}: {status} is {kind}, not {list(said['content'])}")
        if answer is None:
            return
        schema = {**said["content"][kind]["schema"], "components": self.document["components"]}
        faults = sorted(jsonschema.Draft202012Validator(schema).iter_errors(answer), key=str)
        for fault in faults[:3]:
            where = "/".join(str(part) for part in fault.absolute_path)
            print(f"{method} {target}: {where}: {fault.message[:300]}", file=sys.stderr)
        if faults:
            raise Failed(f"{method} {target}: the answer is not as described")

    def not_asked(self):
        return {operation["operationId"] for item in self.document["paths"].values()
                for method, operation in item.items() if method != "servers"} - self.asked


class Socket:
    """A node's socket; each answer is checked."""

    def __init__(self, data, described):
        self.api, self.described = Api(data), described

    def ask(self, method, target, body=None, wanted=None):
        try:
            answer = self.api.call(method, "/api/v1/" + target, body)
        except Refused as refusal:
            self.described.check(method, target, refusal.problem["status"],
                                 "application/problem+json", refusal.problem)
            if wanted != refusal.problem["status"]:
                raise Failed(f"{method} {target}: {refusal.problem}") from refusal
            return refusal.problem
        status = wanted or 200
        self.described.check(method, target, status, "application/json", answer)
        return answer


class Person:
    """Signs in at a node's pages; each answer is checked."""

    def __init__(self, port, described):
        self.port, self.described = port, described
        self.cookie, self.csrf = "", ""

    def ask(self, method, target, body=None, wanted=200, more=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        fields = {"Content-Type": "application/json", **(more or {})}
        if self.cookie:
            fields |= {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}
        text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        connection.request(method, "/api/v1/" + target, text, fields)
        answer = connection.getresponse()
        kind = answer.headers["Content-Type"].split(";")[0]
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        raw = answer.read().decode()
        found = json.loads(raw) if kind.endswith("json") else None
        connection.close()
        if answer.status != wanted:
            raise Failed(f"{method} {target}: {answer.status}: {raw[:300]}")
        self.described.check(method, target, answer.status, kind, found)
        if found and "csrf" in found:
            self.csrf = found["csrf"]
        return found


class ServingNode(Node):
    http_port = 0

    def arguments(self):
        return ["--http", f"127.0.0.1:{self.http_port}", "--public", "yes"]


SESSION = {
    "held": "2026-03-05 14:30", "place": "村议事室", "form": "网络", "text": "商定清淤",
    "parties": [{"category": "群众代表", "count": 8}], "override": "试验",
    "session": {
        "until": "2026-03-05 16:00", "subject": "积水", "measures": "清淤", "minutes": "记录",
        "host": {"name": "丙", "role": "deputy_secretary"},
        "signed_in": [{"name": "己", "party": "mass"}], "entitled": 9,
        "votes": [{"channel": "纸票", "yes": 3, "no": 1}],
        "opinions": [{"who": "己", "party": "mass", "text": "先清淤"}],
        "responsibilities": [{"text": "清淤", "unit": TOWNSHIP, "due": "2026-12-31"}],
        "problems": [{"text": "积水", "result": "已解决"}],
    },
}


def live(node):
    """An issue from logging to publication; its id."""
    logged = node.ask("POST", "issues", {
        "title": "村口积水", "text": "逢雨必淹", "category": "公共设施", "home": VILLAGE,
        "budget_yuan": "12,000.00", "flags": ["计划之外"], "via": "扫码",
        "plans": [{"plan": "deliberation"}], "reporter": {"name": "某", "telephone": "1"}}, 201)
    issue = logged["id"]
    for act, body in (
            ("screen", {"checks": [{"item": "公共事务", "yes": True}]}),
            ("consult", {"organs": ["村务监督委员会"], "text": "可否"}),
            ("opine", {"number": 1, "view": "同意", "text": "可以"}),
            ("propose", {"text": "排水"}), ("approve", {}),
            ("research", {"text": "管道堵塞", "heard": "提出人到会说明",
                          "group": [{"name": "甲", "role": "专题调研组组长"}]}),
            ("session", SESSION),
            ("outcome", {"text": "清淤", "became": "project"}),
            ("publish", {"about": "progress", "text": "已开工"}),
            ("comment", {"text": "看过了"})):
        body.setdefault("override", "试验")
        node.ask("POST", f"issues/{issue}/{act}", body)
    for act, body in (("close", {}), ("comment", {"text": "x"}), ("propose", {})):
        node.ask("POST", f"trial/{issue}/{act}", body)
    node.ask("POST", f"issues/{issue}/propose", {}, 422)
    node.ask("POST", f"issues/{issue}/fly", {}, 404)
    return issue


def registers(node):
    node.ask("POST", "registers/rooms",
             {"entries": [{"unit": VILLAGE, "fields": {"name": "一村议事室", "kind": "territory"}}]})
    node.ask("POST", "registers/rooms", {"entries": [{"unit": VILLAGE, "fields": {"x": 1}}]}, 422)
    entry = node.ask("GET", "registers/rooms")["entries"][0]
    node.ask("GET", "registers/rooms/entry?" + urllib.parse.urlencode(
        {"unit": entry["unit"]["code"], "key": entry["key"]}))
    node.ask("GET", "registers")
    measures = node.ask("GET", "measures")["measures"]
    node.ask("GET", "measures/" + measures[0]["id"])
    for name in ("gaps", "minimums", "stars", "stars/bulletin"):
        node.ask("GET", name)


def figures(node):
    node.ask("GET", "report")
    for by in ("month", "category", "level"):
        node.ask("GET", "report?by=" + by)
    node.ask("GET", "report/open?figure=issues&full=1")
    node.ask("GET", "report/open?figure=session")
    node.ask("GET", "report/figures")


def topology(node):
    for target in ("topology", "topology?depth=3", "topology/log", "topology/operators",
                   f"topology/context?unit={VILLAGE}"):
        node.ask("GET", target)
    policy = node.ask("GET", "topology/policy")["text"]
    node.ask("POST", "policy/check", {})
    node.ask("POST", "policy/check", {"text": "id = 1"}, 422)
    node.ask("POST", "policy/diff", {"after": policy.replace("zh = ", "zh=", 1)})
    node.ask("POST", "policy/try", {"text": policy})
    node.ask("POST", "topology/preview", {"changes": ["eA"]}, 422)
    node.ask("POST", "topology/changes", {"changes": ["x"]}, 400)


def people(port, link, described):
    person = Person(port, described)
    person.ask("GET", "session")
    person.ask("GET", "status", wanted=401)
    person.ask("POST", "first", {"invitation": link.split("#")[1], "name": "op",
                                 "password": PASSWORD, "roles": ["operator", "clerk"]}, 201)
    person.ask("POST", "accounts", {"name": "clerk", "password": PASSWORD, "roles": ["clerk"]}, 201)
    person.ask("POST", "accounts/clerk", {"disabled": True})
    person.ask("GET", "accounts")
    made = person.ask("POST", "tokens", {"label": "t", "scopes": ["clerk"], "days": 2}, 201)
    person.ask("GET", "tokens")
    person.ask("DELETE", f"tokens/{made['id']}")
    person.ask("DELETE", "accounts/clerk")
    person.ask("POST", "session/confirm", {"password": PASSWORD})
    person.ask("POST", "session/password", {"password": PASSWORD, "new": PASSWORD + "!"})
    person.ask("GET", "audit")
    person.ask("DELETE", "session")
    person.ask("POST", "session", {"name": "op", "password": PASSWORD + "!"})
    person.ask("GET", "openapi.json")
    person.ask("GET", "healthz")
    return person


def undo(person):
    waits = {"X-Undo": "300"}
    body = {"title": "水渠", "text": "渗漏", "category": "公共设施", "home": VILLAGE}
    kept = [person.ask("POST", "issues", body, 202, waits)["pending"]["id"] for _ in range(2)]
    person.ask("GET", "pending")
    person.ask("DELETE", f"pending/{kept[0]}")
    person.ask("POST", f"pending/{kept[1]}/now", {}, 202)


def public(person, described):
    anyone = Person(person.port, described)
    notices = anyone.ask("GET", "public/notices")["notices"]
    if len(notices) != 1 or not notices[0]["published"]:
        raise Failed(f"one issue was published: {notices}")
    handed = [anyone.ask("POST", "public/matters", {"title": f"井盖{i}", "text": "破损"}, 201)
              for i in range(2)]
    person.ask("GET", "held")
    person.ask("POST", f"held/{handed[0]['number']}/take", {"category": "公共设施", "home": VILLAGE})
    person.ask("POST", f"held/{handed[1]['number']}/discard", {"reason": "重复"})
    person.ask("GET", "held?state=taken")
    for one in handed:
        anyone.ask("GET", f"public/matters/{one['number']}?code={one['code']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    with open(os.path.join(ROOT, "node/http/openapi.json"), encoding="utf-8") as file:
        described = Described(json.load(file))
    network = Network(os.path.join(ROOT, options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"))
    (ServingNode.http_port,) = free_ports(1)
    try:
        network.create()
        network.join(["320803000000"])
        (township,) = network.join([TOWNSHIP], kind=ServingNode)
        node = Socket(township.data, described)
        issue = live(node)
        for target in ("status", "issues", "issues?full=1", "refusals", "journal", f"issues/{issue}",
                       "desk", "desk?box=todo", "desk?box=done", "vocabulary"):
            node.ask("GET", target)
        node.ask("GET", "issues/320803001000-2020-0001", wanted=404)
        node.ask("POST", "import", {"issues": [{"title": "a", "text": "b", "category": "公共设施",
                                                "home": VILLAGE, "key": "1"}, {"text": "b"}]})
        node.ask("POST", "journal", {"lines": ["上午九点"]}, 201)
        registers(node)
        figures(node)
        topology(node)
        node.ask("POST", "verify", {})
        node.ask("POST", "backup", {"folder": township.data + ".backups",
                                    "passphrase": "a lamp at the corner"})
        with open(township.log, encoding="utf-8") as file:
            link = re.search(r"http://\S+/first#\S+", file.read()).group(0)
        person = people(ServingNode.http_port, link, described)
        public(person, described)
        undo(person)
        person.ask("GET", "registers/rooms/csv")
        # A stream, the text of another format, and what needs a signature.
        left = described.not_asked() - {"getEvents", "getMetrics", "putEntriesCsv",
                                        "changeTopology", "previewChanges"}
        if left:
            raise Failed(f"nothing was asked of {sorted(left)}")
        network.stop()
        print(f"{len(described.asked)} of the description's operations answer as it says")
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
        network.remove()


if __name__ == "__main__":
    main()
