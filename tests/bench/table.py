"""Medians over the rounds of a benchmark, each contender's catch-up relative to yishi's in the
same round, and which marks are met. Usage: table.py FILE.jsonl"""

import json
import statistics
import sys

MIB = 2**20
COLUMNS = [("catchup_rps", "catch-up rec/s", 1), ("reported_rps", "until reported rec/s", 1),
           ("latency_p50_ms", "p50 ms", 1), ("latency_p99_ms", "p99 ms", 1),
           ("mem_pss_peak_bytes", "memory MiB", MIB), ("root_disk_bytes", "root disk MiB", MIB),
           ("server_cpu_s_catchup", "CPU s", 1),
           ("signatures_per_record", "signatures/rec/hop", 1),
           ("idle_village_rss_bytes", "idle village MiB", MIB),
           ("start_to_serving_ms", "start ms", 1)]


def number(value):
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.4f}"


def spread(values):
    if not values:
        return "-"
    return f"{number(statistics.median(values))} ({number(min(values))}..{number(max(values))})"


def column(runs, key, scale=1):
    return [run[key] / scale for run in runs if run.get(key) is not None]


def ratios(ours, key, peers):
    """Of ours to the fastest peer's catch-up, round by round."""
    rounds = zip(*([run["catchup_rps"] for run in runs] for runs in peers))
    return [run[key] / max(fastest) for run, fastest in zip(ours, rounds) if run.get(key)]


def marks(runs):
    """(what, the mark, the measured values, whether their median meets it)."""
    ours, issues = runs.get("yishi", []), runs.get("yishi issues", [])
    peers = [runs[name] for name in ("nats", "postgres") if name in runs]
    nats = column(runs.get("nats", []), "root_disk_bytes")

    def at_most(what, limit, values, text=None):
        met = statistics.median(values) <= limit if values else None
        return what, text or f"≤ {limit}", values, met

    def at_least(what, limit, values):
        return what, f"≥ {limit}", values, statistics.median(values) >= limit if values else None

    yield at_least("catch-up ÷ the faster peer's, until the root has all on disk", 2,
                   ratios(ours, "catchup_rps", peers))
    yield at_least("the same with issues, until the root's lists and reports show all", 1.2,
                   ratios(issues, "reported_rps", peers))
    yield at_most("one record, village to city, p50 ms", 2, column(ours, "latency_p50_ms"))
    yield at_most("one record, village to city, p99 ms", 5, column(ours, "latency_p99_ms"))
    # Each node tells its frontier every 15 s, which is a sync of its own at the one above.
    yield at_most("syncs of a hop for a single record", 1.1,
                  [max(run["syncs_a_single_record"]) for run in ours
                   if run.get("syncs_a_single_record")], "≤ 1, and one in 15 s")
    yield at_most("syncs of a hop per record in catch-up", 1 / 200,
                  column(ours, "syncs_per_record"), "≤ 1/200")
    yield at_most("four daemons, MiB (PSS, highest)", 80, column(ours, "mem_pss_peak_bytes", MIB))
    yield at_most("root's disk ÷ NATS's", 1,
                  [own / other for own, other in zip(column(ours, "root_disk_bytes"), nats)])
    yield at_most("bytes on a line per byte of payload", 0.6,
                  [run["wire_bytes_per_record"] / run["payload_bytes"] for run in ours
                   if run.get("wire_bytes_per_record")])


def main():
    runs = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        if line.startswith("{"):
            run = json.loads(line)
            runs.setdefault(run["peer"], []).append(run)
    titles = [title for _, title, _ in COLUMNS]
    print("| contender | " + " | ".join(titles) + " | catch-up of yishi ÷ its own |")
    print("|---" * (len(COLUMNS) + 2) + "|")
    ours = column(runs.get("yishi", []), "catchup_rps")
    for peer, found in runs.items():
        cells = [spread(column(found, key, scale)) for key, _, scale in COLUMNS]
        relative = [mine / run["catchup_rps"] for mine, run in zip(ours, found)]
        print(f"| {peer} | " + " | ".join(cells) + f" | {spread(relative)} |")
    print("\n| mark | | measured, median (range) | met |\n|---|---|---|---|")
    for what, limit, values, met in marks(runs):
        print(f"| {what} | {limit} | {spread(values)} | "
              f"{'not measured' if met is None else 'yes' if met else 'NO'} |")


if __name__ == "__main__":
    main()
