"""One parent and all its children on real sockets, back in one moment after an outage.

The parent is the real daemon, a city's node; below it stand COUNT villages, each with its own
signing and CURVE keys, admitted in the topology, with RECORDS records that waited. They run
in one process (tests/bench/child.h): the same link, the same transport, the same bytes as a
daemon's. Two outages:
  line     the parent runs, and all children reach it in the same moment
  parent   the parent is down for OUTAGE seconds while its children knock, each with its own
           backoff; the clock runs from the start of its process
The clock stops when every child holds the parent's receipt for its last record: checked,
synced, projected. Then the parent's own counts are compared, and `yishi verify` goes over its
store.

  python3 children.py --build BUILD [--count 3495] [--records 100] [--kind issues|lines]
        [--outage line|parent] [--most-seconds S] [--most-mib M]        SUITE=ed25519|sm2
Prints one JSON line last; with limits given, exit 1 when they do not hold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))

from network import Network  # noqa: E402
import measure  # noqa: E402

CITY = "320800000000"
OUTAGE_S = 30


def write_divisions(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,name,level,parent\n")
        file.write(f"{CITY},大市,city,\n")
        for k in range(count):
            code = f"3208{3 + k // 25000:02d}{1 + k // 250 % 99:03d}{1 + k % 250:03d}"
            file.write(f"{code},村{k + 1},village,{CITY}\n")


def run(options, count, records):
    folder = options.folder
    divisions = os.path.join(folder, "divisions.csv")
    write_divisions(divisions, count)
    network = Network(os.path.join(options.build, "yishi"), divisions,
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"),
                      os.environ.get("SUITE", "ed25519"), 15, folder)
    begin = time.perf_counter()
    parent = network.create()
    parent.stop()
    created_s = time.perf_counter() - begin
    children = subprocess.Popen([os.path.join(options.build, "children"), parent.data,
                                 parent.endpoint, options.kind, str(records)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if children.stdout.readline().strip() != "ready":
            raise SystemExit("the children are not ready")
        ready_s = time.perf_counter() - begin - created_s
        if options.outage == "line":
            parent.start()
            begin = time.perf_counter()
            children.stdin.write("go\n")
            children.stdin.flush()
        else:
            children.stdin.write("go\n")
            children.stdin.flush()
            time.sleep(OUTAGE_S)  # the outage itself
            begin = time.perf_counter()
            parent.start(wait=False)
        said = []
        for line in children.stdout:
            said.append(json.loads(line))
            if options.verbose:
                print(line.strip(), f"rss {measure.rss(parent.process) >> 20} MiB", flush=True)
        seconds = time.perf_counter() - begin
        if children.wait(60) != 0:
            raise SystemExit(f"the children ended with {children.returncode}: {said[-1:]}")
        peak, cpu = measure.peak_rss(parent.process), measure.cpu([parent.process])
        status = parent.status()
        expected = count * records
        found = (status["counts"]["issues"] if options.kind == "issues"
                 else status["counts"]["records"] - status["topology"])
        if found < expected or status["forks"] or status["quarantined"]:
            raise SystemExit(f"the parent has {found} of {expected}")
        network.stop()
        parent.yishi("verify", timeout=1200)
        last = said[-1]
        return {"children": count, "records_each": records, "kind": options.kind,
                "outage": options.outage, "seconds": round(seconds, 2),
                "records_per_second": round(expected / seconds),
                "peak_rss_mib": round(peak / 2**20, 1), "parent_cpu_s": round(cpu, 2),
                "refused_lines": last["refused_lines"], "lost_lines": last["lost_lines"],
                "resends": last["resends"], "refused_records": last["refused_records"],
                "create_s": round(created_s, 1), "admit_and_log_s": round(ready_s, 1),
                "disk_mib": round(measure.disk(parent.data) / 2**20, 1), "verified": True}
    finally:
        if children.poll() is None:
            children.kill()
        children.wait()
        if parent.process.poll() is None:
            parent.kill()
        network.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--count", type=int, default=3495)
    parser.add_argument("--records", type=int, default=100, help="of each child")
    parser.add_argument("--kind", choices=("issues", "lines"), default="issues")
    parser.add_argument("--outage", choices=("line", "parent"), default="line")
    parser.add_argument("--most-seconds", type=float)
    parser.add_argument("--most-mib", type=float)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.folder = tempfile.mkdtemp(prefix="yishi-children-")
    result = run(options, options.count, options.records)
    print(json.dumps(result), flush=True)
    over = [name for name, most in (("seconds", options.most_seconds),
                                    ("peak_rss_mib", options.most_mib))
            if most is not None and result[name] > most]
    return f"over the limit: {', '.join(over)}" if over else 0


if __name__ == "__main__":
    sys.exit(main())
