#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Cut KERN's stylesheet to what the pages use.

usage: kern-subset.py kern.min.css OUT

Kept, in their order and unchanged: the design tokens, the light theme, rules for bare elements, and the
components named in KEEP.  Fonts are declared by our own stylesheet, so @font-face goes.
"""
import pathlib
import re
import sys

KEEP = ("kern-btn", "kern-label", "kern-form-input", "kern-sr-only")
DROP = ("kern-form-input--", "kern-btn--tertiary", "kern-btn--x-small", "kern-btn--icon")


def blocks(css):
    """(prelude, whole text) of every top-level block."""
    depth = start = 0
    for i, c in enumerate(css):
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                text = css[start:i + 1]
                yield text[:text.index("{")].strip(), text
                start = i + 1


def wanted(selector):
    names = re.findall(r"\.([\w-]+)", selector)
    if selector.startswith("[data-kern-theme=light]") or selector == ":root":
        return True
    if "data-kern-theme=dark" in selector or any(n.startswith("kern-dark") for n in names):
        return False
    if any(n.startswith(DROP) for n in names):
        return False
    kern = [n for n in names if n.startswith("kern-")]
    return all(n.startswith(KEEP) for n in kern) if names else True


def cut(css):
    out = []
    for prelude, text in blocks(css):
        if prelude.startswith("@media"):
            if "prefers-color-scheme" in prelude or "min-width" in prelude:
                continue
            inner = cut(text[text.index("{") + 1:-1])
            if inner:
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            continue
        else:
            kept = [s for s in split(prelude) if wanted(s.strip())]
            if kept:
                out.append(",".join(kept) + text[text.index("{"):])
    return "".join(out)


def split(selectors):
    """At commas outside parentheses."""
    depth, part, parts = 0, "", []
    for c in selectors:
        depth += (c == "(") - (c == ")")
        if c == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += c
    return parts + [part]


css = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
css = re.sub(r"/\*.*?\*/", "", css.lstrip("\ufeff"), flags=re.S)
css = re.sub(r'@(charset|import)[^;{]*;', "", css)
pathlib.Path(sys.argv[2]).write_text(cut(css) + "\n", encoding="utf-8")
