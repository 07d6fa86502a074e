"""A small file system for one node's data: ext4 in a file where loop devices work, else a
tmpfs. Needs root."""

import errno
import os
import subprocess

from network import Failed

SIZE_MIB = 32
CHUNK = bytes(64 * 1024)


class SmallDisk:
    def __init__(self, folder):
        self.mount, self.image = folder, folder + ".img"
        self.filler = os.path.join(folder, "filler")
        if os.geteuid() != 0:
            raise Failed("the test of full disks mounts a small file system: run it as root")
        os.makedirs(folder)
        self.kind = "ext4" if self._ext4() else "tmpfs"
        if self.kind == "tmpfs":
            self._run("mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m", "tmpfs", folder)

    def _run(self, *command):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise Failed(f"{' '.join(command)}: {done.stderr.strip()}")

    def _ext4(self):
        with open(self.image, "wb") as image:
            image.truncate(SIZE_MIB << 20)
        try:
            self._run("mkfs.ext4", "-q", "-F", "-m", "0", self.image)
            self._run("mount", "-o", "loop", self.image, self.mount)
            return True
        except (Failed, FileNotFoundError):
            os.unlink(self.image)
            return False

    def fill(self, leave):
        """Fills it but for about `leave` bytes."""
        with open(self.filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(CHUNK)
                    os.fsync(file.fileno())
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
            file.truncate(max(0, os.fstat(file.fileno()).st_size - leave))
            os.fsync(file.fileno())

    def free(self):
        os.unlink(self.filler)

    def unmount(self):
        self._run("umount", self.mount)
        if self.kind == "ext4":
            os.unlink(self.image)
