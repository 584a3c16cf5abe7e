#!/usr/bin/env python3
"""Build texts, assets and SQL into one C file.

usage: embed.py SOURCE_ROOT embedded.c embedded.h depfile

- assets/locale/<lang>/*.txt  -> kz_text_table (sorted by id; a doubled id is an error)
- assets/{css,js,img}, assets/vendor (fonts, kern.min.css), data/, src/store/sql, packaging/dependencies.tsv
  -> kz_assets: path, bytes, gzip of the bytes, content hash
"""
import gzip, hashlib, pathlib, sys

root = pathlib.Path(sys.argv[1])
out_c, out_h, depfile = sys.argv[2:5]
LANGS = ["de", "de-leicht", "en"]
BINARY_DIRS = ["assets/css", "assets/js", "assets/img", "assets/vendor", "data", "src/store/sql",
               "packaging/dependencies.tsv"]
SKIP = {".license", ".md"}
deps = [root / "tools/embed.py"]


def c_string(b):
    out = []
    for byte in b:
        if byte in (0x22, 0x5C):
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F and byte != 0x3F:
            out.append(chr(byte))
        else:
            out.append("\\%03o" % byte)
    return '"' + "".join(out) + '"'


def chunks(b, size=16384):
    for i in range(0, len(b), size):
        yield b[i:i + size]


def texts(lang):
    found = {}
    folder = root / "assets/locale" / lang
    deps.append(folder if folder.is_dir() else folder.parent)  # a new file or language changes its folder
    for path in sorted(folder.glob("*.txt")):
        deps.append(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if " = " not in line:
                sys.exit(f"{path}:{number}: a text line is `id = text`")
            ident, text = line.split(" = ", 1)
            ident = ident.strip()
            if ident in found:
                sys.exit(f"{path}:{number}: the id {ident} is there twice")
            found[ident] = text
    return sorted(found.items(), key=lambda kv: kv[0].encode())


lines = ['#include "embedded.h"', '#include "base/text.h"', ""]
for i, lang in enumerate(LANGS):
    entries = texts(lang)
    lines.append(f"static const kz_text_entry texts_{i}[] = {{")
    for ident, text in entries:
        lines.append(f"    {{ {c_string(ident.encode())}, {c_string(text.encode())} }},")
    lines.append("    { 0, 0 }")
    lines.append("};")
    lines.append(f"enum {{ N_TEXTS_{i} = {len(entries)} }};")
lines.append("const kz_text_entry *const kz_text_table[KZ_N_LANGS] = { texts_0, texts_1, texts_2 };")
lines.append("const size_t kz_text_count[KZ_N_LANGS] = { N_TEXTS_0, N_TEXTS_1, N_TEXTS_2 };")

assets = []
for d in BINARY_DIRS:
    base = root / d
    if base.is_dir():
        deps.append(base)
    for path in sorted(base.rglob("*")) if base.is_dir() else [base]:
        if path.is_dir():
            deps.append(path)
        if not path.is_file() or path.suffix in SKIP:
            continue
        deps.append(path)
        assets.append((path.relative_to(root).as_posix(), path.read_bytes()))
assets.sort(key=lambda a: a[0].encode())


def c_array(name, data):
    # An array of numbers: string literals longer than 64 KiB are not portable C.
    rows = [",".join(str(b) for b in row) for row in chunks(data, 32)]
    wrapped = ",\n".join(rows) if data else "0"
    lines.append(f"static const unsigned char {name}[] = {{\n{wrapped}\n}};")


for n, (path, data) in enumerate(assets):
    c_array(f"asset_{n}", data + b"\0")
    packed = gzip.compress(data, 9, mtime=0)
    if path.startswith("assets/") and len(packed) < len(data) * 0.95:
        c_array(f"asset_{n}_gz", packed)
# One digest for all that the browser gets: links inside the CSS stay relative,
# and every file may be kept for ever.
together = hashlib.sha256()
for path, data in assets:
    if path.startswith("assets/"):
        together.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
together = together.hexdigest()[:16]
lines.append(f'const char kz_assets_digest[] = "{together}";')
lines.append("const kz_asset kz_assets[] = {")
for n, (path, data) in enumerate(assets):
    packed = gzip.compress(data, 9, mtime=0)
    has_gz = path.startswith("assets/") and len(packed) < len(data) * 0.95
    gz = f"asset_{n}_gz, sizeof asset_{n}_gz" if has_gz else "0, 0"
    digest = hashlib.sha256(data).hexdigest()[:16]
    url = c_string(f"/s/{together}/{path[len('assets/'):]}".encode()) if path.startswith("assets/") else "0"
    lines.append(f"    {{ {c_string(path.encode())}, asset_{n}, {len(data)}, {gz}, \"{digest}\", {url} }},")
lines.append("    { 0, 0, 0, 0, 0, 0, 0 }")
lines.append("};")
lines.append(f"const size_t kz_n_assets = {len(assets)};")

header = '''/* Made by tools/embed.py. */
#ifndef KZ_EMBEDDED_H
#define KZ_EMBEDDED_H
#include <stddef.h>
typedef struct kz_asset {
    const char *path;           /* as in the source tree, sorted */
    const unsigned char *bytes; /* followed by a NUL that is not counted */
    size_t n;
    const unsigned char *gz;    /* NULL when packing does not help */
    size_t n_gz;
    const char *digest;         /* 16 hex digits of the SHA-256 */
    const char *url;            /* "/s/<digest of all>/css/kekiz.css"; NULL: not for browsers */
} kz_asset;
extern const kz_asset kz_assets[];
extern const size_t kz_n_assets;
extern const char kz_assets_digest[]; /* of all files for browsers together */
#endif
'''
pathlib.Path(out_c).write_text("\n".join(lines) + "\n")
pathlib.Path(out_h).write_text(header)
pathlib.Path(depfile).write_text(f"{out_c}: " + " ".join(str(d).replace(" ", "\\ ") for d in deps) + "\n")
