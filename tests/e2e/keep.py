"""Keeping and bringing back, with real daemons: a backup that is taken while the node writes, a
disk that is lost, a restore from the stale backup, and everything there again without a fork.

  python3 keep.py --yishi build/yishi
"""

import argparse
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

from network import Failed, Network, Node, Refused, wait_until  # noqa: E402

CITY, DISTRICT, TOWN = "320800000000", "320803000000", "320803001000"
DIVISIONS = f"""code,name,level,parent
{CITY},淮安市,city,
{DISTRICT},淮安区,district,{CITY}
{TOWN},甲镇,township,{DISTRICT}
"""


def check(question, what):
    if not question:
        raise Failed(what)


def refused(rule, call, *arguments):
    try:
        call(*arguments)
    except Refused as refusal:
        check(refusal.rule == rule, f"refused with {refusal.rule}, not {rule}: {refusal.problem}")
        check(refusal.problem.get("zh") and refusal.problem.get("en"), f"{rule}: a language lacks")
        return
    raise Failed(f"not refused: {rule} {arguments}")


class Keeper(Node):
    extra = ()

    def arguments(self):
        return list(self.extra)


class Story:
    def __init__(self, program, folder):
        self.folder = folder
        self.secret = self.write("pass.txt", "八个字节以上的口令\n")
        self.wrong = self.write("wrong.txt", "another passphrase\n")
        policy = os.path.join(ROOT, "node/deliberation/policies/huaian.toml")
        self.network = Network(program, self.write("d.csv", DIVISIONS), policy, folder=folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def restore(self, backup, data, *more, secret=None):
        return self.network.yishi("--data", data, "restore", backup, "--backup-passphrase-file",
                                  secret or self.secret, *more)

    def log(self, node, title):
        return node.yishi("issue", "log", "--title", title, "--category", "environment",
                          "--source", "raised")["issue"]["id"]

    def play(self):
        city = self.network.create(kind=Keeper)
        (district,) = self.network.join([DISTRICT], kind=Keeper)
        (town,) = self.network.join([TOWN], kind=Keeper)
        before = self.log(district, "备份之前")
        below = self.log(town, "下级的事")
        wait_until("the district has it", lambda: district.issue(below))
        made = district.yishi("backup", "--to", self.path("kept"), "--backup-passphrase-file",
                              self.secret)
        backup = made["path"]
        check(os.stat(backup).st_mode & 0o077 == 0, "others may read the backup")
        check(district.status()["backup"]["age_s"] < 600, "the status knows of the backup")
        with open(backup, "rb") as file:
            bytes_of = file.read()
        check("备份之前".encode() not in bytes_of and b"PRIVATE" not in bytes_of, "it is in clear")

        # What is written after the backup, and received by the parent; then the disk is lost.
        after = self.log(district, "备份之后")
        later = self.log(town, "后来的事")
        wait_until("the city has it", lambda: city.issue(after) and city.issue(later))
        district.kill()
        shutil.rmtree(district.data)

        self.faults(backup, bytes_of, district)
        self.read_only(backup, district)
        ticket = self.network.ticket([DISTRICT])[DISTRICT]
        refused("ticket.other", self.restore, backup, self.path("other"), "--ticket",
                self.network.ticket([TOWN])[TOWN])
        self.restore(backup, district.data, "--ticket", ticket, "--bind", district.endpoint)
        district.extra = ("--backup", self.path("daily"), "--backup-passphrase-file", self.secret)
        district.start()
        wait_until("the restored district is admitted", district.admitted)
        for issue in (before, below, after, later):
            wait_until(f"{issue} is there again", lambda issue=issue: district.issue(issue))
        anew = self.log(district, "恢复之后")
        check(anew not in (before, after), "a number is given again")
        wait_until("the parent has what was written after", lambda: city.issue(anew))
        # (The town learns of its parent's new key when it asks the city for the way, after five
        # minutes: the simulator has that.)
        wait_until("a scheduled backup", lambda: os.path.isdir(self.path("daily"))
                   and [one for one in os.listdir(self.path("daily")) if one.endswith(".backup")])
        for node in (city, district, town):
            status = node.status()
            check(not status["forks"] and not status["quarantined"], f"{node.name}: a fork")
            check(node.yishi("verify")["ok"], f"{node.name} verifies")
        self.network.stop()

    def faults(self, backup, bytes_of, node):
        """A wrong passphrase, a changed and a cut file: named, and nothing is made."""
        data = self.path("nothing")
        refused("sealed.passphrase", lambda: self.restore(backup, data, secret=self.wrong))
        at = len(bytes_of) // 2
        for name, content, rule in (
                ("changed", bytes_of[:at] + bytes([bytes_of[at] ^ 1]) + bytes_of[at + 1:],
                 "sealed.passphrase"),
                ("cut", bytes_of[:at], "sealed.format"),
                ("longer", bytes_of + b"x", "sealed.format")):
            with open(self.path(name), "wb") as file:
                file.write(content)
            refused(rule, lambda name=name: self.restore(self.path(name), data))
        check(not os.path.exists(data), "a refused restore left a directory")
        check(not [one for one in os.listdir(self.folder) if "backup-" in one], "left-overs")

    def read_only(self, backup, node):
        """Without a ticket it runs under its old key and signs nothing."""
        self.restore(backup, node.data)
        node.start()
        check(node.status()["read_only"] == "restored", "it says that it only reads")
        refused("node.restored", self.log, node, "不该写下")
        node.stop()
        shutil.rmtree(node.data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--yishi", default=os.path.join(ROOT, "build/yishi"))
    folder = tempfile.mkdtemp(prefix="yishi-keep-")
    story = Story(parser.parse_args().yishi, folder)
    try:
        story.play()
    except (Failed, Refused) as fault:
        print(f"keep: {fault} {getattr(fault, 'problem', '')}", file=sys.stderr)
        return 1
    finally:
        for node in story.network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
    shutil.rmtree(folder, ignore_errors=True)
    print("keep: all as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
