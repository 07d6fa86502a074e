"""Stories: a year of a small network in a readable file, played with real daemons.

  stories.py [--build FOLDER] [--shuffle PROGRAM] [--keep] STORY…      (stories/*.story)

A line is one of these; words are separated as in a shell, # begins a remark:

  policy FILE                       of node/deliberation/policies
  unit CODE NAME LEVEL [PARENT] [node]
  DATE TIME PLACE COMMAND… [= NAME] what the people of PLACE do; the issue it makes is NAME from now on
  DATE TIME PLACE COMMAND… ! RULE   and it is refused by this rule
  DATE TIME see PLACE ISSUE KEY=VALUE…
  DATE TIME table PLACE COMMAND…    followed by the expected table, lines that begin with |

NAMEs of issues and places stand for their numbers and codes wherever they are words of a command.
In `see` a KEY is a path into the issue (stage.id, holder.name, custody.0.name), and holds when the
place's node comes to show it; `see` without KEY asks that the node has the issue. A table names in its head the
columns of the answer's `lines` that are compared; its rows are all lines that there are.

At the end every node must show every issue alike, `yishi verify` must find no fault, and the top
node's records, folded in many random orders (shuffle.cpp), must come to the same states.
"""

import argparse
import datetime
import os
import re
import shlex
import subprocess
import sys
import tempfile

from network import Failed, Refused, wait_until
from year import YearNetwork, YearNode

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
POLICIES = os.path.join(ROOT, "node/deliberation/policies")
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) (.*)")
# What a node says of an issue that has not come to it yet, or not all of it.
NOT_YET = ("issue.unknown", "act.holder", "act.stage")


def at_path(value, path):
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)] if int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, dict) else None
    return value


