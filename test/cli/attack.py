#!/usr/bin/env python3
"""An attacker who has everything that is public, and nothing else.

usage: attack.py CATALOGUE_DIR AREAS.csv FILE.csv ... [--pages URL]

CATALOGUE_DIR holds the published definitions (data/*.tsv), AREAS.csv the list of
areas; the files are `kekiz get --as public`, exports or the server's downloads.
With --pages the server's pages are read as well: themes, areas, map titles, tables.

What is known becomes linear equations over the measures of every area and period:
numerators and denominators, numerators from rates (value x denominator) and from
both ends of Wilson's interval, the whole and its parts, an area and the areas in
it.  They are solved with fractions; then every hidden count is bounded by what
is left (no count is negative, no part above its whole).  Shares no code with the
program.  Prints what can be computed; exit code 1 when there is anything.
"""
import csv
import glob
import html
import json
import math
import re
import sys
import urllib.parse
import urllib.request
from fractions import Fraction

Z = 1.959963984540054


def tsv(path):
    lines = [l for l in open(path, encoding="utf-8").read().split("\n") if l and not l.startswith("#")]
    return [dict(zip(lines[0].split("\t"), l.split("\t"))) for l in lines[1:]]


def fields(path):
    """A file of the catalogue: its fields, and its groups with a numerator of their own."""
    one, parts = {}, []
    for line in open(path, encoding="utf-8"):
        name, sign, value = line.partition(" = ")
        if line.startswith(("#", " ")) or not sign:
            continue
        if name == "part":
            parts.append([p.strip() for p in value.split("|")])
        else:
            one[name] = value.strip()
    return one, parts


def form(text):
    """'a + b - c' as {measure: sign}."""
    sign, out = 1, {}
    for word in text.split():
        if word in "+-":
            sign = 1 if word == "+" else -1
        else:
            out[word] = out.get(word, 0) + sign
    return out


class Public:
    """Definitions, areas, and every count that is shown; hidden ones by name."""

    def __init__(self, catalogue, areas):
        self.kind, self.den, self.num, self.label = {}, {}, {}, {}
        for path in glob.glob(catalogue + "/indicators/*.txt"):
            one, parts = fields(path)
            name = one["id"]
            if "(" in one["numerator"] + one.get("denominator", ""):
                continue  # of person rows
            self.kind[name] = one["kind"]
            self.den[name] = form(one["denominator"]) if one["kind"] == "share" else None
            self.num[name, "Total"] = form(one["numerator"])
            self.label[name, "Total"] = "Insgesamt"
            for code, _parent, label, numerator in parts:
                self.num[name, code] = form(numerator)
                self.label[name, code] = label
        self.relations = [(r["whole"], r["sign"], r["parts"].split()) for r in tsv(catalogue + "/relations.tsv")]
        self.parent, self.level, self.name = {}, {}, {}
        for r in csv.DictReader(open(areas, encoding="utf-8")):
            self.parent[r["key"]], self.level[r["key"]], self.name[r["key"]] = r["parent"], r["level"], r["name"]
        assert len(self.parent) == len(open(areas, encoding="utf-8").readlines()) - 1, "keys of areas are unique here"
        self.shown, self.hidden, self.bad, self.rows = {}, {}, [], 0

    def add(self, terms, area, period, value, where):
        """An equation: the sum of these measures is `value`."""
        key = (tuple(sorted(terms.items())), area, period)
        if self.shown.setdefault(key, value) != value:
            self.bad.append(f"{where}: {value}, elsewhere {self.shown[key]}")

    def read(self, path):
        rows = list(csv.DictReader(open(path, encoding="utf-8")))
        name = re.sub(r".*/|\.csv$", "", path)
        for r in rows:
            ind = r.get("indicator") or name
            num, den = self.num[ind, r["group"]], self.den[ind]
            area, period, where = r["area"], r["period"], f"{path} {r['area']} {r['period']} {r['group']}"
            self.rows += 1
            n, d = r["numerator"], r["denominator"]
            if self.kind[ind] == "share" and d:
                self.add(den, area, period, int(d), where)
            if r["state"] == "hidden":
                self.hidden[ind, r["group"], area, period] = where
                rest = [c for c in ("numerator", "value", "lo", "hi", "smoothed", "smoothed_lo", "smoothed_hi") if r[c]]
                if rest:
                    self.bad.append(f"{where}: hidden, but {', '.join(rest)}")
            if n:
                self.add(num, area, period, int(n), where)
            elif r["value"] and d:
                self.add(num, area, period, round(float(r["value"]) * int(d)), where)
            if self.kind[ind] == "share" and d and not n and (r["lo"] or r["hi"]):
                for end, sign in (("lo", -1), ("hi", 1)):
                    if r[end]:
                        self.add(num, area, period, wilson_inverse(float(r[end]), int(d), sign), where + " " + end)
            if self.kind[ind] == "change" and r["value"] and n:
                first = int(n) / (1 + float(r["value"]))
                if abs(first - round(first)) < 1e-6 * max(1, first) and d and round(first) != int(d):
                    self.bad.append(f"{where}: value and denominator differ")


