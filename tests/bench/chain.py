"""Four yishi nodes in a chain (village, township, district, city), three hops, on loopback.

The workload and the output keys are those of the peers' benchmark, so that a line of this
stands beside theirs: R records are in the leaf before its link is switched on; the clock
runs until the root has them all on disk (every hop syncs before it acknowledges, checks
every digest and one signature a run, and is encrypted); all are then read back from the
root and compared byte for byte; then single records, one at a time. What the clock waits for
is seen by a second reader of the root's store, as PostgreSQL's peer is by a second client.

WORKLOAD=issues sends R logged issues instead of lines, and a second clock runs until the
root's lists and reports show every one.

  R=200000 SAMPLES=200 SUITE=ed25519|sm2 python3 chain.py --build BUILD [--peers FOLDER]
Prints one JSON line last.
"""

import argparse
import concurrent.futures
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
CLERKS = 32  # connections of the API are limited


def as_lines(lines):
    return json.dumps({"lines": lines}, ensure_ascii=False).encode()


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
        return self.call("POST", "/api/v1/journal", as_lines(lines))

    def journal(self, after, limit):
        return self.call("GET", f"/api/v1/journal?after={after}&limit={limit}")


def start_timed(node):
    """Seconds from the start of the process to its first answer."""
    begin = time.perf_counter()
    node.start()
    return time.perf_counter() - begin


def fill(leaf, lines):
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


def write_issues(api, lines):
    for line in lines:
        api.call("POST", "/api/v1/issues",
                 json.dumps({"title": line[:60], "text": line, "category": "环境整治"},
                            ensure_ascii=False).encode())


def fill_issues(leaf, lines):
    """One issue a line, each an entry of its own; many clerks at once, so that turns are full."""
    leaf.start_alone()
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(CLERKS) as clerks:
        for done in [clerks.submit(write_issues, Api(leaf.data), lines[k::CLERKS])
                     for k in range(CLERKS)]:
            done.result()
    seconds = time.perf_counter() - begin
    leaf.stop()
    return seconds


def reported(api, count):
    """Whether the root's report and its list, as a user sees them, hold all issues."""
    total = api.call("GET", "/api/v1/report")["total"]["issues"]
    if total != count:
        raise SystemExit(f"the root's report has {total} of {count} issues")
    if len(api.call("GET", "/api/v1/issues?limit=1000")["issues"]) != min(count, 1000):
        raise SystemExit("the root's list is short")


def latencies(leaf, reader, lines, samples):
    """From the start of a write at the leaf until a reader of the root's store sees it, ms."""
    found = []
    for k in range(samples):
        time.sleep(0.02 + (k % 10) / 1000)
        want = reader.records() + 1
        body = as_lines([lines[k % len(lines)]])
        begin = time.perf_counter()
        leaf.call("POST", "/api/v1/journal", body)
        while reader.records() < want:
            if time.perf_counter() - begin > 15:
                raise SystemExit("a single record was lost")
            time.sleep(0.0002)
        found.append((time.perf_counter() - begin) * 1000)
    return sorted(found)


def signatures(nodes):
    """Signatures that the nodes have checked since they started."""
    return sum(Api(node.data).call("GET", "/api/v1/status")["signatures_checked"]
               for node in nodes)


def wire_bytes(nodes):
    """Bytes sent over each hop's line, both ways; None where they cannot be seen."""
    seen = [measure.wire(parent.endpoint.rpartition(":")[2]) for parent in nodes[1:]]
    return None if None in seen else [sum(both) for both in seen]


