#!/usr/bin/env python3
"""A new publication appears without a restart and without a lost request.

Speaks TAP.  The publication is made by bench/make_release_db.py in the schema
that `kekiz init` writes.
"""
# run-tests: timeout=60
import http.client
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEKIZ = os.environ.get("KEKIZ", str(ROOT / "build" / "kekiz"))
results = []


def check(name, good, why=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    if not good and why:
        print(f"# {why}")
    sys.stdout.flush()


def get(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.getheader("ETag"), body


def wait_for(port, path, wanted, seconds=10):
    """Seconds until the page has the text, or None."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if wanted in get(port, path)[2]:
            return time.monotonic() - start
        time.sleep(0.05)
    return None


def publish(file, name):
    """What a second publication changes, in one transaction."""
    with sqlite3.connect(file) as db:
        db.execute("UPDATE setting SET value = ? WHERE key = 'name'", (name,))
        db.execute("UPDATE setting SET value = value || '+' WHERE key = 'version'")


def main():
    with tempfile.TemporaryDirectory() as folder:
        workspace = folder + "/ws"
        release = workspace + "/release.db"
        subprocess.run([KEKIZ, "init", workspace, "--name", "Köln", "--key", "05315000"], check=True,
                       stderr=subprocess.DEVNULL)
        server = subprocess.Popen([KEKIZ, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0"],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        port = int(server.stdout.readline().decode().rstrip("/\n").rsplit(":", 1)[1])

        status, _, body = get(port, "/")
        check("nothing published: a start page that says what to do", status == 200 and
              "Noch ist nichts veröffentlicht".encode() in body and b"kekiz release" in body)
        check("and no other page", get(port, "/thema")[0] == 404)
        subprocess.run([sys.executable, str(ROOT / "bench/make_release_db.py"), release, "--areas", "20",
                        "--periods", "3", "--indicators", "3"], check=True)
        check("the first publication is there within 3 s, without a restart",
              (wait_for(port, "/", b"Messstadt") or 99) < 3)

        stop, codes = threading.Event(), []

        def visit():
            while not stop.is_set():
                codes.append(get(port, "/", **{"Accept-Encoding": "gzip"})[0])

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for v in visitors:
            v.start()
        before = get(port, "/")[1]
        slowest = 0.0
        for n in range(4):
            publish(release, f"Stadt{n}")
            slowest = max(slowest, wait_for(port, "/", f"Stadt{n}".encode()) or 99)
        stop.set()
        for v in visitors:
            v.join()
        check("four more publications are seen, each within 3 s", slowest < 3, f"{slowest:.1f} s")
        check("no request was lost meanwhile", codes and set(codes) == {200}, f"{len(codes)} requests, {set(codes)}")
        status, etag, _ = get(port, "/", **{"If-None-Match": before})
        check("the old tag does not hold for the new page", status == 200 and etag != before)
        check("the new one does", get(port, "/", **{"If-None-Match": etag})[0] == 304)

        with open(release, "r+b") as f:  # a damaged file
            f.write(b"x" * 4096)
        time.sleep(1.2)
        check("a damaged file leaves the old pages in place", b"Stadt3" in get(port, "/")[2])
        server.send_signal(signal.SIGTERM)
        check("it ends in order", server.wait(timeout=10) == 0)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
