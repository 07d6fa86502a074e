"""What ends every run of faults: the network comes to rest, every level is held against the
account and against the others, and `yishi verify` goes over every store."""

from concurrent.futures import ThreadPoolExecutor

from network import Failed, Refused, wait_until
from account import issues_known
from api import Api


def at_rest(apis):
    """What every level knows of the issues below it, or nothing while levels differ."""
    known = {code: issues_known(api) for code, api in apis.items()}
    for states in known.values():
        for issue, state in states.items():
            if any(issue in other and other[issue] != state for other in known.values()):
                return None
    return known


def settle(network, account, seconds=120):
    """All nodes run, nobody works: waits for rest and compares. Then nodes stop."""
    apis = {code: Api(node.data) for code, node in network.nodes.items()}
    for node in reversed(list(network.nodes.values())):
        wait_until(f"{node.name}: 上级已收", node.received, seconds)
    known = wait_until("every level knows the same", lambda: at_rest(apis), seconds)
    for code, api in apis.items():
        account.check_issues(code, known[code])
        account.check_lines(code, api)


def verify_all(network):
    """Stops the nodes and has every store re-derived and compared."""
    network.stop()

    def verify(node):
        try:
            node.yishi("verify", timeout=600)
        except Refused as refusal:
            raise Failed(f"verify at {node.name}: {refusal.problem}") from refusal

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(verify, network.nodes.values()))
