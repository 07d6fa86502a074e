"""Cities of their stated size: units of that shape, their rooms and members in the registers, and
sessions, items and solved problems logged at the leaves by the clerks of every district at once; the
top node must report each number to the unit.

The figures are those that the cities quote (A106, A107; "over 2,200" is taken as a number above it).
A district's node keeps the streets, rooms and villages below it, as where a network begins.

  cities.py [--build FOLDER] [--part N] CITY…      luzhou, wuhan; --part 10: a tenth of everything
"""

import argparse
import os
import sys
import tempfile
import threading
import time

from network import Failed, Network, wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/faults"))
from api import Api  # noqa: E402

BATCH = 200  # entries of a register at once

CITIES = {
    "luzhou": {
        "code": "5105", "districts": 7, "townships": 126, "villages": 1_497,
        "rooms": {"territory": 1_630, "studio": 10}, "members": 0,
        "issues": 6_485, "sessions": 6_485, "solved": 6_234,
        "category": "dispute", "source": "open_call",
        "before": [("propose", {"by": "居委会", "text": "选题"}),
                   ("approve", {"by": "社区党组织"}), ("research", {"text": "已论证"})],
        "session": {"form": "meeting",
                    "session": {"host": {"name": "甲", "role": "host"},
                                "votes": [{"channel": "hand", "yes": 9, "no": 2}]}},
        "after": [("outcome", {"text": "形成决议"})],
    },
    "wuhan": {
        "code": "4201", "districts": 13, "townships": 160, "villages": 280,
        "rooms": {"home": 160, "platform": 283, "studio": 104}, "members": 3_718,
        "issues": 2_213, "sessions": 1_307, "solved": 1_003,
        "category": "traffic", "source": "public",
        "before": [], "session": {"form": "front_line"}, "after": [],
    },
}
PEOPLE = [{"category": "mass", "count": 9}, {"category": "stakeholder", "count": 2},
          {"category": "member", "count": 2}]


