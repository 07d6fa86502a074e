"""Real nodes with pages: a city, a district, a township and a village on loopback, each with
`serve --http`. For the browser's tests and for scripts/screens.
"""

import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))

from network import Network, Node, free_ports, wait_until  # noqa: E402

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


class PagedNode(Node):
    """A node that serves pages, on the same port after every start."""

    http = None

    def arguments(self):
        self.http = self.http or free_ports(1)[0]
        return ["--http", str(self.http)]

    @property
    def address(self):
        return f"http://127.0.0.1:{self.http}"

    def first_link(self):
        """The one-time link that makes the first account, as the node printed it."""
        def printed():
            with open(self.log, encoding="utf-8", errors="replace") as log:
                return re.findall(r"https?://\S+/first#\S+", log.read())
        return wait_until(f"{self.name} prints its link", printed)[-1]


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
        self.network.join([CODES["village"]], children=False, kind=PagedNode)
        self.password_file = os.path.join(self.network.folder, "password")
        with open(self.password_file, "w", encoding="utf-8") as file:
            file.write(PASSWORD)
        for level in ACCOUNTS:
            self.add_account(level, *ACCOUNTS[level])

    def node(self, level):
        return self.network.nodes[CODES[level]]

    def add_account(self, level, name, roles):
        arguments = [part for role in roles for part in ("--role", role)]
        self.node(level).yishi("account", "add", name, *arguments, "--password-file", self.password_file)

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
