"""What a node tells Prometheus, checked by Prometheus' own tool: the text of /metrics, the alert
rules, and that every name that rules and dashboard use is one that a node with a child has.
"""

import argparse
import json
import os
import re
import subprocess
import sys

from network import Failed, Network, wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/faults"))
from api import Api  # noqa: E402

RULES = os.path.join(ROOT, "scripts/prometheus/alerts.yml")
DASHBOARD = os.path.join(ROOT, "scripts/prometheus/dashboard.json")


def promtool(*arguments, text=None):
    done = subprocess.run(["promtool", *arguments], input=text, capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise Failed(f"promtool {' '.join(arguments)}: {done.stdout}{done.stderr}")


def names_in(text):
    return set(re.findall(r"\byishi_[a-z_]+", text))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    network = Network(os.path.join(ROOT, options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"))
    try:
        city = network.create()
        (district,) = network.join(["320803000000"])
        wait_until("the city has heard from the district", lambda: city.status()["contacts"])
        told = set()
        for node in (city, district):
            text = Api(node.data).text("/metrics")
            promtool("check", "metrics", text=text)
            told |= names_in(text)
        promtool("check", "rules", RULES)
        with open(RULES, encoding="utf-8") as file:
            asked = names_in(file.read())
        with open(DASHBOARD, encoding="utf-8") as file:
            asked |= {name for panel in json.load(file)["panels"] for target in panel["targets"]
                      for name in names_in(target["expr"])}
        if asked - told:
            raise Failed(f"no node tells {sorted(asked - told)}")
        network.stop()
        print(f"{len(told)} names, promtool finds nothing")
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        network.remove()


if __name__ == "__main__":
    main()
