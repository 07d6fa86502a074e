#!/usr/bin/env python3
"""The Debian package installed, upgraded over data and removed, on a copy-on-write image of this
machine (overlayfs in a mount namespace of its own; needs root).

    package.py --yishi build/yishi

A node is made as the package's user and serves with the unit's own command line, sandbox aside;
an upgrade leaves its records and its process as they are; removing and purging leave its records.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = "/var/lib/yishi/city"
LIMIT_S = 60


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=LIMIT_S, check=False, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


class Image:
    """What is written below it stays in it."""

    def __init__(self, folder):
        self.top = folder / "image"
        for name in ("image", "upper", "work", "tmp"):
            (folder / name).mkdir()
        # Its upper layer may not lie on an overlay itself: memory always will do.
        run("mount", "-t", "tmpfs", "tmpfs", folder / "tmp")
        for name in ("upper", "work"):
            (folder / "tmp" / name).mkdir()
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir=/,upperdir={folder}/tmp/upper,workdir={folder}/tmp/work", self.top)
        for kernel in ("proc", "dev"):
            run("mount", "--rbind", f"/{kernel}", self.top / kernel)

    def run(self, *words, user=None):
        as_user = ["runuser", "-u", user, "--"] if user else []
        return run("chroot", self.top, *as_user, *words)

    def start(self, words, user):
        return subprocess.Popen(["chroot", self.top, "runuser", "-u", user, "--", *words],
                                stderr=subprocess.DEVNULL)


def unit_command(image):
    """ExecStart of the unit, for the node `city`."""
    unit = (image.top / "lib/systemd/system/yishi@.service").read_text()
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    return line.removeprefix("ExecStart=").replace("%i", "city").split()


def wait_for_answer(image, process):
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the node ended with {process.returncode}")
        if (image.top / DATA.lstrip("/") / "api.sock").exists():
            asked = subprocess.run(["chroot", image.top, "runuser", "-u", "yishi", "--", "yishi", "status",
                                    "--json", "--data", DATA], capture_output=True, text=True, check=False)
            if asked.returncode == 0:
                return json.loads(asked.stdout)
        time.sleep(0.2)
    raise SystemExit("the node did not answer")


def stop(image, process):
    pid = image.run("pgrep", "-u", "yishi", "-x", "yishi").split()
    for one in pid:
        os.kill(int(one), 15)
    process.wait(LIMIT_S)


def story(yishi, folder):
    packages = {version: run(ROOT / "scripts/package", "--program", yishi, "--version", version, folder).strip()
                for version in ("0.1.0", "0.1.1")}
    image = Image(folder)
    inside = {version: "/" + os.path.basename(path) for version, path in packages.items()}
    for version, path in packages.items():
        shutil.copy(path, image.top / inside[version].lstrip("/"))

    image.run("dpkg", "-i", inside["0.1.0"])
    assert image.run("stat", "-c", "%U %a", "/var/lib/yishi").split() == ["yishi", "700"]
    print("installed: the user and its folder are there")
    for page in ("/usr/share/man/man1/yishi.1.gz", "/usr/share/man/zh_CN/man1/yishi.1.gz"):
        text = image.run("zcat", page)
        assert ".SS yishi issue log" in text and ".SS yishi serve" in text, page
    completed = image.run("bash", "-c", "source /usr/share/bash-completion/completions/yishi; "
                          "COMP_WORDS=(yishi topology mo) COMP_CWORD=2; _yishi; echo ${COMPREPLY[@]}")
    assert completed.split() == ["move"], completed
    if shutil.which("systemd-analyze"):
        (image.top / "etc/yishi/city.conf").write_text("")
        image.run("systemd-analyze", "verify", "--man=no", "yishi@city.service")
        print("the unit is sound to systemd")

    image.run("yishi", "topology", "create", "--data", DATA, "--name", "淮安市", "--divisions",
              "/usr/share/yishi/divisions/huaian.csv", "--policy", "/usr/share/yishi/policies/huaian.toml",
              user="yishi")
    (image.top / "etc/yishi/city.conf").write_text("log-level = warn\n")
    process = image.start(unit_command(image), "yishi")
    try:
        wait_for_answer(image, process)
        image.run("yishi", "issue", "log", "--data", DATA, "--title", "路灯不亮", "--category", "环境整治",
                  "--text", "三盏", user="yishi")
        image.run("dpkg", "-i", inside["0.1.1"])
        assert process.poll() is None
        assert wait_for_answer(image, process)["counts"]["issues"] == 1
        stop(image, process)
        process = image.start(unit_command(image), "yishi")
        assert wait_for_answer(image, process)["counts"]["issues"] == 1
        image.run("yishi", "verify", "--data", DATA, user="yishi")
        print("upgraded over a running node: its records are as they were")
        stop(image, process)
    finally:
        if process.poll() is None:
            process.kill()
    image.run("dpkg", "--remove", "yishi")
    assert not (image.top / "usr/bin/yishi").exists()
    said = image.run("dpkg", "--purge", "yishi")
    assert "/var/lib/yishi" in said
    assert (image.top / DATA.lstrip("/") / "store.db").exists()
    print("removed and purged: the records stay")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--yishi", required=True)
    parser.add_argument("--alone", action="store_true", help="already in a mount namespace of its own")
    arguments = parser.parse_args()
    if not arguments.alone:
        sys.exit(subprocess.run(["unshare", "-m", sys.executable, __file__, "--alone",
                                 "--yishi", os.path.abspath(arguments.yishi)], check=False).returncode)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="yishi-package-"))
    try:
        story(arguments.yishi, folder)
    finally:
        subprocess.run(["umount", "-R", "-l", folder / "image"], check=False, capture_output=True)
        subprocess.run(["umount", "-l", folder / "tmp"], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
