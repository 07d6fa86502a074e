"""What a hostile client may try on a node's listener for people, with and without TLS, and that
honest ones are served meanwhile. Real daemon, real sockets; what takes a limit's whole time is in
tests/node/http, where the limits are short.
"""

import argparse
import contextlib
import json
import os
import socket
import ssl
import subprocess
import sys
import warnings

from network import Failed, Network, Node, free_ports, wait_until

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests/faults"))
from api import Api  # noqa: E402

HELD_OF_ADDRESS = 64  # connections of one address; limits.h
HELD_OF_ALL = 256
GROWN_KIB = 64 * 1024  # of memory, after all of it


class Door(Node):
    http_address = ""

    def arguments(self):
        return ["--http", self.http_address]


class Attacker:
    def __init__(self, port):
        self.port = port

    def connect(self, source="127.0.0.1"):
        return socket.create_connection(("127.0.0.1", self.port), 20, source_address=(source, 0))

    def told(self, request, source="127.0.0.1"):
        """The status that raw bytes are answered with; "closed" when there is no answer."""
        with self.connect(source) as one:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                one.sendall(request)
            heard = b""
            with contextlib.suppress(ConnectionResetError):
                while b"\r\n" not in heard:
                    piece = one.recv(4096)
                    if not piece:
                        break
                    heard += piece
        return heard[9:12].decode() if heard.startswith(b"HTTP/1.1 ") else "closed"

    def get(self, path="/healthz", more="", source="127.0.0.1"):
        request = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
                   f"{more}\r\n")
        return self.told(request.encode("latin-1"), source)

    def post(self, fields, body=b""):
        head = (f"POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Connection: close\r\n{fields}\r\n")
        return self.told(head.encode("latin-1") + body)


def expect(what, found, *wanted):
    if found not in wanted:
        raise Failed(f"{what}: {found}, not {' or '.join(wanted)}")


def expect_no_file(attacker, path):
    """Nothing, or the page that every path of the pages has; never a file."""
    with attacker.connect() as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        heard = b""
        while piece := one.recv(65536):
            heard += piece
    head, _, body = heard.partition(b"\r\n\r\n")
    page = head.startswith(b"HTTP/1.1 200") and body.lower().startswith(b"<!doctype html>")
    if not page and not head.startswith(b"HTTP/1.1 404"):
        raise Failed(f"{path}: {heard[:200]}")


