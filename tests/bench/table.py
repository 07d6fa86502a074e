"""Medians over the rounds of a benchmark, and each contender's catch-up relative to yishi's
in the same round. Usage: table.py FILE.jsonl"""

import json
import statistics
import sys

COLUMNS = [("catchup_rps", "catch-up rec/s", 1), ("latency_p50_ms", "p50 ms", 1),
           ("latency_p99_ms", "p99 ms", 1), ("mem_pss_bytes", "memory MiB", 2**20),
           ("root_disk_bytes", "root disk MiB", 2**20), ("server_cpu_s_catchup", "CPU s", 1),
           ("idle_village_rss_bytes", "idle village MiB", 2**20),
           ("start_to_serving_ms", "start ms", 1)]


def cell(values, scale):
    if not values:
        return "-"
    values = [value / scale for value in values]
    return f"{statistics.median(values):,.1f} ({min(values):,.1f}..{max(values):,.1f})"


runs = {}
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("{"):
        run = json.loads(line)
        runs.setdefault(run["peer"], []).append(run)
print("| contender | " + " | ".join(title for _, title, _ in COLUMNS) + " | catch-up of yishi ÷ its own |")
print("|---" * (len(COLUMNS) + 2) + "|")
ours = [run["catchup_rps"] for run in runs.get("yishi", [])]
for peer, found in runs.items():
    cells = [cell([r[key] for r in found if key in r], scale) for key, _, scale in COLUMNS]
    ratios = [mine / run["catchup_rps"] for mine, run in zip(ours, found)]
    print(f"| {peer} | " + " | ".join(cells) + f" | {cell(ratios, 1)} |")
