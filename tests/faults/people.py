"""People at every level who use their node while it is being killed, each a thread of its
own with a seeded random source, and write what they were told into the account."""

import collections
import contextlib
import random
import threading
import time

from account import Account
from api import Api, NoAnswer, Refused, Unreachable

# Where a matter starts; with the larger sums the node escalates it by itself.
BUDGETS = (3_000, 8_000, 60_000, 2_200_000)
ACTS = ("comment", "comment", "comment", "propose", "approve", "research", "accept", "escalate")


class Person(threading.Thread):
    """Works on one node until told to stop. What goes wrong in the thread is in `fault`."""

    def __init__(self, node, account: Account, seed, pause_s):
        super().__init__(daemon=True)
        self.code, self.account, self.pause_s = node.code, account, pause_s
        self.api, self.random = Api(node.data), random.Random(seed)
        self.enough, self.fault, self.count = threading.Event(), None, 0
        self.burst = threading.Event()
        self.refusals = collections.Counter()  # by rule

    def run(self):
        try:
            while not self.enough.wait(self.random.uniform(0, self.pause_s)):
                self.step()
        except Exception as error:  # shown by the main thread, with its place
            self.fault = error

    def step(self):
        self.count += 1
        try:
            if self.burst.is_set():
                self.burst.clear()
                self.note(200, 512)
            self.random.choice((self.log, self.act, self.act, self.note, self.ask))()
        except Refused as refusal:  # nothing was written: the account has nothing to remember
            self.refusals[refusal.rule] += 1
        except Unreachable:
            pass

    def note(self, count=None, more_bytes=8):
        lines = [f"{self.code} 第 {self.count} 次 {k} {self.random.randbytes(more_bytes).hex()}"
                 for k in range(count or self.random.randint(1, 5))]
        try:
            self.account.noted(self.code, lines, self.api.post("journal", {"lines": lines}))
        except NoAnswer:
            self.account.doubtful(self.code, lines)

    def log(self):
        title = f"{self.code} 事项 {self.count}"
        body = {"title": title, "text": title, "category": "环境整治", "by": "村委会",
                "budget_yuan": self.random.choice(BUDGETS)}
        try:
            self.account.logged(self.code, title, self.api.post("issues", body))
        except NoAnswer:
            self.account.doubtful(self.code)

    def act(self):
        with self.account.lock:
            known = [issue for issue, (home, _) in self.account.issues.items()
                     if self.account.inside(home, self.code)]
        if not known:
            return
        issue, act = self.random.choice(known[-20:]), self.random.choice(ACTS)
        body = {"by": "村党总支", "text": f"{self.code} {act} {self.count}"}
        try:
            self.account.acted(self.code, issue, self.api.post(f"issues/{issue}/{act}", body))
        except NoAnswer:
            self.account.doubtful(self.code)

    def ask(self):
        """Whether the level above has everything; if so, that is a promise."""
        for _ in range(5):
            before = self.account.sequence(self.code)
            try:
                if self.api.get("status")["waiting"]["state"] == "received":
                    return self.account.claimed(self.code, before)
            except NoAnswer:
                return
            time.sleep(self.random.uniform(0, 0.02))


@contextlib.contextmanager
def at_work(network, account, seed, pause_s):
    """A person at every node: {code: Person}. What went wrong in one is raised at the end."""
    people = {node.code: Person(node, account, seed * 100 + k, pause_s)
              for k, node in enumerate(network.nodes.values())}
    for person in people.values():
        person.start()
    try:
        yield people
    finally:
        for person in people.values():
            person.enough.set()
        for person in people.values():
            person.join(120)
    watch(people)


def watch(people):
    for person in people.values():
        if person.fault:
            raise person.fault
