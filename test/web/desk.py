#!/usr/bin/env python3
"""The internal side from outside, by people who do not mean well (TRUST.md 8, rows 65, 66, 68, 69, 71).

usage: test/web/desk.py
Speaks TAP, needs nothing but Python's standard library.
"""
# run-tests: timeout=180 alone
import http.client
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEKIZ = os.environ.get("KEKIZ", str(ROOT / "build" / "kekiz"))
FORM = "application/x-www-form-urlencoded"
results = []


def check(name, good, why=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}")
    if not good and why != "":
        print(f"# {why}")
    sys.stdout.flush()


class Server:
    def __init__(self, workspace, *more):
        self.workspace = workspace
        self.log = open(workspace + ".log", "a+b")
        self.process = subprocess.Popen([KEKIZ, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0", *more],
                                        stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode()
        self.port = int(line.rstrip("/\n").rsplit(":", 1)[1])
        self.origin = f"http://127.0.0.1:{self.port}"

    def ask(self, method, path, body=None, headers=None, host=None):
        """One answer over a fresh connection: code, headers, body."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            c.putrequest(method, path, skip_host=True)
            c.putheader("Host", host or f"127.0.0.1:{self.port}")
            for name, value in (headers or {}).items():
                c.putheader(name, value)
            if body is not None:
                c.putheader("Content-Length", str(len(body)))
            c.endheaders()
            if body:
                try:
                    c.send(body)
                except OSError:
                    pass  # refused before it was all there
            r = c.getresponse()
            return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()
        except (http.client.HTTPException, ConnectionError) as e:
            return 0, {}, str(e).encode()
        finally:
            c.close()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(timeout=20)


def kekiz(workspace, *args):
    return subprocess.run([KEKIZ, "--workspace", workspace, *args], check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout.decode()


class Person:
    """Somebody with a browser: a cookie, and the token of the forms."""

    def __init__(self, server, name):
        self.server = server
        link = kekiz(server.workspace, "user", "link", name).strip()
        self.link = link.rsplit("=", 1)[1]
        code, head, _ = server.ask("POST", "/intern/anmelden", f"schluessel={self.link}".encode(),
                                   {"Content-Type": FORM, "Origin": server.origin})
        assert code == 303, code
        self.cookie = head["set-cookie"].split(";")[0]
        self.csrf = re.search(rb'name="csrf" value="([^"]+)"', self.get("/intern")[2]).group(1).decode()

    def get(self, path):
        return self.server.ask("GET", path, headers={"Cookie": self.cookie})

    def post(self, path, body=None, kind=FORM, csrf=True, **headers):
        given = {"Cookie": self.cookie, "Content-Type": kind, "Origin": self.server.origin}
        given.update({k.replace("_", "-"): v for k, v in headers.items()})
        body = b"" if body is None else body
        if csrf and kind == FORM:
            body = f"csrf={self.csrf}".encode() + (b"&" + body if body else b"")
        return self.server.ask("POST", path, body, {k: v for k, v in given.items() if v is not None})

    def upload(self, source, content, name="tabelle.csv", period="", cut=""):
        b = b"----grenze"
        parts = [(b'name="csrf"', self.csrf.encode()), (b'name="zeitraum"', period.encode()),
                 (b'name="datei"; filename="' + name.encode() + b'"', content)]
        body = b"".join(b"--" + b + b"\r\nContent-Disposition: form-data; " + h + b"\r\n\r\n" + v + b"\r\n" for h, v in parts)
        return self.post(f"/intern/einlesen/quelle/{source}", body + b"--" + b + b"--\r\n",
                         kind="multipart/form-data; boundary=----grenze")

    def settle(self, path):
        for _ in range(80):
            code, head, body = self.get(path)
            if code != 200 or "refresh" not in head:
                return code, head, body
            time.sleep(0.1)
        return code, head, body


def make_workspace(folder):
    workspace = folder + "/w"
    square = [[[7, 51], [7.1, 51], [7.1, 51.1], [7, 51.1], [7, 51]]]
    with open(folder + "/teile.geojson", "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"key": "101", "name": "Altstadt"},
             "geometry": {"type": "Polygon", "coordinates": square}}]}, f)
    subprocess.run([KEKIZ, "init", workspace, "--name", "Köln", "--key", "05315000"], check=True,
                   stderr=subprocess.DEVNULL)
    kekiz(workspace, "area", "import", folder + "/teile.geojson", "--level", "Stadtteil", "--key", "key", "--name", "name")
    halves = [[[[x, 51], [x + .05, 51], [x + .05, 51.1], [x, 51.1], [x, 51]]] for x in (7, 7.05)]
    with open(folder + "/viertel.geojson", "w", encoding="utf-8") as f:
        json.dump({"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"key": key, "name": name}, "geometry": {"type": "Polygon", "coordinates": half}}
            for key, name, half in (("10101", "Altstadt West", halves[0]), ("10102", "Altstadt Ost", halves[1]))]}, f)
    kekiz(workspace, "area", "import", folder + "/viertel.geojson", "--level", "Viertel", "--key", "key", "--name", "name")
    for name, role in (("meier", "statistik"), ("schulz", "statistik"), ("kurt", "fachplanung"), ("ina", "it-admin")):
        kekiz(workspace, "user", "add", name, "--role", role)
    return workspace


TABLE = b"raum_id,raum,jahr,tab_id,zeile,zahl\n101,Altstadt,2024,005,Einwohner,4000\n"
ROUTES = ["/intern", "/intern/einlesen", "/intern/einlesen/quelle/ewo", "/intern/einlesen/lauf/x",
          "/intern/einlesen/lauf/x/zuordnung", "/intern/einlesen/lauf/x/bericht.csv", "/intern/verlauf", "/intern/verlauf/1",
          "/intern/verlauf/1/zuruecknehmen", "/intern/status"]
POSTS = ["/intern/einlesen/lauf/x/pruefen", "/intern/einlesen/lauf/x/uebernehmen", "/intern/einlesen/lauf/x/abbrechen",
         "/intern/einlesen/lauf/x/zuordnung", "/intern/verlauf/1/zuruecknehmen", "/intern/abmelden"]


def guests(server):
    answers = {path: server.ask("GET", path) for path in ROUTES + ["/intern/gibtesnicht", "/intern/../intern/verlauf2"]}
    codes = {path: a[0] for path, a in answers.items()}
    check("a guest gets 401 everywhere", all(c == 401 for p, c in codes.items() if ".." not in p), codes)
    bodies = {a[2] for p, a in answers.items() if ".." not in p}
    check("and the same page, whether there is something or not", len(bodies) == 1, len(bodies))
    posts = {p: server.ask("POST", p, b"csrf=x", {"Content-Type": FORM, "Origin": server.origin})[0] for p in POSTS
             if p != "/intern/abmelden"}
    check("nor may a guest post", set(posts.values()) == {401}, posts)
    for path in ("/%69ntern", "/intern%2Fverlauf", "/INTERN", "/internes", "/intern/verlauf/"):
        code = server.ask("GET", path)[0]
        check(f"{path} is no way in", code in (400, 401, 404), code)


def forgery(server, meier):
    page = "/intern/verlauf/1/zuruecknehmen"
    cases = {
        "no token": meier.post(page, b"a=1", csrf=False),
        "a wrong token": meier.post(page, b"csrf=" + b"A" * 43, csrf=False),
        "an empty token": meier.post(page, b"csrf=", csrf=False),
        "a token from elsewhere": meier.post(page, f"csrf={meier.cookie.split('=')[1]}".encode(), csrf=False),
        "a foreign Origin": meier.post(page, Origin="https://evil.example"),
        "Origin null": meier.post(page, Origin="null"),
        "no Origin at all": meier.post(page, Origin=None),
        "an Origin with another port": meier.post(page, Origin="http://127.0.0.1:1"),
        "Sec-Fetch-Site cross-site": meier.post(page, Sec_Fetch_Site="cross-site"),
        "Sec-Fetch-Site same-site": meier.post(page, Sec_Fetch_Site="same-site"),
    }
    for name, (code, _, _) in cases.items():
        check(f"a POST with {name} is refused", code == 403, code)
    code = meier.post(page, b"csrf=" + meier.csrf.encode(), kind="text/plain")[0]
    check("a form as text/plain is refused", code in (403, 405, 415), code)
    code = meier.post(page, json.dumps({"csrf": meier.csrf}).encode(), kind="application/json")[0]
    check("JSON is no form", code in (403, 405, 415), code)
    for path in POSTS:
        code = meier.get(path)[0]
        check(f"GET {path} changes nothing", code in (200, 404, 405), code)
    code = server.ask("GET", "/intern/abmelden", headers={"Cookie": meier.cookie, "X-HTTP-Method-Override": "POST"})[0]
    check("a header does not make a POST of a GET", code == 405, code)
    check("the session is still there", meier.get("/intern")[0] == 200)
    code = server.ask("GET", "/intern", headers={"Cookie": meier.cookie}, host="evil.example")[0]
    check("a name that somebody pointed at this machine leads nowhere", code == 404, code)


def cookies(server, meier):
    name, token = meier.cookie.split("=")
    for what, cookie in (("truncated", f"{name}={token[:-1]}"), ("longer", f"{name}={token}A"), ("empty", f"{name}="),
                         ("twice", f"{name}={token}; {name}={token}"), ("another's name", f"__Host-{name}={token}"),
                         ("changed", f"{name}={'A' if token[0] != 'A' else 'B'}{token[1:]}"),
                         ("quotes", f"{name}=' OR 1=1 --"), ("the link", f"{name}={meier.link}")):
        code = server.ask("GET", "/intern", headers={"Cookie": cookie})[0]
        check(f"a cookie that is {what} opens nothing", code == 401, code)
    code = server.ask("GET", "/intern", headers={"Cookie": f"{name}=" + "A" * (1 << 20)})[0]
    check("a cookie of 1 MB is refused", code in (0, 431), code)
    # fixed before: the token is a new one
    fixed = "A" * 43
    link = kekiz(server.workspace, "user", "link", "meier").strip().rsplit("=", 1)[1]
    code, head, _ = server.ask("POST", "/intern/anmelden", f"schluessel={link}".encode(),
                               {"Content-Type": FORM, "Origin": server.origin, "Cookie": f"{name}={fixed}"})
    check("a cookie that was there before the sign-in is not taken over", code == 303 and fixed not in head["set-cookie"])
    check("and is none afterwards", server.ask("GET", "/intern", headers={"Cookie": f"{name}={fixed}"})[0] == 401)
    code = server.ask("POST", "/intern/anmelden", f"schluessel={link}".encode(),
                      {"Content-Type": FORM, "Origin": server.origin})[0]
    check("a link works once", code == 403, code)
    code, head, _ = server.ask("GET", f"/intern/anmelden?schluessel={link}")
    check("looking at a link is no sign-in", code == 200 and "set-cookie" not in head)
    code = server.ask("POST", "/intern/anmelden", b"schluessel=" + b"x" * 20000, {"Content-Type": FORM, "Origin": server.origin})[0]
    check("a guest's form is a small one", code == 413, code)
    # out
    two = Person(server, "meier")
    code, head, _ = two.post("/intern/abmelden")
    check("going out says so to the browser", code == 303 and "clear-site-data" in head and "Max-Age=0" in head["set-cookie"])
    check("and ends the session", two.get("/intern")[0] == 401)
    check("but not that of another window", meier.get("/intern")[0] == 200)


def roles(server, kurt, ina):
    for path in ROUTES[1:-1]:
        code = kurt.get(path)[0]
        check(f"a planner is refused {path}", code in (403, 404), code)
    for path in POSTS[:-1]:
        code = kurt.post(path)[0]
        check(f"a planner may not POST {path}", code in (403, 404), code)
    check("nor hand in a file", kurt.upload("einwohner-tabelle", TABLE)[0] == 403)
    check("the administrator sees the state", ina.get("/intern/status")[0] == 200)
    check("and no imports", ina.get("/intern/verlauf")[0] == 403)


def others(server, meier, schulz):
    code, head, _ = meier.upload("einwohner-tabelle", TABLE)
    check("a file is handed in", code == 303, code)
    run = head["location"]
    code, _, body = meier.settle(run)
    check("and checked", code == 200 and "Bereit".encode() in body, code)
    for rest in ("", "/zuordnung", "/bericht.csv", "/bericht.xlsx"):
        code, _, other = schulz.get(run + rest)
        check(f"another's delivery{rest} is not there", code == 404 and TABLE not in other, code)
    for rest in ("/uebernehmen", "/abbrechen", "/pruefen", "/zuordnung"):
        check(f"and cannot be posted to ({rest})", schulz.post(run + rest)[0] == 404)
    # more fields than the form has
    code, _, _ = meier.post(run + "/uebernehmen", b"role=it-admin&dry_run=1&account=schulz&approved=1")
    check("fields that nobody asked for change nothing", code == 303, code)
    code, head, _ = meier.settle(run)
    check("and the import is done", code == 303 and head["location"].startswith("/intern/verlauf/"), code)
    listed = kekiz(server.workspace, "import", "list").split("\n")[1]
    check("by whom it was", ",meier," in listed, listed)
    check("the same delivery is not taken over twice", meier.post(run + "/uebernehmen")[0] == 409)
    return head["location"].split("?")[0]


def uploads(server, meier):
    to = "/intern/einlesen/quelle/einwohner-tabelle"

    def raw(body, kind="multipart/form-data; boundary=x"):
        return meier.post(to, body, kind=kind)[0]

    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    token = part % (b"csrf", meier.csrf.encode())
    file = b'--x\r\nContent-Disposition: form-data; name="datei"; filename="%s"\r\n\r\n' + TABLE + b"\r\n"
    end = b"--x--\r\n"
    check("no boundary", raw(b"x", "multipart/form-data") == 400)
    check("1,000 parts", raw(token + b"".join(part % (b"f%d" % i, b"") for i in range(1000)) + end) == 400)
    check("parts in parts", raw(token + b'--x\r\nContent-Disposition: form-data; name="datei"; filename="a"\r\n'
                                b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n" + end) == 400)
    check("a header of 10 MB", raw(token + b'--x\r\nContent-Disposition: form-data; name="datei"; filename="' +
                                   b"x" * (10 << 20)) == 400)
    check("a line end in a file name", raw(token + file % b"a\r\nSet-Cookie: b=c" + end) == 400)
    check("no end", raw(token + file % b"a.csv") == 400)
    check("two files", raw(token + file % b"a.csv" + (file % b"b.csv").replace(b"datei", b"zwei") + end) == 400)
    check("no file", raw(token + end) == 422)
    check("an empty file", meier.upload("einwohner-tabelle", b"")[0] == 422)
    code = server.ask("POST", to, None, {"Cookie": meier.cookie, "Origin": server.origin, "Content-Length": str(5 << 30),
                                         "Content-Type": "multipart/form-data; boundary=x"})[0]
    check("5 GiB are refused before they come", code == 413, code)
    for name, shown in (("../../../etc/passwd", b"passwd"), ("CON", b"CON"), ("C:\\Daten\\ewo.csv", b"ewo.csv"),
                        ('<img src=x onerror="alert(1)">.csv'.replace('"', "%22"), b"&lt;img src=x")):
        code, head, _ = meier.upload("einwohner-tabelle", TABLE, name=name)
        body = meier.settle(head["location"])[2] if code == 303 else b""
        check(f"a file called {name!r} is only shown so", code == 303 and shown in body and b"<img" not in body, code)
    for what, content in (("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256))), ("a program", b"\x7fELF\2\1\1" + b"\0" * 200),
                          ("a broken spreadsheet", b"PK\3\4" + b"x" * 500), ("bytes", bytes(range(256)) * 40)):
        code, head, _ = meier.upload("einwohner-tabelle", content, name="bestand.csv")
        body = meier.settle(head["location"])[2] if code == 303 else b""
        check(f"{what} is refused with a reason", b'role="alert"' in body or "Fehler".encode() in body, code)
    code, head, _ = meier.upload("../../etc/passwd", TABLE)
    check("a source is one of ours", code in (400, 404), code)
    check("the memory of files has no name", not [f for f in os.listdir("/tmp") if "kekiz-upload" in f])


def canaries(server, meier):
    """Rows of persons: not a byte of names, days and streets is on disk, after the check and after the import."""
    words = ("Kanarienvogel", "Zeisig", "Vogelweg")
    rows = "PID;HHNR;Name;Vorname;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Wohnstatus;Strasse;Viertel\n" + "".join(
        f"{i};{i // 2};Kanarienvogel{i};Zeisig{i};{1 + i % 9:02}.03.{1950 + i % 70};{'mw'[i % 2]};deutsch;HW;Vogelweg;1010{1 + i % 2}\n"
        for i in range(300))

    def on_disk():
        bytes_of = [(str(p), p.read_bytes()) for p in pathlib.Path(server.workspace).parent.rglob("*") if p.is_file()]
        return [(name, w) for name, b in bytes_of for w in words if w.encode() in b or w.encode("utf-16-le") in b]

    code, head, _ = meier.upload("ewo", rows.encode(), name="ewo_2024.csv", period="2024")
    check("rows of persons are handed in", code == 303, code)
    run = head["location"]
    body = meier.settle(run)[2]
    check("and checked", b"ewo_2024.csv" in body and "Übernehmen".encode() in body, re.findall(rb"<h1[^>]*>[^<]*|role=.alert.*?</p>", body))
    check("none of them is shown", not [w for w in words if w.encode() in body])
    code, _, body = meier.get(run + "/zuordnung")
    check("also not beside the columns", code == 200 and b"Vorname" in body and not [w for w in words if w.encode() in body], code)
    check("nothing of it is on disk", not on_disk(), on_disk())
    meier.post(run + "/uebernehmen", b"alle=ja&grund=Kanarien")
    code, head, body = meier.settle(run)
    check("they are taken over", code == 303, re.findall(rb"<h1[^>]*>[^<]*|role=.alert.*?</p>", body))
    check("and still nothing of it is on disk", not on_disk(), on_disk())
    db = sqlite3.connect(f"file:{server.workspace}/work.db?mode=ro", uri=True)
    check("the segment has them all", db.execute("SELECT n_rows FROM segment").fetchall() == [(300,)])
    check("the reason stands beside the import", ("Kanarien",) in db.execute("SELECT reason FROM task").fetchall() or
          not db.execute("SELECT warnings FROM import ORDER BY id DESC").fetchone()[0])
    db.close()
    done = head["location"].split("?")[0]
    meier.post(done + "/zuruecknehmen")
    for _ in range(50):
        if b"Zur\xc3\xbcckgenommen" in meier.get(done)[2]:
            break
        time.sleep(0.1)
    check("and they are gone again", not list(pathlib.Path(server.workspace, "facts").iterdir()))


def journal(workspace):
    db = sqlite3.connect(f"file:{workspace}/work.db?mode=ro", uri=True)
    rows = db.execute("SELECT account, verb, object, result FROM event").fetchall()
    for row in (("meier", "add", "session", "done"), ("", "add", "session", "refused"), ("kurt", "see", "import", "refused"),
                ("meier", "add", "import 1", "done"), ("meier", "undo", "import", "refused"), ("meier", "undo", "import 1", "done"),
                ("meier", "undo", "session", "done")):
        check(f"the journal has {row}", row in rows)
    db.close()


def restart(workspace):
    """A server that was killed while it wrote: the next one says so, and all is as before."""
    db = sqlite3.connect(workspace + "/work.db")
    db.execute("INSERT INTO task (kind, account, source, file, began, state) VALUES ('apply', 'meier', 'einwohner-tabelle',"
               " 'abgebrochen.csv', '2026-11-26T10:00:00Z', 'running')")
    db.commit()
    db.close()
    server = Server(workspace)
    meier = Person(server, "meier")
    body = meier.get("/intern")[2].decode()
    check("work that a crash ended is named", "abgebrochen.csv wurde unterbrochen" in body)
    server.stop()
    server = Server(workspace)
    check("a session outlives the server", server.ask("GET", "/intern", headers={"Cookie": meier.cookie})[0] == 200)
    kekiz(workspace, "user", "disable", "meier")
    check("but not its account", server.ask("GET", "/intern", headers={"Cookie": meier.cookie})[0] == 401)
    server.stop()


def doors(workspace):
    server = Server(workspace, "--public-only")
    codes = {p: server.ask("GET", p)[0] for p in ROUTES + ["/intern/anmelden"]}
    check("with --public-only there is no inside", set(codes.values()) == {404}, codes)
    code = server.ask("POST", "/intern/anmelden", b"schluessel=x", {"Content-Type": FORM, "Origin": server.origin})[0]
    check("and nothing takes a form", code in (404, 413), code)
    server.stop()
    server = Server(workspace, "--url", "https://atlas.example.org")
    link = kekiz(workspace, "user", "link", "schulz", "--url", "https://atlas.example.org").strip()
    check("a link has the public address", link.startswith("https://atlas.example.org/intern/anmelden?"), link)
    given = {"Content-Type": FORM, "Origin": "https://atlas.example.org"}
    code, head, _ = server.ask("POST", "/intern/anmelden", f"schluessel={link.rsplit('=', 1)[1]}".encode(), given,
                               host="atlas.example.org")
    cookie = head.get("set-cookie", "")
    check("behind TLS the cookie is __Host- and Secure", code == 303 and cookie.startswith("__Host-kekiz=") and
          "; Secure" in cookie and "HttpOnly" in cookie and "SameSite=Lax" in cookie, cookie)
    given["Origin"] = "http://atlas.example.org"
    code = server.ask("POST", "/intern/anmelden", b"schluessel=x", given, host="atlas.example.org")[0]
    check("and the origin must be the one with TLS", code == 403, code)
    server.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        workspace = make_workspace(folder)
        server = Server(workspace)
        guests(server)
        meier, schulz, kurt, ina = (Person(server, n) for n in ("meier", "schulz", "kurt", "ina"))
        forgery(server, meier)
        cookies(server, meier)
        roles(server, kurt, ina)
        done = others(server, meier, schulz)
        uploads(server, meier)
        canaries(server, meier)
        for _ in range(50):  # one writes at a time: the one before may not have written its line yet
            code, _, _ = meier.post(done + "/zuruecknehmen")
            if code != 409:
                break
            time.sleep(0.1)
        for _ in range(50):
            if b"Zur\xc3\xbcckgenommen" in meier.get(done)[2]:
                break
            time.sleep(0.1)
        check("an import is taken back", b"Zur\xc3\xbcckgenommen" in meier.get(done)[2], code)
        check("the server ends well", server.stop() == 0)
        server.log.seek(0)
        log = server.log.read().decode()
        check("the log knows neither tokens nor names", not re.search(r"[A-Za-z0-9_-]{43}|Kanarienvogel|meier", log), log)
        journal(workspace)
        restart(workspace)
        doors(workspace)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
