"""Machines with tickets that join one parent in the same moment, on loopback.

The parent is the real daemon, a city's node; its operator makes a ticket for each of COUNT
villages with `yishi topology ticket --under`; the machines are one process (joiners.cpp): each
knocks, is admitted by a record in the topology log, and comes back as itself. Printed: how long
until all were in, and the tickets' making. Then the parent's directory and store are checked.

  python3 joiners.py --build BUILD [--count 1000] [--most-seconds 300]     SUITE=ed25519|sm2
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

from children import CITY, write_divisions  # noqa: E402
from network import Network  # noqa: E402


def run(options, folder):
    divisions = os.path.join(folder, "divisions.csv")
    write_divisions(divisions, options.count)
    network = Network(os.path.join(options.build, "yishi"), divisions,
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"),
                      os.environ.get("SUITE", "ed25519"), 15, folder)
    parent = network.create()
    try:
        begin = time.perf_counter()
        made = parent.yishi("topology", "ticket", "--under", CITY)["tickets"]
        tickets_s = time.perf_counter() - begin
        text = "".join(one["ticket"] + "\n" for one in made)
        done = subprocess.run([os.path.join(options.build, "joiners"), parent.endpoint],
                              input=text, capture_output=True, text=True, timeout=700, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        result = json.loads(done.stdout)
        nodes = parent.status()["counts"]["nodes"]
        if nodes != options.count + 1:
            raise SystemExit(f"the directory has {nodes} nodes")
        network.stop()
        parent.yishi("verify", timeout=1200)
        return {**result, "tickets_s": round(tickets_s, 2), "verified": True}
    finally:
        if parent.process.poll() is None:
            parent.kill()
        network.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--most-seconds", type=float, default=300)
    options = parser.parse_args()
    result = run(options, tempfile.mkdtemp(prefix="yishi-joiners-"))
    print(json.dumps(result), flush=True)
    return 0 if result["seconds"] <= options.most_seconds else "over the limit"


if __name__ == "__main__":
    sys.exit(main())
