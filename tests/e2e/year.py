"""A network of real daemons whose wall clocks are told what time it is.

Debian's libfaketime stands between a daemon and the wall clock only: timeouts and waiting go by
the steady clock, which is left alone. All daemons and all commands read one file, so that a
year passes in a minute and every node is in the same moment.
"""

import os
import time

from network import Failed, Network, Node

LIBRARY = "/usr/lib/{}/faketime/libfaketimeMT.so.1"
SHANGHAI = 8 * 3600  # seconds; China has no summer time


def library():
    for folder in os.listdir("/usr/lib"):
        found = LIBRARY.format(folder)
        if os.path.exists(found):
            return found
    raise Failed("libfaketime is not installed: scripts/packages test")


class YearNetwork(Network):
    def __init__(self, *arguments, **more):
        super().__init__(*arguments, **more)
        self.clock = os.path.join(self.folder, "clock")
        self.fake = {"LD_PRELOAD": library(), "FAKETIME_TIMESTAMP_FILE": self.clock,
                     "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.client_env |= self.fake

    def set_clock(self, moment):
        """`moment`: a naive datetime in China Standard Time."""
        epoch = (moment - type(moment)(1970, 1, 1)).total_seconds() - SHANGHAI
        fresh = self.clock + ".new"
        with open(fresh, "w", encoding="ascii") as file:
            file.write(f"{epoch - time.time():+.0f}\n")
        os.replace(fresh, self.clock)


class YearNode(Node):
    def prefix(self):
        return ["env", *(f"{name}={value}" for name, value in self.network.fake.items())]