def wilson_inverse(bound, n, sign):
    """The count whose interval has this end: by bisection, the ends rise with the count."""
    def end(k):
        p, z2 = k / n, Z * Z / n
        return (p + z2 / 2 + sign * Z * math.sqrt(p * (1 - p) / n + z2 / n / 4)) / (1 + z2)
    lo, hi = 0, n
    while lo < hi:
        mid = (lo + hi) // 2
        if end(mid) < bound - 1e-12:
            lo = mid + 1
        else:
            hi = mid
    return lo


def equations(pub):
    """Everything as ({variable: factor}, value); a variable is (measure, area, period)."""
    used = {m for f in pub.num.values() for m in f} | {m for f in pub.den.values() if f for m in f}
    periods = sorted({k[2] for k in pub.shown} | {k[3] for k in pub.hidden})
    there = {k[1] for k in pub.shown} | {k[2] for k in pub.hidden}
    out = [({(m, a, p): Fraction(s) for m, s in terms}, Fraction(v)) for (terms, a, p), v in pub.shown.items()]
    for p in periods:
        for a in there:
            for whole, sign, parts in pub.relations:
                if sign == "=" and whole in used and all(x in used for x in parts):
                    out.append(({(whole, a, p): Fraction(1)} | {(x, a, p): Fraction(-1) for x in parts}, Fraction(0)))
        for a in there:
            below = [b for b in there if pub.parent[b] == a]
            for m in used if below else ():
                out.append(({(m, a, p): Fraction(1)} | {(m, b, p): Fraction(-1) for b in below}, Fraction(0)))
    return out


def solve(system):
    """Reduced rows by their leading variable.  Single variables go first, so little is left to eliminate."""
    known, rest = {}, [(dict(l), v) for l, v in system]
    while True:
        left, new = [], 0
        for l, v in rest:
            for c in [c for c in l if c in known]:
                v -= l.pop(c) * known[c]
            if not l:
                assert v == 0, "the published numbers contradict each other"
            elif len(l) == 1:
                (c, f), = l.items()
                known[c] = v / f
                new += 1
            else:
                left.append((l, v))
        rest = left
        if not new:
            break
    done, inside = {}, {}
    for l, v in rest:
        l = dict(l) # what is left is needed whole for the bounds
        while True:
            c = next((c for c in l if c in done), None)
            if c is None:
                break
            f, (other, w) = l[c], done[c]
            v -= f * w
            for k, x in other.items():
                l[k] = l.get(k, 0) - f * x
                if l[k] == 0:
                    del l[k]
        if not l:
            assert v == 0, "the published numbers contradict each other"
            continue
        lead = min(l)
        f = l[lead]
        l, v = {k: x / f for k, x in l.items()}, v / f
        for c in list(inside.get(lead, ())):
            row, w = done[c]
            g = row[lead]
            for k, x in l.items():
                row[k] = row.get(k, 0) - g * x
                inside.setdefault(k, set()).add(c)
                if row[k] == 0:
                    del row[k]
                    inside[k].discard(c)
            done[c] = row, w - g * v
        done[lead] = l, v
        for k in l:
            inside.setdefault(k, set()).add(lead)
    return known, done, rest


def bounds(pub, known, rest):
    """Intervals of what is not known, from counts that are not negative.  Some chains of bounds creep
    for ever, so the rounds are counted: what a few dozen do not find is no one value."""
    lo, hi = {}, {}
    variables = {c for l, _ in rest for c in l}
    for c in variables:
        lo[c], hi[c] = Fraction(0), known.get(("pop",) + c[1:], Fraction(10**9))
    for _ in range(40):
        moved = False
        assert all(lo[c] <= hi[c] for c in lo), "the published numbers contradict each other"
        for l, v in rest:
            low = sum(x * (lo[c] if x > 0 else hi[c]) for c, x in l.items())
            high = sum(x * (hi[c] if x > 0 else lo[c]) for c, x in l.items())
            for c, x in l.items():
                least = v - (high - x * (hi[c] if x > 0 else lo[c]))
                most = v - (low - x * (lo[c] if x > 0 else hi[c]))
                least, most = (least / x, most / x) if x > 0 else (most / x, least / x)
                least, most = Fraction(math.ceil(least)), Fraction(math.floor(most))
                if least > lo[c]:
                    lo[c], moved = least, True
                if most < hi[c]:
                    hi[c], moved = most, True
        if not moved:
            break
    return lo, hi


