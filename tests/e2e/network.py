"""A network of real daemons on loopback: one process a node, driven through the command line.

A Node is a data directory and, while it runs, a process that was started here and is ended
here by its pid. Everything a node is asked goes through `yishi --json`; a refusal becomes
the exception Refused, with the rule and the field that the program named.
"""

import contextlib
import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Failed(Exception):
    """Something the story expects did not come true."""


class Refused(Exception):
    def __init__(self, problem, code):
        super().__init__(problem.get("zh") or problem.get("detail") or str(problem))
        self.rule = problem.get("rule", "")
        self.field = problem.get("field", "")
        self.problem = problem
        self.code = code


def free_ports(count):
    """Ports nobody listens on; taken together, so that no two are the same."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def wait_until(what, question, seconds=60):
    """Asks until the answer is true; raises Failed with `what` when time is up."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s in vain: {what}")
        time.sleep(0.1)


class Node:
    def __init__(self, network, code, name, port=None):
        self.network, self.code, self.name = network, code, name
        self.endpoint = f"tcp://127.0.0.1:{port}" if port else ""
        self.data = os.path.join(network.folder, code)
        self.log = os.path.join(network.folder, code + ".log")
        self.process = None

    def yishi(self, *arguments, check=True, timeout=120):
        return self.network.yishi("--data", self.data, *arguments, check=check, timeout=timeout)

    def arguments(self):
        """More for `yishi serve`."""
        return []

    def prefix(self):
        """What stands before the program's name when it is started."""
        return []

    def start(self, wait=True):
        if self.process and self.process.poll() is None:
            raise Failed(f"{self.name} runs already")
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix(), self.network.program, "--data", self.data, "serve", "--status-interval",
                 str(self.network.status_interval_s), *self.arguments()],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if wait:
            wait_until(f"{self.name} ({self.code}) serves; see {self.log}", self.serves, 60)

    def serves(self):
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8", errors="replace") as log:
                raise Failed(f"{self.name} ended with {self.process.returncode}: {log.read()[-2000:]}")
        try:
            self.status()
            return True
        except Refused:
            return False

    def status(self):
        return self.yishi("status")

    def admitted(self):
        return self.status()["admitted"]

    def received(self):
        """上级已收: the parent's receipt covers everything."""
        return self.status()["waiting"]["state"] in ("received", "top")

    def issue(self, issue):
        try:
            return self.yishi("issue", "show", issue)
        except Refused as refusal:
            if refusal.rule == "issue.unknown":
                return None
            raise

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            if self.process.wait(60) != 0:
                raise Failed(f"{self.name} stopped with {self.process.returncode}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)


class PagedNode(Node):
    """A node that serves pages to browsers on loopback, on the same port after every start."""

    http = None

    def arguments(self):
        self.http = self.http or free_ports(1)[0]
        return ["--http", str(self.http)]

    @property
    def address(self):
        return f"http://127.0.0.1:{self.http}"

    def first_link(self):
        """The one-time link that makes the first account, as the node printed it."""
        def printed():
            with open(self.log, encoding="utf-8", errors="replace") as log:
                return re.findall(r"https?://\S+/first#\S+", log.read())
        return wait_until(f"{self.name} prints its link", printed)[-1]

    def add_account(self, name, roles, password):
        path = os.path.join(self.network.folder, "password")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                  encoding="utf-8") as file:
            file.write(password)
        wanted = [part for role in roles for part in ("--role", role)]
        self.yishi("account", "add", name, *wanted, "--password-file", path)


class Network:
    """Nodes in a folder of their own under the system's temporary folder."""

    def __init__(self, program, divisions, policy, suite="ed25519", status_interval_s=1,
                 folder=None):
        self.program, self.divisions, self.policy, self.suite = program, divisions, policy, suite
        self.status_interval_s = status_interval_s
        self.folder = folder or tempfile.mkdtemp(prefix="yishi-")
        self.nodes = {}
        # In a sanitized build the search for leaks would cost each short call more than the
        # call itself; the daemons are searched.
        self.client_env = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}
        with open(divisions, encoding="utf-8-sig", newline="") as file:
            self.units = {row["code"]: row for row in csv.DictReader(file)}

    def yishi(self, *arguments, check=True, timeout=120):
        done = subprocess.run([self.program, "--json", *arguments], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=timeout, env=self.client_env)
        try:
            answer = json.loads(done.stdout) if done.stdout.strip() else {}
        except json.JSONDecodeError:
            raise Failed(f"not JSON: {' '.join(arguments)}: {done.stdout[:500]} {done.stderr[:500]}")
        if check and done.returncode != 0:
            raise Refused(answer or {"detail": done.stderr}, done.returncode)
        return answer

    def create(self, kind=Node):
        (root,) = [code for code, unit in self.units.items() if not unit["parent"]]
        (port,) = free_ports(1)
        node = kind(self, root, self.units[root]["name"], port)
        self.yishi("topology", "create", "--data", node.data, "--divisions", self.divisions,
                   "--name", node.name, "--suite", self.suite, "--policy", self.policy,
                   "--bind", node.endpoint)
        self.root = self.nodes[root] = node
        node.start()
        return node

    def ticket(self, codes):
        """One-time tickets for units, made by the operator at the root: {code: text}."""
        arguments = [part for code in codes for part in ("--unit", code)]
        answer = self.root.yishi("topology", "ticket", *arguments)
        return {one["unit"]: one["ticket"] for one in answer["tickets"]}

    def join(self, codes, children=True, kind=Node):
        """Nodes for units whose parents run; waits until they are in."""
        for code, ticket in self.ticket(codes).items():
            port = free_ports(1)[0] if children else None
            node = kind(self, code, self.units[code]["name"], port)
            bind = ["--bind", node.endpoint] if port else []
            self.yishi("join", ticket, "--data", node.data, *bind)
            self.nodes[code] = node
            node.start()
        for code in codes:
            wait_until(f"{self.units[code]['name']} is admitted", self.nodes[code].admitted)
        return [self.nodes[code] for code in codes]

    def stop(self):
        """Everything that runs, leaves first; says who did not stop cleanly."""
        faults = []
        for node in reversed(list(self.nodes.values())):
            try:
                node.stop()
            except (Failed, subprocess.TimeoutExpired) as fault:
                faults.append(str(fault))
                if node.process.poll() is None:
                    node.kill()
        if faults:
            raise Failed("; ".join(faults))

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
