#!/usr/bin/env python3
"""The server from outside, by people who do not mean well (TRUST.md 8, rows 58 to 64, 76).

usage: test/web/abuse.py          KZ_NIGHTLY=1 for 10,000 guests instead of 2,000
Speaks TAP, needs nothing but Python's standard library.
"""
# run-tests: timeout=180 alone
import os
import pathlib
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEKIZ = os.environ.get("KEKIZ", str(ROOT / "build" / "kekiz"))
FULL = bool(os.environ.get("KZ_NIGHTLY"))
SECURITY = (b"content-security-policy: default-src 'none'", b"x-content-type-options: nosniff",
            b"referrer-policy: no-referrer", b"cross-origin-opener-policy: same-origin",
            b"cross-origin-resource-policy: same-origin")
HEAD = b"GET /gesundheit HTTP/1.1\r\nHost: a\r\n"
GOOD = HEAD + b"\r\n"
STATUS_LINE = re.compile(rb"^HTTP/1\.1 \d\d\d ", re.M)
results = []


def check(name, good, why=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    if not good and why:
        print(f"# {why}")
    sys.stdout.flush()


class Server:
    """kekiz serve in an empty workspace, on a free port."""

    def __init__(self, descriptors=None):
        self.dir = tempfile.TemporaryDirectory()
        workspace = self.dir.name + "/ws"
        subprocess.run([KEKIZ, "init", workspace, "--name", "Köln", "--key", "05315000"], check=True,
                       stderr=subprocess.DEVNULL)
        self.log = open(self.dir.name + "/log", "w+b")

        def limit():
            if descriptors:
                resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.process = subprocess.Popen([KEKIZ, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0",
                                         "--threads", "2"], stdout=subprocess.PIPE, stderr=self.log,
                                        preexec_fn=limit)
        line = self.process.stdout.readline().decode()
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])

    def connect(self, timeout=5):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def rss_mib(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmRSS")) / 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return None


def read_all(s, seconds=3):
    """Everything until the other side closes; None in place of the end after `seconds`."""
    data, until = b"", time.monotonic() + seconds
    while True:
        s.settimeout(max(0.01, until - time.monotonic()))
        try:
            part = s.recv(65536)
        except (TimeoutError, socket.timeout):
            return data, False
        except ConnectionError:
            return data, True
        if not part:
            return data, True
        data += part


def send_raw(server, data, seconds=3):
    with server.connect() as s:
        try:
            s.sendall(data)
        except OSError:
            pass
        return read_all(s, seconds)


def code_of(data):
    return int(data[9:12]) if data[:9] in (b"HTTP/1.1 ", b"HTTP/1.0 ") and data[9:12].isdigit() else 0


def ask(server, data=GOOD):
    """One answer over a fresh connection: code and seconds."""
    start = time.monotonic()
    with server.connect() as s:
        s.sendall(data)
        answer = s.recv(65536)
    return code_of(answer), time.monotonic() - start


def refusals(server):
    post = b"POST /gesundheit HTTP/1.1\r\nHost: a\r\n"
    cases = [
        ("CL and TE", post + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("TE and CL", post + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400),
        ("two CL", post + b"Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde", 400),
        ("two equal CL", post + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400),
        ("CL +5", post + b"Content-Length: +5\r\n\r\nabcde", 400),
        ("CL 5,5", post + b"Content-Length: 5,5\r\n\r\nabcde", 400),
        ("CL with a blank inside", post + b"Content-Length: 5 5\r\n\r\nabcde", 400),
        ("CL -1", post + b"Content-Length: -1\r\n\r\n", 400),
        ("CL 0x5", post + b"Content-Length: 0x5\r\n\r\nabcde", 400),
        ("CL 2^64", post + b"Content-Length: 18446744073709551616\r\n\r\n", 413),
        ("a body", post + b"Content-Length: 5\r\n\r\nabcde", 413),
        ("GET with a body", HEAD + b"Content-Length: 5\r\n\r\nabcde", 400),
        ("chunk of 2^64-1", post + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc", 501),
        ("TE xchunked", post + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        ("two TE", post + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400),
        ("bare LF", b"GET /gesundheit HTTP/1.1\nHost: a\n\n", 400),
        ("bare LF in a field", HEAD + b"X: a\n\r\n", 400),
        ("folded field", HEAD + b"X: a\r\n b\r\n\r\n", 400),
        ("NUL in a field", HEAD + b"X: a\0b\r\n\r\n", 400),
        ("NUL in the target", b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("no colon", HEAD + b"Xabc\r\n\r\n", 400),
        ("blank before the colon", HEAD + b"X : a\r\n\r\n", 400),
        ("two Host", HEAD + b"Host: b\r\n\r\n", 400),
        ("no Host", b"GET /gesundheit HTTP/1.1\r\n\r\n", 400),
        ("absolute form", b"GET http://b/gesundheit HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("method get", b"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("TRACE", b"TRACE /gesundheit HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 405),
        ("PROPFIND", b"PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("CONNECT", b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("method of 100 letters", b"A" * 100 + b" / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
        ("HTTP/0.9", b"GET /\r\n\r\n", 400),
        ("HTTP/2 preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        ("1 MB of URL", b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("a byte too much URL", b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("100,000 parameters", b"GET /?" + b"a=1&" * 100_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("65 parameters", b"GET /?" + b"".join(b"p%d=1&" % i for i in range(65)) + b" HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("a parameter twice", b"GET /gesundheit?a=1&a=2 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("16 KiB of header", HEAD + b"Cookie: " + b"a" * 16384 + b"\r\n\r\n", 431),
        ("10,000 fields", HEAD + b"X: 1\r\n" * 10_000 + b"\r\n", 431),
        ("1,000 cookies", HEAD + b"Cookie: a=b\r\n" * 1000 + b"\r\n", 431),
        ("Expect", HEAD + b"Expect: 100-continue\r\n\r\n", 417),
    ]
    paths = {"/../../etc/passwd": 400, "/%2e%2e%2fetc": 400, "/..%00": 400, "/%c0%ae": 400, "/\\x": 400, "//host": 404,
             "/%zz": 400, "/%": 400, "/%u0041": 400, "/%c0%af": 400, "/s/../data/indicators.tsv": 400,
             "/s/0000000000000000/locale/de/web.txt": 404, "/gibt-es-nicht": 404}
    cases += [(f"GET {path}", f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(), code)
              for path, code in paths.items()]
    for name, data, code in cases:
        answer, closed = send_raw(server, data)
        head, _, body = answer.partition(b"\r\n\r\n")
        missing = [h for h in SECURITY if h not in head.lower()]
        once = len(STATUS_LINE.findall(answer)) == 1
        ends = closed
        check(f"{name}: {code}, plain page, all headers",
              code_of(answer) == code and not missing and once and ends and b"<h1>" in body and b"\nserver:" not in
              head.lower(), f"{answer[:100]!r} missing {missing} closed {closed}")


def keeps_the_connection(server):
    with server.connect() as s:
        s.sendall(GOOD * 3)
        data = b""
        while data.count(b'"status":"ok"') < 3:
            data += s.recv(65536)
        check("three requests in one packet get three answers", data.count(b"HTTP/1.1 200") == 3)
        s.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + GOOD)
        answer, closed = read_all(s)
        check("a doubtful request later on ends the connection",
              code_of(answer) == 400 and closed and len(STATUS_LINE.findall(answer)) == 1, repr(answer[:200]))
    answer, closed = send_raw(server, HEAD + b"Range: bytes=" + b"0-," * 1000 + b"\r\nConnection: close\r\n\r\n")
    check("Range is ignored", code_of(answer) == 200)
    with server.connect() as s:
        s.sendall(GOOD)
        s.shutdown(socket.SHUT_WR)
        check("who says no more still gets the answer", code_of(s.recv(65536)) == 200)


def leaves_early(server):
    ask(server)
    before = server.descriptors()
    for i in range(300):
        s = server.connect()
        s.sendall(GOOD if i % 3 else HEAD)
        if i % 2:  # RST instead of FIN
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    time.sleep(0.7)
    code, _ = ask(server)
    check("300 who leave at once leave nothing behind", code == 200 and server.descriptors() <= before + 2,
          f"{before} descriptors before, {server.descriptors()} after")


def crowd(server, n):
    """n guests who say nothing, or a byte now and then; others are served meanwhile."""
    guests = []
    for i in range(n):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(("127.0.0.1", server.port))
        guests.append(s)
        if i % 500 == 499:
            time.sleep(0.02)
    start = time.monotonic()
    drip, times, codes, memory, gone_at = HEAD + b"X: " + b"a" * 200, [], set(), 0.0, {}
    poll = select.epoll()
    by_fd = {s.fileno(): s for s in guests}
    for s in guests:
        poll.register(s.fileno(), select.EPOLLRDHUP | select.EPOLLHUP)
    second = 0
    while time.monotonic() - start < 14 and by_fd:
        if time.monotonic() - start > second:
            for i, s in enumerate(guests):
                if i % 2 and s.fileno() in by_fd:
                    try:
                        s.send(drip[second:second + 1])
                    except OSError:
                        pass
            second += 1
        for _ in range(5):
            code, seconds = ask(server)
            codes.add(code)
            times.append(seconds)
        memory = max(memory, server.rss_mib())
        for fd, _ in poll.poll(0.05):
            gone_at[fd] = time.monotonic() - start
            poll.unregister(fd)
            by_fd.pop(fd).close()
    times.sort()
    p99 = times[int(len(times) * 0.99)]
    check(f"{n} idle or dripping guests: others get 200 within 200 ms (p99)", codes == {200} and p99 <= 0.2,
          f"codes {codes}, p99 {p99 * 1000:.0f} ms of {len(times)}")
    print(f"# p50 {times[len(times) // 2] * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, max {times[-1] * 1000:.1f} ms, "
          f"memory {memory:.1f} MiB")
    most = 192 if os.environ.get("KZ_SANITIZED") else 64  # the sanitizers' shadows are memory too
    check(f"{n} guests: memory stays within {most} MiB", memory <= most, f"{memory:.1f} MiB")
    check("every one of them is shown out after 10 s", not by_fd and max(gone_at.values()) < 13.5,
          f"{len(by_fd)} are still there")
    check("and nobody before", not gone_at or min(gone_at.values()) > 8, f"{min(gone_at.values()):.1f} s")


def full_house():
    server = Server(descriptors=192)
    guests = []
    refused = 0
    for _ in range(160):
        s = server.connect()
        s.setblocking(False)
        guests.append(s)
    time.sleep(0.5)
    slowest = 0.0
    for _ in range(10):
        start = time.monotonic()
        answer, closed = send_raw(server, GOOD, 2)
        slowest = max(slowest, time.monotonic() - start if closed else 9)
        refused += code_of(answer) == 503 and b"retry-after: 5" in answer.lower()
    check("a full house says 503 with Retry-After at once", refused == 10 and slowest < 1.5,
          f"{refused} of 10 refused, slowest {slowest:.2f} s")
    for s in guests:
        s.close()
    time.sleep(0.5)
    check("and serves again when there is room", ask(server)[0] == 200)
    check("ends in order", server.stop() == 0)


def busy_port(server):
    other = subprocess.run([KEKIZ, "--workspace", server.dir.name + "/ws", "serve", "--listen",
                            f"127.0.0.1:{server.port}"], capture_output=True, timeout=20)
    text = other.stderr.decode()
    check("a busy port is named, with a way out, exit 8",
          other.returncode == 8 and str(server.port) in text and "--listen" in text and not other.stdout, text)


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    server = Server()
    refusals(server)
    keeps_the_connection(server)
    leaves_early(server)
    busy_port(server)
    full_house()
    crowd(server, 10_000 if FULL else 2_000)
    ask(server, b"GET /gibt-es-nicht?name=Geheimnis42 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.9.8.7\r\n\r\n")
    check("SIGTERM ends it in order", server.stop() == 0)
    server.log.seek(0)
    log = server.log.read()
    check("the log knows no visitor and no question", b"Geheimnis" not in log and b"10.9.8.7" not in log and
          b"127.0.0.1" not in log, log.decode())
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
