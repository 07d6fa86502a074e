"""Real nodes, and a real browser on their pages.

  python3 run.py --yishi build/yishi                     the stories of stories/*.mjs
  python3 run.py --yishi build/yishi --screens FOLDER    every page of pages.mjs as a picture

The browser's side is a node program; it asks this one to stop and start nodes, for nobody else
can: a line "@stop village" on its standard output is answered by a line on its standard input.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

from rooms import HERE, ROOT, Rooms

LIMIT_S = 400


def serve_wishes(rooms, process):
    for line in process.stdout:
        if not line.startswith("@"):
            print(line, end="", flush=True)
            continue
        wish, level, *rest = line[1:].split()
        node = rooms.node(level)
        answer = {}
        if wish == "stop":
            node.stop()
        elif wish == "start":
            node.start()
        elif wish == "link":
            answer = node.first_link()
        elif wish == "yishi":  # any command of the command line, its words as JSON
            answer = node.yishi(*json.loads(" ".join(rest)))
        process.stdin.write(json.dumps(answer) + "\n")
        process.stdin.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--yishi", required=True)
    parser.add_argument("--screens", help="a folder for pictures, instead of the stories")
    parser.add_argument("--only", default="", help="stories whose names match this; the first is always told")
    parser.add_argument("--keep", action="store_true", help="keep the nodes' folder after a failure")
    arguments = parser.parse_args()
    if not shutil.which("chromium"):
        sys.exit("chromium was not found: scripts/packages test")
    rooms = Rooms(os.path.abspath(arguments.yishi))
    code = 1
    try:
        script = "screens.mjs" if arguments.screens else "stories.mjs"
        environment = {**os.environ, "ROOMS": json.dumps(rooms.told()), "ONLY": arguments.only,
                       "SCREENS": os.path.abspath(arguments.screens or "."),
                       "MODULES": os.path.join(ROOT, "node/web/package.json")}
        process = subprocess.Popen(["node", os.path.join(HERE, script)], env=environment, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            serve_wishes(rooms, process)
            code = process.wait(LIMIT_S)
        finally:
            if process.poll() is None:
                process.kill()
    finally:
        rooms.network.stop()
        if code == 0 or not arguments.keep:
            rooms.network.remove()
        else:
            print(f"kept: {rooms.network.folder}")
    sys.exit(code)


if __name__ == "__main__":
    main()