def broken(pub, known, done, lo, hi):
    """Hidden cells whose count is a combination of what is known, or whose bounds leave one value."""
    found = []
    for (ind, group, area, period), where in pub.hidden.items():
        total, left = Fraction(0), {}
        for m, s in pub.num[ind, group].items():
            c = (m, area, period)
            if c in known:
                total += s * known[c]
            else:
                left[c] = left.get(c, 0) + Fraction(s)
        for c in [c for c in left if c in done]:
            f = left.pop(c)
            row, v = done[c]
            total += f * v
            for k, x in row.items():
                if k != c:
                    left[k] = left.get(k, 0) - f * x
        left = {k: x for k, x in left.items() if x}
        shown_denominator = pub.den[ind] is None or all((m, area, period) in known for m in pub.den[ind])
        if not left and shown_denominator and pub.kind[ind] != "change":
            found.append(("exact", where, total))
            continue
        span = [(lo[m, area, period], hi[m, area, period]) for m in pub.num[ind, group] if (m, area, period) in lo]
        if span and all(a == b for a, b in span) and len(span) == len(pub.num[ind, group]) and shown_denominator:
            found.append(("bounds", where, sum(a for a, _ in span)))
    return found


# ---- pages ------------------------------------------------------------------------

def fetch(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read().decode("utf-8")


def attack_pages(pub, base):
    """Every map title, table row and script datum of a hidden cell's own page must be silent about it."""
    paths = sorted(set(re.findall(r"<loc>[^<]*?(/(?:thema|gebiet)/[^<]+)</loc>", fetch(base + "/sitemap.xml"))))
    assert paths, "the sitemap lists pages"
    by_theme = {}
    for ind, group, area, period in pub.hidden:
        by_theme.setdefault((ind, group, period, pub.level[area]), set()).add(pub.name[area])
    looked = silent = 0
    for (ind, group, period, level), names in sorted(by_theme.items()):
        if period != max(k[2] for k in by_theme):
            continue
        ask = urllib.parse.urlencode({"gebiet": "nach-" + level, "jahr": period, "gruppe": group})
        page = fetch(f"{base}/thema/{ind}?{ask}")
        looked += 1
        for name in names:
            own = re.escape(html.escape(name, quote=False))
            texts = re.findall(rf"<title>{own}(?!\w)[^<]*</title>", page)
            texts += [r for r in re.findall(r"<tr>.*?</tr>", page, re.S) if re.search(rf">{own}</a>|>{own}<", r)]
            if not texts:
                pub.bad.append(f"{ind} {group} {period} {level}: {name} is nowhere on its page")
            for text in texts:
                plain = html.unescape(re.sub(r"<[^>]*>", " ", text)).replace(name, "")
                if re.search(r"\d", plain):
                    pub.bad.append(f"/thema/{ind}?{ask}: {name}: {' '.join(plain.split())}")
                silent += 1
    for path in paths:
        page = fetch(base + path)
        looked += 1
        for data in re.findall(r'<script type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page, re.S):
            for name in {pub.name[k[2]] for k in pub.hidden}:
                if name in json.dumps(json.loads(data), ensure_ascii=False):
                    pub.bad.append(f"{path}: data in the page name {name}")
        for attribute in re.findall(r'data-(?:value|n|lo|hi|json)="([^"]*)"', page):
            pub.bad.append(f"{path}: an attribute with numbers, {attribute[:60]}: teach this attacker to read it")
    return looked, silent


def main():
    words = sys.argv[1:]
    base = None
    if "--pages" in words:
        at = words.index("--pages")
        base = words[at + 1].rstrip("/")
        del words[at:at + 2]
    pub = Public(words[0], words[1])
    for path in words[2:]:
        pub.read(path)
    known, done, rest = solve(equations(pub))
    lo, hi = bounds(pub, known, rest)
    found = broken(pub, known, done, lo, hi)
    pages = f", {'%d pages with %d silent places' % attack_pages(pub, base)}" if base else ""
    widths = sorted(hi[c] - lo[c] for c in lo)
    print(f"{pub.rows} rows, {len(pub.hidden)} hidden, {len(found)} computed, {len(pub.bad)} careless{pages}; "
          f"bounds of {len(widths)} counts, the narrowest {widths[:3] and [int(w) for w in widths[:3]]}")
    for how, where, value in found[:10]:
        print(f"{how}: {where} = {value}")
    for what in pub.bad[:10]:
        print("careless:", what)
    sys.exit(1 if found or pub.bad or not pub.hidden else 0)


if __name__ == "__main__":
    main()
