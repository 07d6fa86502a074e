"""The demo: a network on Huai'an's divisions with real daemons, and the story played on it.

  --once   play, check every outcome, stop everything; exit 0, or 1 and what failed
Without it the network stays up until Ctrl-C.
"""

import argparse
import os
import secrets
import signal
import sys
import time

from network import Failed, Network, Node, PagedNode, Refused
from story import Story

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Say:
    def __init__(self, lang):
        self.lang, self.start = lang, time.monotonic()

    def __call__(self, zh, en):
        print(f"  {zh if self.lang == 'zh' else en}", flush=True)

    def title(self, number, zh, en):
        passed = time.monotonic() - self.start
        print(f"\n{number}. {zh if self.lang == 'zh' else en}　[{passed:.1f} s]", flush=True)


class Places:
    """Two districts, two townships of each, two villages of each; all from the file."""

    def __init__(self, units):
        def below(parent):
            return sorted(code for code, unit in units.items() if unit["parent"] == parent)

        root = below("")[0]
        wide = [d for d in below(root) if sum(len(below(t)) >= 4 for t in below(d)) >= 2]
        self.districts = wide[:2]
        self.townships, self.villages = [], []
        for district in self.districts:
            towns = [t for t in below(district) if len(below(t)) >= 4][:2]
            self.townships += towns
            for town in towns:
                self.villages += below(town)[:2]
        # The two villages of the first township stand first, then those of the second.
        self.kept, self.compromised = below(self.townships[0])[2:4]


# Who works at a node of the demo, by level.
ACCOUNTS = {
    "city": ["clerk", "approver", "supervisor", "operator", "auditor"],
    "district": ["clerk", "convener", "approver", "supervisor"],
    "township": ["clerk", "convener", "approver", "supervisor"],
    "village": ["clerk", "convener", "approver"],
}


def build_network(network, places, say, kind):
    city = network.create(kind)
    say(f"{city.name}：{len(network.units)} 个单位，密码套件 {network.suite}",
        f"{city.name}: {len(network.units)} units, suite {network.suite}")
    network.join(places.districts, kind=kind)
    network.join(places.townships, kind=kind)
    network.join([*places.villages, places.compromised], children=False, kind=kind)
    say(f"{len(network.nodes)} 个守护进程已凭入网票加入：市 1、区县 2、镇街 4、村 8，"
        "另有 1 个村稍后扮演被攻破的节点",
        f"{len(network.nodes)} daemons joined by ticket: city 1, districts 2, townships 4, villages "
        "8, and one more village that will play the compromised one")


def tell_addresses(network, places, say):
    """An account at each node, and where its pages are."""
    password = secrets.token_urlsafe(9)
    say(f"\n页面（账户 demo，密码 {password}）：", f"\nPages (account demo, password {password}):")
    for code in (network.root.code, *places.districts, *places.townships, *places.villages):
        node = network.nodes[code]
        node.add_account("demo", ACCOUNTS[network.units[code]["level"]], password)
        print(f"    {node.address}  {network.units[code]['name']}", flush=True)


def tell_what_next(network, places, say):
    city, village = network.root, network.nodes[places.villages[0]]
    program = os.path.relpath(network.program)
    say("\n网络仍在运行，按 Ctrl-C 结束。另开一个终端试试：",
        "\nThe network is up until Ctrl-C. In another terminal, try:")
    for line in (f"{program} --data {city.data} report",
                 f"{program} --data {city.data} issue search 透析",
                 f"{program} --data {village.data} status",
                 f"{program} --data {village.data} issue log --title 水管漏水 --category 其他 "
                 "--budget 500 --text 村口水管漏水",
                 f"{program} --data {city.data} verify",
                 f"{program} help"):
        print("    " + line, flush=True)


def wait_for_interrupt():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="folder with the built programs")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--suite", choices=("ed25519", "sm2"), default="ed25519")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--keep", action="store_true", help="keep the nodes' folders")
    options = parser.parse_args()

    build = os.path.join(ROOT, options.build)
    network = Network(os.path.join(build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"), options.suite)
    say, places = Say(options.lang), Places(network.units)
    code = 0
    try:
        say.title(0, "建网", "The network")
        build_network(network, places, say, Node if options.once else PagedNode)
        Story(network, places, os.path.join(build, "intruder"), say).play()
        say("\n八个要点全部核对无误。", "\nAll eight points were checked and hold.")
        if not options.once:
            tell_what_next(network, places, say)
            tell_addresses(network, places, say)
            wait_for_interrupt()
        network.stop()
    except (Failed, Refused) as fault:
        print(f"\nFAILED: {fault} {getattr(fault, 'problem', '')}", file=sys.stderr)
        print(f"logs of the nodes: {network.folder}/*.log", file=sys.stderr)
        options.keep, code = True, 1
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.process.kill()
                node.process.wait()
        if not options.keep:
            network.remove()
    return code


if __name__ == "__main__":
    sys.exit(main())
