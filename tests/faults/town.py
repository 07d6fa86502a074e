"""The network that the faults are tried on: a city, a district, two townships, four villages."""

import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))

from network import Network, Node, Refused  # noqa: E402
from account import Account  # noqa: E402
from api import Api, NoAnswer, Unreachable  # noqa: E402

CITY, DISTRICT = "320800000000", "320803000000"
TOWNS = ["320803001000", "320803002000"]
VILLAGES = ["320803001001", "320803001002", "320803002001", "320803002002"]
PARENTS = {CITY: None, DISTRICT: CITY, **{town: DISTRICT for town in TOWNS},
           **{village: TOWNS[k // 2] for k, village in enumerate(VILLAGES)}}
NAMES = ["清江市", "淮阴区", "东镇", "西镇", "桥头村", "河湾村", "柳树村", "石板村"]
LEVELS = ["city", "district", "township", "township", *["village"] * 4]


class Served(Node):
    """Asked over its socket: a process of the command line each time would cost more than
    the answer, above all in a sanitized build."""

    def status(self):
        try:
            return Api(self.data).get("status")
        except (Unreachable, NoAnswer) as error:
            raise Refused({"detail": str(error)}, 3) from error


def make_network(program, levels=((DISTRICT,), TOWNS, VILLAGES), kind=Served):
    """The city and all units of `levels` run and are in."""
    folder = tempfile.mkdtemp(prefix="yishi-faults-")
    divisions = os.path.join(folder, "divisions.csv")
    with open(divisions, "w", encoding="utf-8") as file:
        file.write("code,name,level,parent\n")
        for (code, parent), name, level in zip(PARENTS.items(), NAMES, LEVELS):
            file.write(f"{code},{name},{level},{parent or ''}\n")
    network = Network(program, divisions,
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"), folder=folder)
    try:
        network.create(kind)
        for codes in levels:
            network.join(codes, children=codes[0] not in VILLAGES, kind=kind)
    except BaseException:
        end(network)
        raise
    return network


def open_account(network):
    """An account of a network that has just been made; learns the logs' ids from a first line."""
    logs, first = {}, {}
    for code, node in network.nodes.items():
        api = Api(node.data)
        line = f"{code} 开账"
        answer = api.post("journal", {"lines": [line]})
        first[code] = (line, answer)
        (logs[code],) = {one["log"] for one in api.journal() if one["unit"] == code}
    account = Account(logs, {code: PARENTS[code] for code in network.nodes})
    for code, (line, answer) in first.items():
        account.noted(code, [line], answer)
    return account


def end(network):
    """Ends what runs, however it stands."""
    for node in network.nodes.values():
        if node.process and node.process.poll() is None:
            node.kill()