class City:
    def __init__(self, name, part, program):
        plan = CITIES[name]
        self.name, self.plan, self.part = name, plan, part
        self.count = {key: plan[key] // part for key in ("members", "issues", "sessions", "solved")}
        self.rooms = {kind: max(1, count // part) for kind, count in plan["rooms"].items()}
        self.folder_units()
        policy = os.path.join(ROOT, f"node/deliberation/policies/{name}.toml")
        self.network = Network(program, self.divisions, policy)

    def folder_units(self):
        """Units of the city's shape, dealt out evenly: {district: [units below it]}."""
        code, plan = self.plan["code"], self.plan
        self.top = code.ljust(12, "0")
        rows = [f"{self.top},{self.name},city,"]
        self.districts, self.below = [], {}
        for d in range(plan["districts"]):
            district = f"{code}{d + 1:02}".ljust(12, "0")
            self.districts.append(district)
            self.below[district] = []
            rows.append(f"{district},区{d + 1},district,{self.top}")
        townships = []
        for t in range(plan["townships"]):
            district = self.districts[t % len(self.districts)]
            township = f"{district[:6]}{t + 1:03}000"
            townships.append(township)
            self.below[district].append(township)
            rows.append(f"{township},街道{t + 1},township,{district}")
        for v in range(plan["villages"]):
            township = townships[v % len(townships)]
            village = f"{township[:9]}{v // len(townships) + 1:03}"
            self.below[township[:6].ljust(12, "0")].append(village)
            rows.append(f"{village},社区{v + 1},village,{township}")
        handle, self.divisions = tempfile.mkstemp(suffix=".csv")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("code,name,level,parent\n" + "\n".join(rows) + "\n")

    def build(self):
        self.network.create()
        os.remove(self.divisions)
        self.network.join(self.districts, children=False)

    def shares(self, whole):
        """A whole number dealt out to the districts, exactly."""
        each, rest = divmod(whole, len(self.districts))
        return {d: each + (i < rest) for i, d in enumerate(self.districts)}

    def run(self):
        work = {d: {} for d in self.districts}
        for key, whole in self.count.items():
            for district, share in self.shares(whole).items():
                work[district][key] = share
        for kind, whole in self.rooms.items():
            for district, share in self.shares(whole).items():
                work[district].setdefault("rooms", {})[kind] = share
        faults = []

        def clerk(district):
            try:
                Clerk(self, district, work[district]).work()
            except Exception as fault:  # noqa: BLE001 - told by the main thread
                faults.append(f"{district}: {fault}")
        clerks = [threading.Thread(target=clerk, args=(d,)) for d in self.districts]
        for one in clerks:
            one.start()
        for one in clerks:
            one.join()
        if faults:
            raise Failed("; ".join(faults))

    def reported(self):
        api = Api(self.network.root.data)
        quoted = {one["id"]: one["count"] for one in api.get("report/figures")["figures"]}
        total = api.get("report")["total"]
        measures = api.get("measures")["total"]["counts"]
        rooms = {part["id"]: part["value"] for part in measures["rooms"]["by"]}
        found = {"issues": total["issues"], "sessions": quoted["sessions"],
                 "solved": quoted["solved"], "members": measures["members"]["value"]}
        return found, rooms

    def check(self):
        last = []

        def agrees():
            last[:] = self.reported()
            return last[0] == self.count and last[1] == self.rooms
        try:
            wait_until("the top reports every number", agrees, 300)
        except Failed as fault:
            raise Failed(f"{fault}; wanted {self.count} {self.rooms}, found {last}") from fault


class Clerk:
    """Who logs in one district's node what its streets and rooms have done."""

    def __init__(self, city, district, work):
        self.city, self.plan, self.todo = city, city.plan, work
        self.district, self.units = district, city.below[district]
        self.api = Api(city.network.nodes[district].data)

    def work(self):
        self.put("rooms", [{"unit": self.units[i % len(self.units)],
                            "fields": {"name": f"{kind}{i + 1}", "kind": kind}}
                           for kind, count in self.todo["rooms"].items() for i in range(count)])
        self.put("members", [{"unit": self.district,
                              "fields": {"number": f"{i + 1:05}", "name": "委员", "level": "city"}}
                             for i in range(self.todo["members"])])
        for i in range(self.todo["issues"]):
            self.matter(i, i < self.todo["sessions"], i < self.todo["solved"])

    def put(self, register, entries):
        for at in range(0, len(entries), BATCH):
            self.api.post(f"registers/{register}", {"entries": entries[at:at + BATCH]})

    def matter(self, i, held, solved):
        home = self.units[i % len(self.units)]
        plan = self.plan
        issue = self.api.post("issues", {"title": f"第 {i + 1} 件", "text": "请协商", "home": home,
                                         "category": plan["category"], "source": plan["source"],
                                         "budget_yuan": "1000"})["id"]
        if not held:
            return
        def act(name, body):
            self.api.post(f"issues/{issue}/{name}", body)
        for name, body in plan["before"]:
            act(name, body)
        act("session", {"held": time.strftime("%Y-%m-%d 00:00"), "place": f"议事室 {i + 1}", "text": "商定",
                        "parties": PEOPLE, **plan["session"]})
        if not solved:
            return
        for name, body in plan["after"]:
            act(name, body)
        act("close", {"result": "solved"})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--part", type=int, default=1)
    parser.add_argument("cities", nargs="+", choices=sorted(CITIES))
    options = parser.parse_args()
    for name in options.cities:
        began = time.monotonic()
        city = City(name, options.part, os.path.join(ROOT, options.build, "yishi"))
        try:
            city.build()
            city.run()
            logged = time.monotonic() - began
            city.check()
            city.network.stop()
            print(f"{name}: {len(city.network.units)} units, {city.count}, rooms {city.rooms}: the top "
                  f"reports each to the unit; logged in {logged:.0f} s, "
                  f"{time.monotonic() - began:.0f} s in all", flush=True)
        finally:
            for node in city.network.nodes.values():
                if node.process and node.process.poll() is None:
                    node.process.kill()
                    node.process.wait()
            city.network.remove()


if __name__ == "__main__":
    main()
