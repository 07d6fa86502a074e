"""What operators do, with real daemons: a root of two of three keys kept in files of their own,
operators with a subtree and an expiry, proposals signed offline, mergers, plans, tickets, and
the mistakes that people make. Every refusal must name its rule and change nothing.

  python3 operators.py --yishi build/yishi
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

from network import Failed, Network, Node, Refused, free_ports, wait_until  # noqa: E402

CITY, DISTRICT, OTHER = "320800000000", "320803000000", "320804000000"
TOWN, OTHER_TOWN = "320803001000", "320804001000"
ONE, TWO, FAR = "320803001001", "320803001002", "320804001001"
DIVISIONS = f"""code,name,level,parent
{CITY},淮安市,city,
{DISTRICT},淮安区,district,{CITY}
{OTHER},淮阴区,district,{CITY}
{TOWN},甲镇,township,{DISTRICT}
{OTHER_TOWN},乙镇,township,{OTHER}
{ONE},一村,village,{TOWN}
{TWO},二村,village,{TOWN}
{FAR},远村,village,{OTHER_TOWN}
"""


def check(question, what):
    if not question:
        raise Failed(what)


def refused(rule, call, *arguments):
    """The call is refused with this rule, in both languages."""
    try:
        call(*arguments)
    except Refused as refusal:
        check(refusal.rule == rule, f"refused with {refusal.rule}, not {rule}: {refusal.problem}")
        check(refusal.problem.get("zh") and refusal.problem.get("en"), f"{rule}: a language lacks")
        return refusal
    raise Failed(f"not refused: {rule} {arguments}")


class Story:
    def __init__(self, program, folder):
        self.folder = folder
        divisions = self.write("divisions.csv", DIVISIONS)
        self.policy = os.path.join(ROOT, "node/deliberation/policies/huaian.toml")
        self.network = Network(program, divisions, self.policy, folder=folder)
        self.yishi = self.network.yishi

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def version(self):
        return self.city.yishi("topology", "context")["version"]

    def unchanged(self, rule, *arguments):
        before = self.version()
        refusal = refused(rule, self.city.yishi, *arguments)
        check(self.version() == before, f"{rule}: something changed")
        return refusal

    def create(self):
        """Three root keys, two of which must sign; only two are at hand."""
        for name in ("a", "b", "c", "d"):
            self.yishi("topology", "root-key", self.path(name))
        refused("key.exists", self.yishi, "topology", "root-key", self.path("a"))
        (port,) = free_ports(1)
        city = Node(self.network, CITY, "淮安市", port)
        base = ["topology", "create", "--data", city.data, "--divisions", self.network.divisions,
                "--name", "淮安", "--policy", self.policy, "--bind", city.endpoint,
                "--threshold", "2"]
        refused("root.threshold", self.yishi, *base, "--root", self.path("a"),
                "--root", self.path("b.pub"), "--root", self.path("c.pub"))
        refused("root.key.twice", self.yishi, *base, "--root", self.path("a"),
                "--root", self.path("a"))
        check(not os.path.exists(city.data), "a refused creation left something")
        self.yishi(*base, "--root", self.path("a"), "--root", self.path("b"),
                   "--root", self.path("c.pub"))
        self.network.root = self.network.nodes[CITY] = self.city = city
        city.start()
        listed = city.yishi("topology", "operators")
        check(listed["root"]["threshold"] == 2 and len(listed["root"]["keys"]) == 3, "the root")
        check(listed["operators"][0]["expires"], "the first operator's key never expires")

    def trust(self):
        """A district's operator; the root's two signatures, made in two places."""
        district_key = self.path("district")
        self.yishi("topology", "operator-key", district_key)
        admit = ["topology", "operator", district_key + ".pub", "--under", DISTRICT,
                 "--name", "淮安区管理员", "--days", "30"]
        self.unchanged("operator.scope.root", *admit)  # the city's operator is not the root
        self.unchanged("root.threshold", *admit, "--key", self.path("a"))
        proposal = self.path("admit.txt")
        self.city.yishi(*admit, "--propose", proposal)
        refused("change.signature.count", self.city.yishi, "topology", "submit", proposal)
        self.yishi("topology", "sign", proposal, "--key", self.path("b"))
        refused("root.threshold", self.city.yishi, "topology", "submit", proposal)
        refused("change.signature.twice", self.yishi, "topology", "sign", proposal,
                "--key", self.path("b"))
        self.yishi("topology", "sign", proposal, "--key", self.path("c"))
        self.city.yishi("topology", "submit", proposal)
        refused("change.replayed", self.city.yishi, "topology", "submit", proposal)

        own = ["--key", district_key]
        self.city.yishi("topology", "rename", ONE, "新一村", *own)
        self.unchanged("operator.scope", "topology", "rename", FAR, "别村", *own)
        self.unchanged("operator.scope", "topology", "move", ONE, "--parent", OTHER_TOWN, *own)
        log = self.city.yishi("topology", "log")["changes"]
        signer = log[-1]["signer"]
        check(signer["part"] == "operator" and signer["label"] == "淮安区管理员", f"who: {signer}")
        check(len(log[-2]["signer"]["keys"]) == 2, "both root signatures are shown")

        listed = self.city.yishi("topology", "operators")["operators"]
        (key,) = [one["key"] for one in listed if one["label"] == "淮安区管理员"]
        root = ["--key", self.path("a"), "--key", self.path("b")]
        self.city.yishi("topology", "end-operator", key[:10], *root)
        self.unchanged("operator.ended", "topology", "rename", ONE, "又一村", *own)

        change = self.path("root.txt")
        self.city.yishi("topology", "root", "--root", self.path("a.pub"), "--root",
                        self.path("d.pub"), "--threshold", "2", "--propose", change)
        for name in ("a", "b"):
            self.yishi("topology", "sign", change, "--key", self.path(name))
        refused("root.threshold.new", self.city.yishi, "topology", "submit", change)
        self.yishi("topology", "sign", change, "--key", self.path("d"))
        self.city.yishi("topology", "submit", change)
        self.unchanged("change.signer.unknown", "topology", "policy", "--file", self.policy, "--id",
                       "x", "--key", self.path("c"), "--key", self.path("b"))

    def bad_input(self):
        """Mistakes: a sentence that says what is wrong and what to do; nothing changes."""
        os.chmod(self.path("a"), 0o644)
        self.unchanged("file.mode", "topology", "rename", ONE, "x", "--key", self.path("a"))
        os.chmod(self.path("a"), 0o600)
        tickets = self.network.ticket([DISTRICT])
        ticket = tickets[DISTRICT]
        wrong = ticket[:40] + ("A" if ticket[40] != "A" else "B") + ticket[41:]
        data = self.path("joiner")
        try:
            self.yishi("join", wrong, "--data", data)
            raise Failed("a mistyped ticket was taken")
        except Refused as found:
            refusal = found
        check(refusal.rule.startswith("ticket.") and not os.path.exists(data), "a mistyped ticket")
        refused("data.exists", self.yishi, "join", ticket, "--data", self.city.data)
        for years, rule in (("+5y", "ticket.expired"), ("-5y", "clock.behind")):
            if not shutil.which("faketime"):
                break
            done = subprocess.run(["faketime", "-f", years, self.network.program, "--json", "join",
                                   ticket, "--data", data], capture_output=True, text=True,
                                  check=False)
            check(done.returncode == 1 and rule in done.stdout, f"{years}: {done.stdout}")
            check(not os.path.exists(data), f"{years}: something was made")
        # A port that is taken; a data directory that is in use.
        busy = subprocess.run([self.network.program, "--data", self.city.data, "serve"],
                              capture_output=True, text=True, check=False, timeout=60)
        check(busy.returncode == 1 and "store.locked" in busy.stderr, busy.stderr)
        self.yishi("join", self.write("ticket.txt", ticket), "--data", data)  # a file's name
        taken = subprocess.run([self.network.program, "--data", data, "serve", "--bind",
                                self.city.endpoint], capture_output=True, text=True, check=False,
                               timeout=60)
        check(taken.returncode == 1 and "transport.bind" in taken.stderr, taken.stderr)
        # A parent that cannot be reached: the node runs, and says what it waits for.
        lonely = Node(self.network, "joiner", "等待者")
        lonely.arguments = lambda: ["--parent", f"tcp://127.0.0.1:{free_ports(1)[0]}"]
        lonely.start()
        status = lonely.status()
        check(not status["admitted"] and status["joining"] == "parent", f"{status['joining']}")
        words = subprocess.run([self.network.program, "--data", data, "status"],
                               capture_output=True, text=True, check=True, timeout=60).stdout
        check("正在等上级应答" in words, words)
        lonely.stop()
        shutil.rmtree(data)

    def second_use(self):
        (district,) = self.network.join([DISTRICT])
        ticket = self.network.ticket([TOWN])[TOWN]
        nodes = []
        for name in ("first", "second"):
            node = Node(self.network, name, name)
            self.yishi("join", ticket, "--data", node.data)
            node.start()
            self.network.nodes[name] = node
            nodes.append(node)
            if name == "first":
                wait_until("the first is admitted", node.admitted)
        wait_until("the second is told", lambda: nodes[1].status()["joining"] == "ticket.used")
        wait_until("the operator is told", lambda: any(
            one["rule"] == "ticket.used" for one in self.city.yishi("refusals")["refusals"]))
        check(not nodes[1].admitted(), "a ticket worked twice")
        del district

    def living(self):
        """撤村并镇, tried before it is done; then a plan from a new divisions file."""
        merge = ["topology", "merge", ONE, "--into", TWO, "--name", "并村"]
        before = self.version()
        tried = self.city.yishi(*merge, "--dry-run")
        check(self.version() == before, "a dry run changed something")
        check(any("撤销" in effect["zh"] for effect in tried["effects"]), f"{tried}")
        self.city.yishi(*merge)
        shown = self.city.yishi("topology", "show", "--unit", ONE)
        check(shown["tree"]["retired"] and shown["history"][0]["name"] == "一村", f"{shown}")
        self.unchanged("unit.retired", "topology", "rename", ONE, "x")

        new = DIVISIONS.replace(f"{ONE},一村,village,{TOWN}\n", "")
        new = new.replace("二村", "并村").replace(f"{FAR},远村", "320804001009,远村")
        new += f"320804001002,新村,village,{OTHER_TOWN}\n"
        plan = self.path("plan.txt")
        made = self.city.yishi("topology", "plan", self.write("new.csv", new), "--out", plan)
        check(made["undecided"] == 0 and made["operations"] == 3, f"{made}")
        check(self.city.yishi("topology", "apply", plan, "--dry-run")["effects"], "no effects")
        self.city.yishi("topology", "apply", plan)
        again = self.city.yishi("topology", "apply", plan)
        check(again["done"] == 0, "a plan is carried out twice")
        check(self.city.yishi("topology", "plan", self.path("new.csv"))["operations"] == 0, "plan")
        check(self.city.yishi("topology", "show", "--unit", FAR)["tree"]["retired"], "recoded")

    def sheets(self):
        sheet, table = self.path("sheet.html"), self.path("tickets.csv")
        made = self.city.yishi("topology", "ticket", "--under", OTHER, "--level", "village",
                               "--sheet", sheet, "--csv", table)
        with open(sheet, encoding="utf-8") as file:
            page = file.read()
        check(page.count("<svg") == len(made["tickets"]) == 2, "a QR code for each village")
        check("http" not in page.replace("http://www.w3.org/2000/svg", ""), "refers outside")
        with open(table, encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        check([row["ticket"] for row in rows] == [one["ticket"] for one in made["tickets"]], "csv")
        check(os.stat(sheet).st_mode & 0o077 == 0, "others may read the sheet")

    def play(self):
        self.create()
        self.trust()
        self.bad_input()
        self.second_use()
        self.living()
        self.sheets()
        for node in self.network.nodes.values():
            check(node.yishi("verify")["ok"], f"{node.name} verifies")
        self.network.stop()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--yishi", default=os.path.join(ROOT, "build/yishi"))
    folder = tempfile.mkdtemp(prefix="yishi-operators-")
    story = Story(parser.parse_args().yishi, folder)
    try:
        story.play()
    except (Failed, Refused) as fault:
        print(f"operators: {fault} {getattr(fault, 'problem', '')}", file=sys.stderr)
        for node in story.network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    print("operators: all as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
