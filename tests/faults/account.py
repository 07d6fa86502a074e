"""What was acknowledged, kept outside the processes that acknowledged it.

Three kinds of promise are written down the moment they are made: a node's answer to a
command (G1), its word 上级已收 (G2), and the identity of an issue. What a killed node has on
its disk is read from a copy of its files, so that the daemon itself finds them as it left
them.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading

from network import Failed


def heads_of(path):
    with contextlib.closing(sqlite3.connect(path, uri=True)) as store:
        store.execute("PRAGMA query_only = ON")
        store.execute("PRAGMA wal_autocheckpoint = 0")
        return {log.hex(): head for log, head in store.execute("SELECT id, head_sequence FROM log")}


def heads_on_disk(data):
    """{log id: last sequence} of a store whose process is dead, with its write-ahead log."""
    with tempfile.TemporaryDirectory(prefix="yishi-dead-") as folder:
        for name in ("store.db", "store.db-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(os.path.join(data, name), os.path.join(folder, name))
        return heads_of(os.path.join(folder, "store.db"))


def issues_known(api):
    """{issue: (title, stage, holder, last transition, facts)} as a running node tells it."""
    return {issue: _state(api.get(f"issues/{issue}")) for issue in api.issue_ids()}


def _state(issue):
    facts = sorted((fact["log"], fact["sequence"], fact["digest"], fact["effect"])
                   for fact in issue["timeline"])
    return issue["title"], issue["stage"]["id"], issue["holder"]["code"], issue["last"], facts


def _check_heads(code, owed, heads):
    for log, sequence in owed.items():
        if heads.get(log, 0) < sequence:
            raise Failed(f"{code} has {heads.get(log, 0)} of {sequence} acknowledged entries of "
                         f"log {log}")


class Account:
    """Thread-safe. Nodes are named by their code, logs by their id in hexadecimal."""

    def __init__(self, logs, parents):
        self.logs, self.parents = logs, parents  # {code: log}, {code: parent's code or None}
        self.lock = threading.Lock()
        self.answered = {code: 0 for code in logs}  # highest sequence of its own log
        self.received = {code: 0 for code in logs}  # … that it said its parent has
        self.lines = {code: set() for code in logs}
        self.doubtful_lines = {code: set() for code in logs}
        self.issues = {}    # id: (home, title)
        self.acts = []      # (issue, log, sequence)
        self.commands = self.unanswered = self.receipts = 0

    # Promises, as they are made.

    def answer(self, code, sequence):
        self.commands += 1
        if sequence <= self.answered[code]:
            raise Failed(f"{code}: sequence {sequence} was answered, after {self.answered[code]}")
        self.answered[code] = sequence

    def noted(self, code, lines, answer):
        with self.lock:
            self.answer(code, answer["sequence"])
            self.lines[code].update(lines)

    def logged(self, code, title, answer):
        with self.lock:
            self.answer(code, answer["sequence"])
            issue = answer["id"]
            if issue in self.issues:
                raise Failed(f"the number {issue} was given twice")
            self.issues[issue] = (code, title)
            self.acts.append((issue, self.logs[code], answer["sequence"]))

    def acted(self, code, issue, answer):
        with self.lock:
            self.answer(code, answer["sequence"])
            self.acts.append((issue, self.logs[code], answer["sequence"]))

    def doubtful(self, code, lines=()):
        with self.lock:
            self.unanswered += 1
            self.doubtful_lines[code].update(lines)

    def sequence(self, code):
        with self.lock:
            return self.answered[code]

    def claimed(self, code, sequence):
        """`code` has said 上级已收, and had answered up to `sequence` before it was asked."""
        with self.lock:
            self.receipts += 1
            self.received[code] = max(self.received[code], sequence)

    def summary(self):
        return (f"{self.commands} commands ({len(self.issues)} issues, {len(self.acts)} acts on "
                f"them, {sum(map(len, self.lines.values()))} lines), {self.unanswered} had no "
                f"answer; {self.receipts} times 上级已收")

    # Held against what is there.

    def owed(self, code):
        """{log: sequence} that the store of `code` must have, by what was said until now."""
        with self.lock:
            owed = {self.logs[code]: self.answered[code]}
            for child, parent in self.parents.items():
                if parent == code:
                    owed[self.logs[child]] = self.received[child]
            return owed

    def check_disk(self, code, data):
        """A dead node's disk has all that it answered, and all that its children call received."""
        owed = self.owed(code)
        _check_heads(code, owed, heads_on_disk(data))

    def check_running(self, code, data):
        """The same of a node that runs, through a reader of its store."""
        owed = self.owed(code)
        _check_heads(code, owed, heads_of(f"file:{data}/store.db?mode=ro"))

    def inside(self, unit, code):
        while unit is not None and unit != code:
            unit = self.parents[unit]
        return unit == code

    def check_issues(self, code, known):
        """A settled node has every issue and every act that was acknowledged at or below it."""
        for issue, (home, title) in self.issues.items():
            if not self.inside(home, code):
                continue
            if issue not in known:
                raise Failed(f"{code} lacks the acknowledged issue {issue}")
            if known[issue][0] != title:
                raise Failed(f"{code}: {issue} is {known[issue][0]}, logged as {title}")
        for issue, log, sequence in self.acts:
            if self.inside(self.issues[issue][0], code) and not any(
                    fact[:2] == (log, sequence) for fact in known[issue][-1]):
                raise Failed(f"{code} lacks the act {sequence} of log {log} on {issue}")

    def check_lines(self, code, api):
        """A settled node has every acknowledged line of its subtree once, and no other."""
        seen = {unit: set() for unit in self.logs}
        for one in api.journal():
            if one["line"] in seen[one["unit"]]:
                raise Failed(f"{code} has this line twice: {one['line']}")
            seen[one["unit"]].add(one["line"])
        for unit, lines in seen.items():
            if not self.inside(unit, code):
                if lines:
                    raise Failed(f"{code} has lines of {unit}, which is not below it")
                continue
            missing = self.lines[unit] - lines
            if missing:
                raise Failed(f"{code} lacks {len(missing)} acknowledged lines of {unit}: "
                             f"{sorted(missing)[:3]}")
            foreign = lines - self.lines[unit] - self.doubtful_lines[unit]
            if foreign:
                raise Failed(f"{code} has lines of {unit} nobody wrote: {sorted(foreign)[:3]}")
