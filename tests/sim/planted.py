#!/usr/bin/env python3
"""Runs the simulator once for each planted defect (crypto/planted.h) until a checker catches it.

    planted.py SIM [--seeds N] [--jobs N] [--only NAME[,NAME...]]

SIM is the program `sim` of a build with YISHI_PLANTED. Prints a table: the defect, by which
checkers it was caught, after how many seeds (from 1 on). Exit code 1 when one was not caught
within N seeds (default 1000).
"""

import argparse
import concurrent.futures
import functools
import os
import pathlib
import re
import signal
import subprocess
import sys

MAX_SECONDS = 60  # of one replay
HISTORY_SECONDS = 20
HEADER = pathlib.Path(__file__).resolve().parents[2] / "crypto" / "planted.h"


def defects():
    text = HEADER.read_text(encoding="utf-8")
    return re.findall(r'\{Defect::\w+,\s*"([a-z-]+)",\s*"([^"]+)"\}', text)


def simulate(sim, *options, seconds=None):
    """What it prints; nothing when time is up: then its workers end with it."""
    process = subprocess.Popen([sim, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, errors="replace", start_new_session=True)
    try:
        printed, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return ""
    if process.returncode == 2:
        sys.exit(f"{sim} {' '.join(options)}: {said}")
    return printed


@functools.lru_cache(maxsize=None)
def sound(sim, seed):
    """Whether the seed's history is without fault when nothing is planted."""
    return "FAILED" not in simulate(sim, "--seeds", "1", "--from", seed, "--jobs", "1")


def hunt(sim, name, seeds):
    """The first seed that fails with the defect and not without, and the checkers that said
    so; or none."""
    for seed in map(str, range(1, seeds + 1)):
        # A defect can make a history that never ends: it comes to no judgement, the next may.
        found = re.search(r"^seed \d+ FAILED: \[(\w+)\]",
                          simulate(sim, "--planted", name, "--from", seed, "--jobs", "1",
                                   "--seeds", "1", seconds=HISTORY_SECONDS), re.MULTILINE)
        if not found or not sound(sim, seed):
            continue
        words = re.findall(r"^FAILED \[(\w+)\]",
                           simulate(sim, "--replay", seed, "--planted", name,
                                    seconds=MAX_SECONDS), re.MULTILINE)
        return int(seed), sorted(set(words or [found[1]]))
    return None, []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sim")
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    chosen = [one for one in defects() if not options.only or one[0] in options.only.split(",")]
    if not chosen:
        sys.exit("there is no such defect")
    missed = 0
    print("| defect | what is wrong | caught by | after seeds |\n|---|---|---|---|", flush=True)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        hunts = [pool.submit(hunt, options.sim, name, options.seeds) for name, _ in chosen]
        for (name, what), result in zip(chosen, hunts):
            seed, checkers = result.result()
            missed += seed is None
            caught = ", ".join(checkers) if seed else "**nobody**"
            print(f"| {name} | {what} | {caught} | {seed or f'not in {options.seeds}'} |",
                  flush=True)
    print(f"\n{len(chosen) - missed} of {len(chosen)} caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