def shown(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


class Script:
    """The file, read; says the line of what it does not understand."""

    def __init__(self, path):
        self.path, self.policy, self.units, self.steps = path, None, [], []
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                self.read(number, text.strip())

    def read(self, number, text):
        if text.startswith("|"):
            self.steps[-1]["rows"].append([cell.strip() for cell in text.strip("|").split("|")])
            return
        timed = MOMENT.match(text)
        if timed:
            when = datetime.datetime.fromisoformat(f"{timed[1]}T{timed[2]}")
            words = shlex.split(timed[3], comments=True)
            self.steps.append({"line": number, "when": when, "words": words, "rows": []})
            return
        words = shlex.split(text, comments=True)
        if not words:
            return
        if words[0] == "policy" and len(words) == 2:
            self.policy = os.path.join(POLICIES, words[1])
        elif words[0] == "unit" and len(words) in (4, 5, 6):
            node = words[-1] == "node"
            code, name, level, *parent = words[1:len(words) - node]
            self.units.append({"code": code, "name": name, "level": level,
                               "parent": parent[0] if parent else "", "node": node})
        else:
            raise Failed(f"{self.path}:{number}: not understood: {text}")


class Player:
    def __init__(self, script, program, folder):
        self.script, self.names = script, {u["name"]: u["code"] for u in script.units}
        self.nodes, self.issues = {}, {}
        divisions = os.path.join(folder, "divisions.csv")
        with open(divisions, "w", encoding="utf-8") as file:
            file.write("code,name,level,parent\n")
            for unit in script.units:
                file.write(f"{unit['code']},{unit['name']},{unit['level']},{unit['parent']}\n")
        self.network = YearNetwork(program, divisions, script.policy, folder=folder)
        self.network.set_clock(script.steps[0]["when"])

    def build(self):
        root = self.network.create(YearNode)
        self.nodes[root.name] = root
        rest = [u for u in self.script.units if u["node"] and u["code"] != root.code]
        while rest:
            # Those whose nearest unit above with a node is up.
            ready = [u for u in rest if self.keeper(u["parent"]) in self.network.nodes]
            for node in self.network.join([u["code"] for u in ready], kind=YearNode):
                self.nodes[node.name] = node
            rest = [u for u in rest if u not in ready]

    def keeper(self, code):
        by_code = {u["code"]: u for u in self.script.units}
        while not by_code[code]["node"]:
            code = by_code[code]["parent"]
        return code

    def node(self, place):
        if place not in self.names:
            raise Failed(f"no such place: {place}")
        return self.network.nodes[self.keeper(self.names[place])]

    def words(self, words):
        return [self.issues.get(w, self.names.get(w, w)) for w in words]

    def play(self):
        for step in self.script.steps:
            try:
                self.network.set_clock(step["when"])
                self.step(step)
            except (Failed, Refused) as fault:
                problem = getattr(fault, "problem", "")
                raise Failed(f"{self.script.path}:{step['line']}: {fault} {problem}") from fault

    def step(self, step):
        words = step["words"]
        if words[0] == "see":
            return self.see(words[1], words[2], words[3:])
        if words[0] == "table":
            return self.table(words[1], words[2:], step["rows"])
        place, words = words[0], words[1:]
        if len(words) > 1 and words[-2] == "!":
            return self.refused(place, words[:-2], words[-1])
        name = words[-1] if len(words) > 1 and words[-2] == "=" else None
        answer = self.done(place, words[:-2] if name else words)
        if name:
            self.issues[name] = answer["id"]
        return None

    def attempt(self, place, words):
        return self.node(place).yishi(*self.words(words))

    def done(self, place, words):
        """What needs something that is still on its way is tried until that is here."""
        last = []

        def try_once():
            try:
                return self.attempt(place, words)
            except Refused as refusal:
                if refusal.rule not in NOT_YET:
                    raise
                last[:] = [refusal]
                return None

        try:
            return wait_until(f"{place} can: {' '.join(words)}", try_once, 20)
        except Failed as fault:
            raise Failed(f"{fault}: {last[0] if last else ''}") from fault

    def refused(self, place, words, rule):
        def refused_so():
            try:
                self.attempt(place, words)
            except Refused as refusal:
                if refusal.rule == rule:
                    return True
                if refusal.rule in NOT_YET:
                    return False
                raise
            raise Failed(f"not refused by {rule}: {' '.join(words)}")
        wait_until(f"{place} is refused by {rule}: {' '.join(words)}", refused_so, 20)

    def see(self, place, name, wanted):
        node, issue, last = self.node(place), self.issues[name], {}

        def holds():
            found = node.issue(issue)
            if found is None:
                return False
            for one in wanted:
                path, _, value = one.partition("=")
                last[path] = shown(at_path(found, path))
                if last[path] != value:
                    return False
            return True
        try:
            wait_until(f"{place} sees {name} {' '.join(wanted)}", holds, 20)
        except Failed as fault:
            raise Failed(f"{fault}; it shows {last}") from fault

    def table(self, place, words, rows):
        node, (head, *expected) = self.node(place), rows
        last = []

        def agrees():
            answer = node.yishi(*self.words(words))
            last[:] = [[shown(at_path(line, key)) for key in head] for line in answer["lines"]]
            return last == expected
        try:
            wait_until(f"{place}: {' '.join(words)}", agrees, 30)
        except Failed as fault:
            found = "\n".join("| " + " | ".join(row) + " |" for row in last)
            raise Failed(f"{fault}; it shows\n{found}") from fault

    def settle(self):
        """All is received, and whoever shows an issue shows it as its holder's node does."""
        for node in self.nodes.values():
            wait_until(f"{node.name}: all is received", node.received)
        keys = ("stage", "holder", "number", "result", "budget_fen", "escalations", "assignments")
        for name, issue in self.issues.items():
            def alike(issue=issue):
                views = [found for node in self.nodes.values() if (found := node.issue(issue))]
                states = [[view.get(key) for key in keys] + [len(view["timeline"])]
                          for view in views]
                return states and all(state[:-1] == states[0][:-1] for state in states)
            wait_until(f"every node shows {name} alike", alike)
        for node in self.nodes.values():
            if not node.yishi("verify")["ok"]:
                raise Failed(f"{node.name}: verify finds faults")


def play(path, program, shuffle, keep):
    script = Script(path)
    name = os.path.splitext(os.path.basename(path))[0]
    folder = tempfile.mkdtemp(prefix=f"yishi-{name}-")
    player = Player(script, program, folder)
    try:
        player.build()
        player.play()
        player.settle()
        player.network.stop()
        if shuffle:
            subprocess.run([shuffle, player.network.root.data], check=True)
        print(f"{name}: {len(script.steps)} steps, {len(player.issues)} issues, "
              f"{len(player.nodes)} nodes, as told", flush=True)
    finally:
        for node in player.network.nodes.values():
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        if not keep:
            player.network.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="folder with the built programs")
    parser.add_argument("--shuffle", help="the program that folds a store in other orders")
    parser.add_argument("--keep", action="store_true", help="keep the nodes' folders")
    parser.add_argument("stories", nargs="+")
    options = parser.parse_args()
    try:
        for path in options.stories:
            play(path, os.path.join(ROOT, options.build, "yishi"), options.shuffle, options.keep)
    except (Failed, Refused, subprocess.CalledProcessError) as fault:
        print(f"FAILED: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
