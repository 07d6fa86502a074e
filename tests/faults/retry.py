"""A request with an Idempotency-Key whose answer is lost: the node is killed at some moment of
it, started again, and asked the same once more. Whatever the moment was, it is done once.
"""

import argparse
import http.client
import json
import os
import random
import sys
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))
from api import Api, _Connection  # noqa: E402
from network import Failed, Network  # noqa: E402

AT_ONCE = 4  # requests under way when the node dies


def log(path, title, answers=None):
    """One keyed request; whether the answer said that it was done before. None: no answer."""
    body = {"title": title, "text": "三盏不亮", "category": "公共设施"}
    connection = _Connection(path, 60)
    try:
        connection.connect()
        connection.request("POST", "/api/v1/issues", json.dumps(body).encode(),
                           {"Idempotency-Key": title.encode().hex()})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise Failed(f"{title}: {answer.status}")
        found = answer.headers["Idempotency-Replayed"] == "true"
        if answers is not None:
            answers.append(title)
        return found
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    network = Network(os.path.join(ROOT, options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"))
    known = written_unanswered = 0
    try:
        city = network.create()
        path = Api(city.data).path
        for number in range(options.kills):
            titles = [f"第{number}次第{i}件" for i in range(AT_ONCE)]
            answered = []
            asking = [threading.Thread(target=log, args=(path, title, answered)) for title in titles]
            for one in asking:
                one.start()
                time.sleep(random.random() * 0.01)
            time.sleep(random.random() * 0.02)
            city.kill()
            for one in asking:
                one.join()
            city.start()
            for title in titles:
                before = log(path, title)
                if before is None or (title in answered and not before):
                    raise Failed(f"{title}: acknowledged={title in answered}, known={before}")
                known += before
                written_unanswered += before and title not in answered
        logged = [issue["title"] for issue in Api(city.data).get("issues", limit=1000)["issues"]]
        if len(logged) != options.kills * AT_ONCE or len(set(logged)) != len(logged):
            raise Failed(f"{len(logged)} issues, {len(set(logged))} different, "
                         f"of {options.kills * AT_ONCE} requests")
        network.stop()
        print(f"{len(logged)} requests, each done once; {known} were known when asked again, "
              f"{written_unanswered} of them written without an answer (seed {options.seed})")
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
        network.remove()


if __name__ == "__main__":
    main()
