"""How long reads of the API take while many ask and records come in: one node, N issues, 64
clients on its socket, each asking at its own pace, and one that notes the journal at a rate.

A client asks when its time has come, whether or not the answer before was late, so that a stall
is counted by all who would have asked in it. Prints one line of JSON.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "tests/e2e"), os.path.join(ROOT, "tests/faults")]
from api import Api  # noqa: E402
from network import Network  # noqa: E402

PROCESSES = 8  # of clients: Python runs one thread of a process at a time
BATCH = 1000   # records of one request


class Kept(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("node", timeout=60)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def targets(ids):
    """What a clerk's page asks for, in about the shares in which it does."""
    word = urllib.parse.quote("路灯")
    return ([("list", "issues?limit=50")] * 3 + [("open", "issues?open=1&limit=50")] * 2 +
            [("search", f"issues?limit=50&q={word}")] +
            [("issue", "issues/" + one) for one in random.sample(ids, 4)])


def ask(path, asks, pace_s, seconds, seed, found):
    random.seed(seed)
    connection = Kept(path)
    start = time.monotonic()
    due = start + random.random() * pace_s
    while due < start + seconds:
        time.sleep(max(0, due - time.monotonic()))
        kind, target = random.choice(asks)
        connection.request("GET", "/api/v1/" + target)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{target}: {answer.status}")
        found.append((kind, time.monotonic() - due))
        due += pace_s


def clients(path, asks, count, pace_s, seconds, seed, out):
    found = []
    threads = [threading.Thread(target=ask, args=(path, asks, pace_s, seconds, seed + i, found))
               for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out.put(found)


def note(data, rate, seconds, out):
    api, sent, slowest = Api(data), 0, 0.0
    lines = {"lines": ["路灯不亮，已拍照，计划本周开会商量，涉及三户，编号" + "0" * 40] * BATCH}
    start = time.monotonic()
    while (now := time.monotonic()) < start + seconds:
        if sent > rate * (now - start):
            time.sleep(0.005)
            continue
        api.post("journal", lines)
        slowest = max(slowest, time.monotonic() - now)
        sent += BATCH
    out.put((sent / seconds, slowest))


def fill(api, count):
    words = ["路灯不亮", "水渠渗漏", "道路破损", "井盖缺失", "垃圾清运不及时", "电线低垂"]
    for first in range(0, count, 1000):
        api.post("import", {"issues": [
            {"title": f"{words[i % 6]}{i}", "text": "已拍照，计划本周开会商量", "category": "公共设施",
             "key": str(i)} for i in range(first, min(first + 1000, count))]})


def quantile(sorted_s, share):
    return round(1000 * sorted_s[min(len(sorted_s) - 1, int(share * len(sorted_s)))], 1)


def measured(data, options):
    api = Api(data)
    fill(api, options.issues)
    ids = [one["id"] for one in api.get("issues", limit=1000)["issues"]]
    asks, out, noted = targets(ids), multiprocessing.Queue(), multiprocessing.Queue()
    each = options.clients // PROCESSES
    running = [multiprocessing.Process(target=clients, args=(
        api.path, asks, each, options.pace, options.seconds, 1000 * i, out)) for i in range(PROCESSES)]
    running.append(multiprocessing.Process(target=note, args=(
        data, options.records, options.seconds, noted)))
    for one in running:
        one.start()
    found = [row for _ in range(PROCESSES) for row in out.get()]
    rate, slowest = noted.get()
    for one in running:
        one.join()
    line = {"benchmark": "api", "issues": options.issues, "clients": PROCESSES * each,
            "reads_per_s": round(len(found) / options.seconds), "records_per_s": round(rate),
            "slowest_write_ms": round(1000 * slowest), "cores": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1)}
    for kind in ("all", "list", "open", "search", "issue"):
        times = sorted(seconds for one, seconds in found if kind in ("all", one))
        line[kind] = {"p50_ms": quantile(times, 0.5), "p99_ms": quantile(times, 0.99),
                      "most_ms": quantile(times, 1)}
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=60, help="at most 64 get in")
    parser.add_argument("--pace", type=float, default=0.5, help="seconds between two reads of one client")
    parser.add_argument("--records", type=int, default=10_000, help="a second that come in")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    network = Network(os.path.join(ROOT, options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"))
    try:
        city = network.create()
        print(json.dumps(measured(city.data, options), ensure_ascii=False))
        network.stop()
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
        network.remove()


if __name__ == "__main__":
    main()
