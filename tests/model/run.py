"""Checks link.pml with spin: the model as it is must hold, and each planted error must be found.

  run.py DIRECTORY          small bounds; DIRECTORY is for what spin and the compiler write
  run.py DIRECTORY --large  larger bounds, by hand

Exits 1 and names what was not as it must be. See README.md.
"""

import os
import re
import subprocess
import sys
import time

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "link.pml")
MEGABYTES = 12_000
DEPTH = 1_000_000  # steps
LONGEST = 4 * 3600  # seconds, of one search

# A property: flags of spin, of the compiler, and of the checker.
SAFETY = ("safety", ["-DNO_END"], ["-DSAFETY", "-DNOCLAIM"], ["-E"])
PROGRESS = ("progress", [], ["-DNFAIR=3"], ["-a", "-f"])
DIRECTIONS = {"up": [], "down": ["-DDOWN"]}

# Errors planted in the model, by the number that link.pml gives them.
PLANTED = {
    1: "an ack leaves when the entries come",
    2: "the cursor is committed before the entries",
    3: "the entries are committed before the cursor",
    4: "a position is believed whatever store it is of",
    5: "entries are taken wherever they begin",
    6: "messages of any session are acted on",
    7: "entries leave before they are on the sender's disk",
    8: "a session does not begin at the receiver's cursor",
    9: "what was sent once is never sent again",
    10: "a message of an unknown session is passed over in silence",
    11: "a welcome to an old hello will do",
}


def bounds(entries, line, stores, disks, faults):
    """Of a store; messages a line holds; of the sender; of the receiver; of the ends."""
    return [f"-DN={entries}", f"-DCAP={line}", f"-DSTORES={stores}", f"-DDISKS={disks}",
            f"-DFAULTS={faults}"]


# What is looked at within which bounds, and the planted errors that must be found there, upward:
# both directions are made of the same parts.
SMALL = [(SAFETY, bounds(2, 1, 2, 1, 1), [1, 2, 3, 4, 5, 7]),
         (SAFETY, bounds(2, 1, 1, 2, 1), [6, 8]),
         (PROGRESS, bounds(2, 1, 1, 1, 1), [9, 10, 11])]
LARGE = [(SAFETY, bounds(2, 1, 2, 2, 1), []), (SAFETY, bounds(3, 1, 1, 1, 2), []),
         (SAFETY, bounds(1, 2, 1, 2, 0), []), (PROGRESS, bounds(2, 1, 2, 1, 1), [])]


class Failed(Exception):
    pass


def run(command, directory, **options):
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False,
                          **options)


class Checker:
    """A model with its bounds, compiled; an error is planted when it runs."""

    def __init__(self, directory, kind, flags):
        self.directory, (_, model_flags, compile_flags, self.run_flags) = directory, kind
        for command in (["spin", "-a", *model_flags, *flags, MODEL],
                        ["gcc", "-O1", "-w", "-DCOLLAPSE", f"-DMEMLIM={MEGABYTES}", *compile_flags,
                         "-o", "pan", "pan.c"]):
            made = run(command, directory)
            if made.returncode != 0:
                raise Failed(f"{' '.join(command)}: {made.stdout}{made.stderr}")

    def search(self, planted=0):
        """Whether an error was found, and how many states were seen."""
        said = run(["./pan", *self.run_flags, f"-m{DEPTH}"], self.directory, timeout=LONGEST,
                   env={**os.environ, "PLANTED": str(planted)}).stdout
        errors = re.search(r"errors: (\d+)", said)
        states = re.search(r"(\d+) states, stored", said)
        # A search that was cut short shows nothing.
        if not errors or not states or "too small" in said or "out of memory" in said:
            raise Failed(f"the search was not finished: {said[-2000:]}")
        return int(errors[1]) > 0, int(states[1])


def main():
    directory = os.path.abspath(sys.argv[1])
    os.makedirs(directory, exist_ok=True)
    large = "--large" in sys.argv[2:]
    wrong = 0
    for kind, flags, planted in LARGE if large else SMALL:
        for direction, more in DIRECTIONS.items():
            checker = Checker(directory, kind, flags + more)
            for number in [0, *(planted if direction == "up" else [])]:
                start = time.monotonic()
                found, states = checker.search(number)
                bad = found != (number > 0)
                wrong += bad
                print(f"{kind[0]}, {direction}, {' '.join(flags)}: "
                      f"{PLANTED.get(number, 'as it is')}: "
                      f"{'error found' if found else 'holds'}, {states} states, "
                      f"{time.monotonic() - start:.1f} s{'  WRONG' if bad else ''}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
