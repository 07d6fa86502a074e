"""Four yishi nodes in a chain (village, township, district, city), three hops, on loopback.

The workload and the output keys are those of the peers' benchmark, so that a line of this
stands beside theirs: R records are in the leaf before its link is switched on; the clock
runs until the root has them all on disk (every hop syncs before it acknowledges, checks
every digest and one signature a run, and is encrypted); all are then read back from the
root and compared byte for byte; then single records, one at a time.

  R=200000 SAMPLES=200 SUITE=ed25519|sm2 python3 chain.py --build BUILD [--peers FOLDER]
Prints one JSON line last.
"""

import argparse
import json
import os
import socket
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))

from network import Network, Node, free_ports, wait_until  # noqa: E402
import measure  # noqa: E402

CHAIN = ["320803001001", "320803001000", "320803000000", "320800000000"]  # leaf first
LINES_A_REQUEST = 1000


class Api:
    """HTTP over a node's Unix socket, one connection kept."""

    def __init__(self, data):
        self.path, self.socket = os.path.join(data, "api.sock"), None

    def call(self, method, target, body=b""):
        for attempt in (1, 2):
            try:
                if not self.socket:
                    self.socket = socket.socket(socket.AF_UNIX)
                    self.socket.connect(self.path)
                    self.file = self.socket.makefile("rb")
                self.socket.sendall(f"{method} {target} HTTP/1.1\r\nHost: node\r\n"
                                    "Content-Type: application/json\r\n"
                                    f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
                return self.read()
            except (BrokenPipeError, ConnectionError, EOFError):
                self.socket = None
                if attempt == 2:
                    raise

    def read(self):
        status = self.file.readline()
        if not status:
            raise EOFError
        length = 0
        close = False
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
            close |= name.lower() == "connection" and value.strip().lower() == "close"
        body = json.loads(self.file.read(length) or b"null")
        if close:
            self.socket.close()
            self.socket = None
        if not status.split()[1].startswith(b"2"):
            raise SystemExit(f"{status.decode().strip()}: {body}")
        return body

    def note(self, lines):
        return self.call("POST", "/api/v1/journal",
                         json.dumps({"lines": lines}, ensure_ascii=False).encode())

    def journal(self, after, limit):
        return self.call("GET", f"/api/v1/journal?after={after}&limit={limit}")

    def records(self):
        return self.call("GET", "/api/v1/status")["counts"]["records"]


def start_timed(node):
    """Seconds from the start of the process to its first answer."""
    begin = time.perf_counter()
    node.start()
    return time.perf_counter() - begin


def fill(network, leaf, lines):
    """All lines into the leaf while it has no line to its parent."""
    leaf.start_alone()
    api, begin = Api(leaf.data), time.perf_counter()
    for at in range(0, len(lines), LINES_A_REQUEST):
        api.note(lines[at:at + LINES_A_REQUEST])
    seconds = time.perf_counter() - begin
    leaf.stop()
    return seconds


def read_back(api, lines):
    """Every line from the root, in order, compared byte for byte."""
    at, seen = 0, 0
    while True:
        page = api.journal(at, 10_000)
        for one in page["lines"]:
            if one["line"] != lines[seen]:
                raise SystemExit(f"record {seen + 1} differs at the root")
            seen += 1
        if page["end"]:
            break
        at = page["next"]
    if seen != len(lines):
        raise SystemExit(f"the root has {seen} of {len(lines)} records")


def latencies(leaf, root, lines, samples):
    found = []
    for k in range(samples):
        time.sleep(0.02 + (k % 10) / 1000)
        want = root.records() + 1
        begin = time.perf_counter()
        leaf.note([lines[k % len(lines)]])
        while root.records() < want:
            if time.perf_counter() - begin > 15:
                raise SystemExit("a single record was lost")
        found.append((time.perf_counter() - begin) * 1000)
    return sorted(found)


class LeafNode(Node):
    """A node that can also be started with a parent that does not answer."""

    def start_alone(self):
        self.alone = True
        self.start()
        self.alone = False

    def arguments(self):
        return ["--parent", "tcp://127.0.0.1:9"] if getattr(self, "alone", False) else []


def build_chain(network):
    network.create()
    for code in reversed(CHAIN[:-1]):
        network.join([code], children=code != CHAIN[0], kind=LeafNode if code == CHAIN[0] else Node)
    return [network.nodes[code] for code in CHAIN]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--peers", help="folder of the peers' benchmark: its records are used")
    options = parser.parse_args()
    count, samples = int(os.environ.get("R", "200000")), int(os.environ.get("SAMPLES", "200"))
    suite = os.environ.get("SUITE", "ed25519")
    lines = measure.records(count, options.peers)
    network = Network(os.path.join(options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"), suite,
                      status_interval_s=15)
    try:
        nodes = build_chain(network)
        leaf, root = nodes[0], nodes[-1]
        leaf.stop()
        fill_s = fill(network, leaf, lines)
        time.sleep(1)
        api = Api(root.data)
        others = [n.process for n in nodes[1:]]
        cpu = measure.cpu(others)
        begin = time.perf_counter()
        leaf.start(wait=False)
        peak = 0
        while api.records() < count:
            if time.perf_counter() - begin > 120:
                raise SystemExit("catch-up not done in 120 s")
            peak = max(peak, sum(measure.pss(n.process) for n in nodes))
            time.sleep(0.02)
        catchup_s = time.perf_counter() - begin
        processes = [n.process for n in nodes]
        cpu = measure.cpu(processes) - cpu
        memory = sum(measure.pss(p) for p in processes)
        read_back(api, lines)
        found = latencies(Api(leaf.data), api, lines, samples)
        leaf.stop()
        start_s = start_timed(leaf)
        time.sleep(2)
        result = {
            "peer": "yishi", "variant": f"{suite}, journal, signed, verified, encrypted",
            "records": count, "leaf_fill_rps": round(count / fill_s),
            "catchup_s": round(catchup_s, 3), "catchup_rps": round(count / catchup_s),
            "latency_samples": samples, "latency_p50_ms": round(found[len(found) // 2], 3),
            "latency_p99_ms": round(found[int(len(found) * 0.99)], 3),
            "latency_max_ms": round(found[-1], 3),
            "verified": "every record read back from the root in order and compared",
            "server_cpu_s_catchup": round(cpu, 2), "mem_pss_bytes": memory,
            "mem_pss_peak_bytes": max(peak, memory), "root_disk_bytes": measure.disk(root.data),
            "idle_village_rss_bytes": measure.rss(leaf.process),
            "start_to_serving_ms": round(start_s * 1000), "fsync_before_ack": True,
            "notes": "acknowledged at each hop after fsync; CURVE on every line; catch-up "
                     "includes the start of the leaf's process and its greeting",
        }
        network.stop()
        print(json.dumps(result, ensure_ascii=False), flush=True)
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        network.remove()


if __name__ == "__main__":
    main()
