"""Full disks: first a village's, then its township's while its children send, on small file
systems of their own, with people at work at every level.

While a disk is full the node must refuse intake by name before anything is acknowledged, live
and say so, answer questions, and come back from a kill. Given room it must go on by itself.
The end is that of every run of faults: account, levels, `yishi verify`.

  python3 full.py --build BUILD [--rounds N] [--seed S]
"""

import argparse
import os
import random
import sys
import time

from town import DISTRICT, ROOT, TOWNS, VILLAGES, Served, end, make_network, open_account
from api import Api, Refused
from network import Failed, wait_until
from people import at_work, watch
from settle import settle, verify_all
from small_disk import SIZE_MIB, SmallDisk

PAUSE_S = 0.1
LEAVE_BYTES = 512 << 10  # at most, so that the disk fills up in the middle of work
REFUSED = 20           # commands, before the disk is given room


class OnSmallDisk(Served):
    def __init__(self, network, code, name, port=None):
        super().__init__(network, code, name, port)
        self.disk = SmallDisk(os.path.join(network.folder, "disk-" + code))
        self.data = os.path.join(self.disk.mount, "data")


def kind(network, code, name, port=None):
    small = code in (TOWNS[0], VILLAGES[0])
    return (OnSmallDisk if small else Served)(network, code, name, port)


def intake(api, k):
    """The rule by which intake was refused, or nothing."""
    try:
        api.post("journal", {"lines": [f"满盘试写 {k}"]})
        return None
    except Refused as refusal:
        return refusal.rule


def check_full(node, account):
    """It refuses every intake by name, says so, and answers what it is asked."""
    api, before = Api(node.data), account.sequence(node.code)
    for k in range(REFUSED):
        rule = intake(api, k)
        if rule != "store.full":
            raise Failed(f"{node.name} has no room and answered intake with {rule}")
    if account.sequence(node.code) != before:
        raise Failed(f"{node.name} acknowledged something on a full disk")
    if not api.get("status")["disk_full"]:
        raise Failed(f"{node.name} does not say that its disk is full")
    if not api.journal() or not api.issue_ids() or "frontier" not in api.get("report"):
        raise Failed(f"{node.name} does not answer questions on a full disk")


def fill(node, people, account, leave):
    node.disk.fill(leave)
    person = people[node.code]
    before = person.refusals["store.full"]
    wait_until(f"{node.name} refuses intake with store.full",
               lambda: person.refusals["store.full"] > before or person.burst.set())
    check_full(node, account)


def kill_and_start(node, account):
    node.kill()
    account.check_disk(node.code, node.data)
    node.start()


def give_room(node, people, account):
    node.disk.free()
    before = account.sequence(node.code)
    wait_until(f"{node.name} takes intake again", lambda: account.sequence(node.code) > before)
    if Api(node.data).get("status")["disk_full"]:
        raise Failed(f"{node.name} has room and still says its disk is full")
    watch(people)


def waits(node):
    return node.status()["waiting"]["records"]


def play(network, account, rounds, seed):
    rnd = random.Random(seed)
    village, town = network.nodes[VILLAGES[0]], network.nodes[TOWNS[0]]
    children = [network.nodes[code] for code in VILLAGES[:2]]
    with at_work(network, account, seed, PAUSE_S) as people:
        wait_until("there is something to ask for",
                   lambda: all(account.sequence(code) > 5 for code in network.nodes)
                   and account.issues)
        for _ in range(rounds):
            fill(village, people, account, rnd.randrange(LEAVE_BYTES))
            kill_and_start(village, account)
            check_full(village, account)
            give_room(village, people, account)

            for child in children:  # in the middle of their streams
                people[child.code].burst.set()
            fill(town, people, account, rnd.randrange(LEAVE_BYTES))
            for child in children:
                wait_until(f"{child.name} has what its full parent has not", lambda: waits(child))
            check_full(town, account)
            kill_and_start(town, account)
            check_full(town, account)
            give_room(town, people, account)
    settle(network, account)
    return sum(person.refusals["store.full"] for person in people.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="folder with the built program")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begin = time.monotonic()
    network = make_network(os.path.join(ROOT, options.build, "yishi"),
                           ((DISTRICT,), TOWNS[:1], VILLAGES[:2]), kind)
    disks = [node.disk for node in network.nodes.values() if hasattr(node, "disk")]
    try:
        account = open_account(network)
        refused = play(network, account, options.rounds, options.seed)
        verify_all(network)
        print(f"{2 * options.rounds} disks of {SIZE_MIB} MiB ({disks[0].kind}) filled and freed; "
              f"{refused} commands of people refused with store.full; acknowledged "
              f"{account.summary()}; nothing lost, {len(network.nodes)} stores verified; "
              f"{time.monotonic() - begin:.0f} s")
    except BaseException:
        print(f"the nodes' logs: {network.folder}/*.log", file=sys.stderr)
        raise
    finally:
        end(network)
        for disk in disks:
            disk.unmount()
    network.remove()


if __name__ == "__main__":
    main()
