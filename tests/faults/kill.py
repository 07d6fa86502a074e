"""Nodes of a running network are killed with SIGKILL at random instants while people work at
every level; an account kept outside the processes says what must have survived.

Each round kills one node, several at once, or a parent in the middle of its children's
streams, also nodes that are still starting; looks at the dead nodes' disks; and starts them
again, at once or later. After every PART kills the people stop, the network settles, every
level is compared with the account and with the others, and `yishi verify` goes over every
store; the next part is a new network.

SIGKILL leaves what was handed to the kernel: this shows that nothing is acknowledged before
it is written, and that every instant is a good one to die at. Whether it was synced is not
shown here.

  python3 kill.py --build BUILD --kills N [--seed S] [--keep]
"""

import argparse
import os
import random
import sys
import time

from town import ROOT, TOWNS, VILLAGES, end, make_network, open_account
from network import Failed, wait_until
from people import at_work, watch
from settle import settle, verify_all

PART = 500  # kills of one network
PAUSE_S = 0.3  # people's, at most, between two steps


class Killer:
    def __init__(self, network, account, people, seed):
        self.nodes, self.account, self.people = network.nodes, account, people
        self.random, self.kills = random.Random(seed), 0

    def victims(self):
        kind = self.random.random()
        codes = list(self.nodes)
        if kind < 0.4:
            return [self.random.choice(codes)]
        if kind < 0.8:
            return self.random.sample(codes, self.random.randint(2, 5))
        town = self.random.choice(TOWNS)  # while its villages send
        for code in VILLAGES:
            if self.account.parents[code] == town:
                self.people[code].burst.set()
        return [town] + ([code for code in VILLAGES if self.random.random() < 0.2])

    def round(self):
        victims = self.victims()
        time.sleep(self.random.uniform(0, 0.2))
        dead = []
        for code in victims:
            node = self.nodes[code]
            if node.process.poll() is not None:
                raise Failed(f"{node.name} ended by itself; see {node.log}")
            node.kill()
            dead.append(node)
        self.kills += len(dead)
        if self.random.random() < 0.3:  # later: the others go on without them
            time.sleep(self.random.uniform(0, 0.5))
        for node in dead:
            self.account.check_disk(node.code, node.data)
            node.start(wait=False)
        if self.random.random() < 0.5:  # else the next kill may come while they start
            for node in dead:
                wait_until(f"{node.name} serves; see {node.log}", node.serves)


def part(program, kills, seed, keep):
    begin = time.monotonic()
    network = make_network(program)
    try:
        account, killing = open_account(network), time.monotonic()
        with at_work(network, account, seed, PAUSE_S) as people:
            killer = Killer(network, account, people, seed)
            while killer.kills < kills:
                killer.round()
                watch(people)
            for node in network.nodes.values():
                wait_until(f"{node.name} serves", node.serves)
            killed_s = time.monotonic() - killing
        settle(network, account)
        verify_all(network)
    except BaseException:
        print(f"seed {seed}; the nodes' folders: {network.folder}", file=sys.stderr)
        end(network)
        raise
    print(f"seed {seed}: {killer.kills} kills in {killed_s:.0f} s; acknowledged {account.summary()}; "
          f"nothing lost, {len(network.nodes)} stores verified; {time.monotonic() - begin:.0f} s",
          flush=True)
    if not keep:
        network.remove()
    return killer.kills


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="folder with the built program")
    parser.add_argument("--kills", type=int, default=PART)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the nodes' folders")
    options = parser.parse_args()
    program = os.path.join(ROOT, options.build, "yishi")
    done, seed = 0, options.seed
    while done < options.kills:
        done += part(program, min(PART, options.kills - done), seed, options.keep)
        seed += 1
    print(f"{done} kills, nothing acknowledged was lost")


if __name__ == "__main__":
    main()
