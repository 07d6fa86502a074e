"""A node's API over its Unix socket, as a person's program would use it.

Three things can come of a command, and an account of what was acknowledged must keep them
apart: an answer (it is on disk), a refusal (nothing was written), or no answer (either).
"""

import http.client
import json
import os
import socket
import urllib.parse


class Refused(Exception):
    """The node said no: nothing was written."""

    def __init__(self, problem):
        super().__init__(f"{problem.get('rule')}: {problem.get('en')}")
        self.rule = problem.get("rule", "")
        self.problem = problem


class Unreachable(Exception):
    """No connection: nothing was sent."""


class NoAnswer(Exception):
    """It was sent, and no answer came: written or not."""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("node", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Api:
    """One request at a time, each on a connection of its own: a kept one that the node has
    closed could not be told from one that broke after the request. Not thread-safe."""

    def __init__(self, data, timeout_s=60):
        self.path, self.timeout = os.path.join(data, "api.sock"), timeout_s

    def text(self, target):
        """What is no JSON: /metrics."""
        connection = _Connection(self.path, self.timeout)
        try:
            connection.connect()
            connection.request("GET", target)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def call(self, method, target, body=None):
        connection = _Connection(self.path, self.timeout)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise Unreachable(str(error)) from error
            try:
                text = None if body is None else json.dumps(body, ensure_ascii=False).encode()
                connection.request(method, target, text, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                found = json.loads(answer.read())
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
                raise NoAnswer(str(error)) from error
            if answer.status == 504:  # the core thread may yet write it
                raise NoAnswer(found.get("rule", ""))
            if answer.status >= 300:
                raise Refused(found)
            return found
        finally:
            connection.close()

    def get(self, target, **query):
        text = urllib.parse.urlencode(query)
        return self.call("GET", f"/api/v1/{target}" + (f"?{text}" if text else ""))

    def post(self, target, body):
        return self.call("POST", f"/api/v1/{target}", body)

    def journal(self):
        """All lines this node holds, in the order in which it stored them."""
        lines, after = [], ""
        while True:
            page = self.get("journal", limit=10000, after=after)
            lines += page["lines"]
            if page["end"]:
                return lines
            after = page["next"]

    def issue_ids(self):
        ids, before = [], 0
        while True:
            page = self.get("issues", limit=1000, before=before)
            ids += [issue["id"] for issue in page["issues"]]
            if page["next"] is None:
                return ids
            before = page["next"]