def malformed(attacker):
    """Every request that two readers could read differently, or that wants too much."""
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    expect("length given twice", attacker.post("Content-Length: 2\r\nContent-Length: 3\r\n", b"{}x"), "400")
    expect("two lengths in one", attacker.post("Content-Length: 2, 2\r\n", b"{}"), "400")
    expect("length with a sign", attacker.post("Content-Length: +2\r\n", b"{}"), "400")
    expect("length and chunks", attacker.post(
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), "400")
    expect("length beyond the limit", attacker.post("Content-Length: 99999999\r\n"), "413")
    expect("length beyond all numbers", attacker.post("Content-Length: " + "9" * 40 + "\r\n"), "400")
    expect("chunks beyond the limit", attacker.post(
        "Transfer-Encoding: chunked\r\n", chunk * 80 + b"0\r\n\r\n"), "413")
    expect("chunk as long as the address space", attacker.post(
        "Transfer-Encoding: chunked\r\n", b"FFFFFFFFFFFFFFFF\r\nx"), "400", "413")
    expect("chunks of one byte", attacker.post(
        "Transfer-Encoding: chunked\r\n", b"1\r\nx\r\n" * 200000), "413")
    expect("folded line", attacker.get(more="X-Long: one\r\n two\r\n"), "400")
    expect("byte 0 in a field", attacker.get(more="X-Zero: a\0b\r\n"), "400")
    expect("blank before the colon", attacker.get(more="X-Blank : a\r\n"), "400")
    expect("thousands of fields", attacker.get(
        more="".join(f"X-{i}: y\r\n" for i in range(50000))), "431")
    expect("field without end", attacker.get(more="X: " + "a" * 65536 + "\r\n"), "431")
    expect("host given twice", attacker.get(more="Host: localhost\r\n"), "400")
    expect("another host", attacker.told(b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"), "421")
    expect("no host", attacker.told(b"GET / HTTP/1.1\r\n\r\n"), "421")
    expect("no HTTP", attacker.told(b"\x16\x03\x01\x02 hello\r\n\r\n"), "400")
    for path in ("/../../etc/passwd", "/assets/../../../etc/passwd", "//etc/passwd",
                 "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fhttp.key", "/store.db",
                 "/assets/%5c..%5cstore.db", "/api/v1/../../store.db"):
        expect_no_file(attacker, path)
    expect("byte 0 in a path", attacker.get("/a%00b"), "400")


def crowds(attacker, data):
    """Half-open connections up to the limits: others are served, and after them everybody."""
    held = []
    try:
        for _ in range(HELD_OF_ADDRESS):
            one = attacker.connect("127.0.0.3")
            one.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")
            held.append(one)
        expect("one more of that address", attacker.get(source="127.0.0.3"), "503", "closed")
        expect("another address meanwhile", attacker.get(source="127.0.0.1"), "200")
        refused = 0
        for i in range(1000):
            one = attacker.connect(f"127.0.1.{1 + i // 40}")
            held.append(one)
        expect("a new address when the house is full", attacker.get(source="127.0.0.9"),
               "503", "closed")
        Api(data).get("status")  # who runs the node gets in
        for one in held[HELD_OF_ALL:]:
            one.settimeout(10)
            with contextlib.suppress(ConnectionResetError):
                if one.recv(4096).startswith(b"HTTP/1.1 503"):
                    refused += 1
        if refused < 1000 + HELD_OF_ADDRESS - HELD_OF_ALL - 8:
            raise Failed(f"only {refused} connections beyond the limit were told so")
    finally:
        for one in held:
            one.close()
    wait_until("there is room again", lambda: attacker.get() == "200", 20)
    return refused


def memory_kib(node):
    with open(f"/proc/{node.process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def plain(city):
    Door.http_address = f"127.0.0.1:{free_ports(1)[0]}"
    city.start()
    attacker = Attacker(int(Door.http_address.split(":")[1]))
    expect("honest request", attacker.get(), "200")
    before = memory_kib(city)
    malformed(attacker)
    refused = crowds(attacker, city.data)
    grown = memory_kib(city) - before
    if grown > GROWN_KIB:
        raise Failed(f"the node grew by {grown} KiB")
    expect("honest request at the end", attacker.get(), "200")
    city.stop()
    return f"{refused} connections refused, the node grew by {grown} KiB"


def handshake(port, context, name="localhost"):
    with socket.create_connection(("127.0.0.1", port), 20) as one:
        with context.wrap_socket(one, server_hostname=name) as sealed:
            sealed.sendall(f"GET /healthz HTTP/1.1\r\nHost: {name}:{port}\r\n"
                           "Connection: close\r\n\r\n".encode())
            heard = b""
            with contextlib.suppress(ssl.SSLError, ConnectionResetError):
                while piece := sealed.recv(4096):
                    heard += piece
            return sealed.version(), heard[9:12].decode()


def refused_handshake(what, port, context, name="localhost"):
    try:
        found = handshake(port, context, name)
    except (ssl.SSLError, ConnectionResetError):
        return
    raise Failed(f"{what}: {found}")


def speaks(client, certificate, key):
    """Whether a client's context gets through to a server that would speak anything."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.minimum_version = ssl.TLSVersion.TLSv1
    server.set_ciphers("DEFAULT@SECLEVEL=0")
    server.load_cert_chain(certificate, key)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there, server_side=False),
            server.wrap_bio(there, back, server_side=True)]
    done = 0
    for _ in range(10):
        for end in ends:
            with contextlib.suppress(ssl.SSLWantReadError):
                end.do_handshake()
                done += 1
    return done > 1


def sealed(city):
    """The certificate that a node makes for itself, and which TLS it speaks."""
    port = free_ports(1)[0]
    Door.http_address = f"0.0.0.0:{port}"
    city.start()
    certificate = os.path.join(city.data, "http.crt")
    if os.stat(os.path.join(city.data, "http.key")).st_mode & 0o77:
        raise Failed("others may read the key")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        known = ssl.create_default_context(cafile=certificate)
        known.minimum_version = known.maximum_version = version
        spoken, status = handshake(port, known)
        expect(spoken, status, "200")
    expect("by its address", handshake(port, known, "127.0.0.1")[1], "200")
    refused_handshake("a name that the certificate has not", port, known, "example.org")
    refused_handshake("a client that does not know the certificate", port,
                      ssl.create_default_context())
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        old.minimum_version = old.maximum_version = version
        if not speaks(old, certificate, os.path.join(city.data, "http.key")):
            raise Failed(f"{version.name}: the client does not speak it, so nothing was tried")
        refused_handshake(f"{version.name} was spoken", port, old)
    expect("plain HTTP", Attacker(port).get(), "closed")
    with socket.create_connection(("127.0.0.1", port), 20):  # says nothing
        expect("honest beside a silent one", handshake(port, known)[1], "200")
    curl = subprocess.run(["curl", "--silent", "--show-error", "--noproxy", "*", "--cacert", certificate,
                           f"https://localhost:{port}/healthz"], capture_output=True, text=True, check=False)
    if curl.returncode != 0 or not json.loads(curl.stdout)["ok"]:
        raise Failed(f"curl: {curl.stderr}")
    openssl = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", certificate,
                              "-verify_return_error", "-brief"], input="", capture_output=True,
                             text=True, check=False)
    if openssl.returncode != 0 or "Verification: OK" not in openssl.stderr:
        raise Failed(f"openssl: {openssl.stderr}")
    city.stop()


def main():
    warnings.simplefilter("ignore", DeprecationWarning)  # of what no node should speak
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build")
    options = parser.parse_args()
    network = Network(os.path.join(ROOT, options.build, "yishi"),
                      os.path.join(ROOT, "topology/divisions/huaian.csv"),
                      os.path.join(ROOT, "node/deliberation/policies/huaian.toml"))
    Door.http_address = f"127.0.0.1:{free_ports(1)[0]}"
    try:
        city = network.create(kind=Door)
        city.stop()
        told = plain(city)
        sealed(city)
        print(told + "; TLS 1.2 and 1.3 alone, with the node's own certificate")
    finally:
        for node in network.nodes.values():
            if node.process and node.process.poll() is None:
                node.kill()
        network.remove()


if __name__ == "__main__":
    main()
