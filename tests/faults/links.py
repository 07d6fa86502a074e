"""Bad lines: nodes in network namespaces, people at work at every level, and between every
child and its parent a line that loses up to 30 % of the packets, delays, reorders and repeats
them, or is cut off, and changes every moment.

While that goes on, whatever a child calls 上级已收 must be in its parent's store. Then the
weather clears, and the end is that of every run of faults: account, levels, `yishi verify`.

  python3 links.py --build BUILD --seconds N [--seed S]
"""

import argparse
import functools
import os
import random
import sys
import time

from town import DISTRICT, PARENTS, ROOT, TOWNS, VILLAGES, end, make_network, open_account
from people import at_work, watch
from settle import settle, verify_all
from wires import InNamespace, Weather, Wires

PAUSE_S = 0.2
CHANGE_S = 1.0  # between two changes of the weather of one line, at most
LONGEST_CUT_S = 8


class Sky:
    """Decides the weather of every line."""

    def __init__(self, wires, network, seed, longest_cut_s):
        self.wires, self.random, self.longest_cut_s = wires, random.Random(seed), longest_cut_s
        self.lines = [(node.address, network.nodes[PARENTS[code]].address)
                      for code, node in network.nodes.items() if PARENTS[code]]
        self.until = dict.fromkeys(self.lines, 0.0)
        self.cuts = 0

    def step(self):
        line = self.random.choice(self.lines)
        if self.until[line] > time.monotonic():
            return  # cut off, and stays so
        if self.random.random() < 0.2:
            self.cuts += 1
            self.until[line] = time.monotonic() + self.random.uniform(0.5, self.longest_cut_s)
            self.wires.set(*line, Weather(cut=True))
            return
        least = self.random.choice((0, 0.005, 0.05))
        self.wires.set(*line, Weather(self.random.choice((0, 0.02, 0.1, 0.3)),
                                      self.random.choice((0, 0, 0.2)), least,
                                      least + self.random.choice((0, 0.01, 0.1))))

    def clear(self):
        for line in self.lines:
            self.wires.set(*line, Weather())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build", help="folder with the built program")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begin = time.monotonic()
    levels = ((DISTRICT,), TOWNS[:1], VILLAGES[:2])
    wires = Wires(1 + sum(map(len, levels)), options.seed)
    network = make_network(os.path.join(ROOT, options.build, "yishi"), levels,
                           functools.partial(InNamespace, wires))
    try:
        account = open_account(network)
        sky = Sky(wires, network, options.seed, min(90, max(LONGEST_CUT_S, options.seconds / 10)))
        with at_work(network, account, options.seed, PAUSE_S) as people:
            stop, rnd = time.monotonic() + options.seconds, random.Random(options.seed)
            while time.monotonic() < stop:
                sky.step()
                time.sleep(rnd.uniform(0, CHANGE_S / len(sky.lines)))
                for code, node in network.nodes.items():
                    account.check_running(code, node.data)
                watch(people)
        sky.clear()
        settle(network, account, 300)
        counts = wires.counts()
        verify_all(network)
        print(f"{options.seconds:.0f} s of weather, {sky.cuts} cuts; packets: "
              + ", ".join(f"{count} {name}" for name, count in counts.items())
              + f"; acknowledged {account.summary()}; nothing lost, {len(network.nodes)} stores "
              f"verified; {time.monotonic() - begin:.0f} s")
    except BaseException:
        print(f"the nodes' folders: {network.folder}", file=sys.stderr)
        raise
    finally:
        end(network)
        wires.close()
    network.remove()


if __name__ == "__main__":
    main()
