"""Real nodes with pages: a city, a district, a township and a village on loopback, each with
`serve --http`. For the browser's tests and for scripts/screens.
"""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))

from network import Network, PagedNode  # noqa: E402

CODES = {"city": "320800000000", "district": "320803000000", "township": "320803001000",
         "village": "320803001001"}
OTHER_VILLAGE = "320803001002"  # without a node: the township keeps it
DIVISIONS = f"""code,name,level,parent
{CODES['city']},淮安市,city,
{CODES['district']},淮安区,district,{CODES['city']}
{CODES['township']},河下街道,township,{CODES['district']}
{CODES['village']},花巷社区,village,{CODES['township']}
{OTHER_VILLAGE},竹巷社区,village,{CODES['township']}
"""
PASSWORD = "议事-a lamp at the corner"
# At each node one account; the village's is made in the browser, by the one-time link.
ACCOUNTS = {
    "city": ("市议事办", ["clerk", "convener", "approver", "supervisor", "operator", "auditor"]),
    "district": ("区议事办", ["clerk", "convener", "approver", "supervisor", "operator"]),
    "township": ("街道办", ["clerk", "convener", "approver", "supervisor", "operator"]),
}


class OpenNode(PagedNode):
    """With pages for the public."""

    def arguments(self):
        return [*super().arguments(), "--public", "yes"]


class Rooms:
    def __init__(self, program):
        folder = tempfile.mkdtemp(prefix="yishi-web-")
        divisions = os.path.join(folder, "divisions.csv")
        with open(divisions, "w", encoding="utf-8") as file:
            file.write(DIVISIONS)
        policy = os.path.join(ROOT, "node/deliberation/policies/huaian.toml")
        self.network = Network(program, divisions, policy, folder=folder)
        self.network.create(PagedNode)
        for level in ("district", "township"):
            self.network.join([CODES[level]], kind=PagedNode)
        self.network.join([CODES["village"]], children=False, kind=OpenNode)
        for level in ACCOUNTS:
            self.node(level).add_account(*ACCOUNTS[level], PASSWORD)

    def node(self, level):
        return self.network.nodes[CODES[level]]

    def told(self):
        """What the browser's side needs to know."""
        return {
            "password": PASSWORD,
            "other_village": OTHER_VILLAGE,
            "nodes": {level: {"code": code, "address": self.node(level).address,
                              "account": ACCOUNTS.get(level, ("村经办", []))[0]}
                      for level, code in CODES.items()},
        }

    def stop(self):
        self.network.stop()
        self.network.remove()