def catch_up(nodes, count, done):
    """Starts the leaf and waits until the root has all. Seconds, and what it cost."""
    leaf = nodes[0]
    syncs = measure.Syncs([node.process for node in nodes[1:]])
    checked = signatures(nodes[1:])
    used = measure.cpu(node.process for node in nodes[1:])
    begin = sampled = time.perf_counter()
    leaf.start(wait=False)
    peak = 0
    while not done():
        now = time.perf_counter()
        if now - begin > 170:
            raise SystemExit("catch-up not done in 170 s")
        if now - sampled > 0.5:
            peak = max(peak, sum(measure.pss(node.process) for node in nodes))
            sampled = now
        time.sleep(0.005)
    seconds = time.perf_counter() - begin
    processes = [node.process for node in nodes]
    used = measure.cpu(processes) - used
    memory = sum(measure.pss(process) for process in processes)
    synced, sent = syncs.stop(), wire_bytes(nodes)
    return seconds, {
        "server_cpu_s_catchup": round(used, 2), "mem_pss_bytes": memory,
        "mem_pss_peak_bytes": max(peak, memory),
        "syncs_per_record": max(synced) / count if synced else None,
        "wire_bytes_per_record": max(sent) / count if sent else None,
        "signatures_per_record": (signatures(nodes[1:]) - checked) / 3 / count}


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


def syncs_a_record(nodes, lines, reader):
    """Syncs of each node for a single record, counted apart from the timing."""
    syncs = measure.Syncs([node.process for node in nodes])
    latencies(Api(nodes[0].data), reader, lines, 50)
    found = syncs.stop()
    return [count / 50 for count in found] if found else None


def percentile(values, part):
    return round(values[min(len(values) - 1, int(len(values) * part))], 3)


def measure_chain(nodes, lines, issues, samples):
    leaf, root = nodes[0], nodes[-1]
    count = len(lines)
    payload = sum(len(line.encode()) for line in lines) / count
    leaf.stop()
    fill_s = fill_issues(leaf, lines) if issues else fill(leaf, lines)
    time.sleep(1)
    reader, api = measure.Reader(root.data), Api(root.data)
    wanted = reader.records() + count
    catchup_s, costs = catch_up(nodes, count, lambda: reader.records() >= wanted)
    if issues:
        begin = time.perf_counter()
        wait_until("the root's lists show every issue", lambda: reader.issues() >= count, 170)
        costs["reported_rps"] = round(count / (catchup_s + time.perf_counter() - begin))
        reported(api, count)
    else:
        read_back(api, lines)
    found = latencies(Api(leaf.data), reader, lines, samples)
    single = syncs_a_record(nodes, lines, reader)
    leaf.stop()
    start_s = start_timed(leaf)
    time.sleep(2)
    return {
        "records": count, "payload_bytes": round(payload, 1),
        "leaf_fill_rps": round(count / fill_s),
        "catchup_s": round(catchup_s, 3), "catchup_rps": round(count / catchup_s), **costs,
        "latency_samples": samples, "latency_p50_ms": percentile(found, 0.5),
        "latency_p99_ms": percentile(found, 0.99), "latency_max_ms": percentile(found, 1),
        "syncs_a_single_record": single,
        "verified": "the root's report and list" if issues else
                    "every record read back from the root in order and compared",
        "root_disk_bytes": measure.disk(root.data),
        "idle_village_rss_bytes": measure.rss(leaf.process),
        "start_to_serving_ms": round(start_s * 1000), "fsync_before_ack": True,
        "notes": "acknowledged at each hop after fsync; CURVE on every line; catch-up "
                 "includes the start of the leaf's process and its greeting"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--peers", help="folder of the peers' benchmark: its records are used")
    options = parser.parse_args()
    issues = os.environ.get("WORKLOAD") == "issues"
    count = int(os.environ.get("R", "20000" if issues else "200000"))
    suite = os.environ.get("SUITE", "ed25519")
    network = Network(os.path.join(options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"), suite,
                      status_interval_s=15)
    try:
        result = measure_chain(build_chain(network), measure.records(count, options.peers), issues,
                               int(os.environ.get("SAMPLES", "200")))
        network.stop()
        kind = "issues" if issues else "journal"
        result = {"peer": f"yishi {kind}" if issues else "yishi",
                  "variant": f"{suite}, {kind}, signed, verified, encrypted", **result}
        print(json.dumps(result, ensure_ascii=False), flush=True)
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        network.remove()


if __name__ == "__main__":
    main()
