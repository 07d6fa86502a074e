"""What the benchmarks measure with: the workload, and what processes cost."""

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time


def records(count, peers=None):
    """`count` lines of JSON, about 289 bytes each, deterministic. With the folder of the peers'
    benchmark, its own file, so that all contenders carry the same bytes."""
    if peers:
        sys.path.insert(0, os.path.abspath(peers))
        import common
        signal.alarm(0)  # its watchdog is meant for its own scripts
        with open(common.records(count), encoding="utf-8") as file:
            return file.read().splitlines()
    rnd = random.Random(20261121)
    where = ["一组", "二组", "三组", "东头", "西头", "学校旁"]
    what = ["路灯不亮", "水渠渗漏", "道路破损", "井盖缺失", "垃圾清运不及时", "电线低垂"]
    done = ["已拍照", "已报网格员", "待镇水利站核实", "费用由集体承担", "计划本周开会商量"]
    lines = []
    for i in range(count):
        text = "，".join([rnd.choice(where) + rnd.choice(what), *rnd.choices(done, k=3),
                         f"涉及{rnd.randrange(1, 99)}户", f"编号{rnd.getrandbits(80):020x}"])
        line = f'{{"n":{i + 1},"t":{1795000000000 + i * 977},"text":"{text}"}}'
        lines.append(line + " " * max(0, 289 - len(line.encode())))
    return lines


def _field(process, file, name):
    with open(f"/proc/{process.pid}/{file}", encoding="ascii") as lines:
        for line in lines:
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return 0


def pss(process):
    """Proportional memory of a process: pages shared with others are counted once."""
    return _field(process, "smaps_rollup", "Pss")


def rss(process):
    return _field(process, "status", "VmRSS")


def peak_rss(process):
    """The largest it ever was."""
    return _field(process, "status", "VmHWM")


def cpu(processes):
    """User and system seconds that the processes have used."""
    ticks = 0
    for process in processes:
        with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def disk(folder):
    """Allocated bytes of a folder's files."""
    return sum(os.lstat(os.path.join(root, name)).st_blocks * 512
               for root, _, names in os.walk(folder) for name in names)


class Syncs:
    """Counts the syncs of processes by the kernel's own trace points (perf, as root), which
    costs them nothing that shows. Nothing where there is no perf: stop() gives None then."""

    EVENTS = "syscalls:sys_enter_fdatasync,syscalls:sys_enter_fsync"

    def __init__(self, processes):
        self.counters = []
        if not shutil.which("perf") or os.geteuid() != 0:
            return
        for process in processes:
            self.counters.append(subprocess.Popen(
                ["perf", "stat", "-x", ",", "-e", self.EVENTS, "-p", str(process.pid)],
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
        time.sleep(0.5 if self.counters else 0)  # perf says nothing when it has begun

    def stop(self):
        """Syncs of each process, in their order."""
        for counter in self.counters:
            counter.send_signal(signal.SIGINT)
        found = []
        for counter in self.counters:
            lines = [line.split(",") for line in counter.communicate(timeout=20)[1].splitlines()]
            counts = [fields[0] for fields in lines if len(fields) > 2 and "sync" in fields[2]]
            if len(counts) != 2 or not all(count.isdigit() for count in counts):
                return None
            found.append(sum(map(int, counts)))
        return found or None


def wire(port):
    """Bytes that the client of the one connection to a loopback port has sent and received: what
    TCP carries, its headers apart. None where `ss` is missing."""
    if not shutil.which("ss"):
        return None
    text = subprocess.run(["ss", "-tinH", "state", "established", f"dport = :{port}"],
                          capture_output=True, text=True, check=True).stdout
    return tuple(sum(map(int, re.findall(rf"\b{name}:(\d+)", text)))
                 for name in ("bytes_sent", "bytes_received"))


class Reader:
    """Another process's eyes on a node's store while it runs: it reads and never writes."""

    def __init__(self, data):
        self.db = sqlite3.connect(f"file:{os.path.join(data, 'store.db')}?mode=ro", uri=True,
                                  isolation_level=None)
        self.db.execute("PRAGMA query_only = ON")

    def number(self, question):
        return self.db.execute(question).fetchone()[0]

    def records(self):
        return self.number("SELECT sum(records) FROM log")

    def issues(self):
        return self.number("SELECT count(*) FROM issue WHERE transitions > 0")
