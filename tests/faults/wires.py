"""Nodes in network namespaces of their own, joined by a relay that loses, delays, reorders,
repeats and cuts.

Every namespace has one TUN device, whose other end the relay holds: it reads IP packets, and
writes each to the namespace it is addressed to, or does not. So TCP itself lives through the
weather, as it would on a bad line. What befalls a packet is drawn from a seeded source; in
what order packets come is the machine's.

Needs root (namespaces, /dev/net/tun). The relay is a process of its own, told by a pipe.
"""

import contextlib
import ctypes
import fcntl
import heapq
import multiprocessing
import os
import random
import selectors
import struct
import subprocess
import time

from network import Failed
from town import Served

NETWORK = "10.77.0."
PORT = 7320
MTU = 1500
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
QUEUE = 10_000  # packets on their way; a wire that holds more loses the rest

_libc = ctypes.CDLL(None, use_errno=True)


def _system(call, *arguments):
    if call(*arguments) != 0:
        number = ctypes.get_errno()
        raise Failed("cannot make network namespaces; the test of links needs root and "
                     f"/dev/net/tun: {os.strerror(number)}")


def _namespace(address):
    """(namespace, tun): file descriptors of a new one with `address`, and of its wire."""
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        _system(_libc.unshare, CLONE_NEWNET)
        try:
            tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH14x", b"wire", IFF_TUN | IFF_NO_PI))
            for command in ("link set lo up", f"link set wire mtu {MTU} up",
                            f"addr add {address}/24 dev wire"):
                subprocess.run(["ip", *command.split()], check=True, capture_output=True)
            return os.open("/proc/self/ns/net", os.O_RDONLY), tun
        finally:
            _system(_libc.setns, home, CLONE_NEWNET)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failed(f"cannot make a network namespace with a TUN device: {error}") from error
    finally:
        os.close(home)


class Weather:
    """Of one wire, both ways. Probabilities of a packet; seconds."""

    def __init__(self, loss=0.0, repeat=0.0, least_s=0.0, most_s=0.0, cut=False):
        self.loss, self.repeat, self.cut = loss, repeat, cut
        self.least_s, self.most_s = least_s, most_s


class Relay:
    """The process that moves the packets."""

    def __init__(self, tuns, orders, seed):
        self.tuns, self.orders = tuns, orders  # {address: fd}, a Connection
        self.random, self.weather = random.Random(seed), {}
        self.way, self.number = [], 0  # heap of (due, number, to, packet)
        self.count = dict.fromkeys(("carried", "lost", "repeated", "overtaken", "cut"), 0)
        self.last = {}  # due of the last packet to an address

    def run(self):
        chooser = selectors.DefaultSelector()
        for tun in self.tuns.values():
            chooser.register(tun, selectors.EVENT_READ)
        chooser.register(self.orders, selectors.EVENT_READ)
        while True:
            wait = self.way[0][0] - time.monotonic() if self.way else 1
            for key, _ in chooser.select(max(0, wait)):
                if key.fileobj is self.orders:
                    if not self.obey():
                        return
                else:
                    self.read(key.fd)
            self.deliver()

    def obey(self):
        try:
            order = self.orders.recv()
        except EOFError:
            return False
        if order is None:
            self.orders.send(self.count)
        else:
            pair, weather = order
            self.weather[pair] = weather
        return True

    def read(self, tun):
        for _ in range(64):
            try:
                packet = os.read(tun, MTU)
            except BlockingIOError:
                return
            if packet[0] >> 4 != 4:
                continue  # IPv6 looking for routers
            ends = tuple(".".join(map(str, packet[at:at + 4])) for at in (12, 16))
            if ends[1] in self.tuns:
                self.send(ends, packet)

    def send(self, ends, packet):
        weather = self.weather.get(frozenset(ends)) or Weather()
        if weather.cut:
            self.count["cut"] += 1
            return
        if self.random.random() < weather.loss or len(self.way) >= QUEUE:
            self.count["lost"] += 1
            return
        copies = 2 if self.random.random() < weather.repeat else 1
        self.count["repeated"] += copies - 1
        for _ in range(copies):
            due = time.monotonic() + self.random.uniform(weather.least_s, weather.most_s)
            self.count["overtaken"] += due < self.last.get(ends, 0)
            self.last[ends] = max(due, self.last.get(ends, 0))
            self.number += 1
            heapq.heappush(self.way, (due, self.number, ends[1], packet))

    def deliver(self):
        now = time.monotonic()
        while self.way and self.way[0][0] <= now:
            _, _, to, packet = heapq.heappop(self.way)
            with contextlib.suppress(OSError):  # its queue is full: lost, as on a wire
                os.write(self.tuns[to], packet)
                self.count["carried"] += 1


def _relay(tuns, orders, other_end, seed):
    other_end.close()
    Relay(tuns, orders, seed).run()


class Wires:
    """Namespaces with addresses, and the relay between them."""

    def __init__(self, count, seed):
        self.addresses = [f"{NETWORK}{k + 1}" for k in range(count)]
        made = {address: _namespace(address) for address in self.addresses}
        self.spaces = {address: space for address, (space, _) in made.items()}
        self.orders, theirs = multiprocessing.Pipe()
        tuns = {address: tun for address, (_, tun) in made.items()}
        self.relay = multiprocessing.Process(target=_relay, daemon=True,
                                             args=(tuns, theirs, self.orders, seed))
        self.relay.start()
        theirs.close()
        for tun in tuns.values():
            os.close(tun)

    def set(self, one, other, weather):
        self.orders.send((frozenset((one, other)), weather))

    def counts(self):
        self.orders.send(None)
        return self.orders.recv()

    def close(self):
        self.orders.close()
        self.relay.join(30)
        for space in self.spaces.values():
            os.close(space)


class InNamespace(Served):
    """A node in a namespace of its own; its API's socket is a file and reached as ever."""

    def __init__(self, wires, network, code, name, port=None):
        super().__init__(network, code, name, port)
        self.address = wires.addresses[len(network.nodes)]
        self.endpoint = f"tcp://{self.address}:{PORT}" if port else ""
        self.space = wires.spaces[self.address]

    def prefix(self):
        return ["nsenter", f"--net=/proc/{os.getpid()}/fd/{self.space}"]
