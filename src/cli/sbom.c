#include "cli/sbom.h"

#include "base/asset.h"
#include "base/tsv.h"
#include "cli/output.h"

#include <microhttpd.h>
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>
#include <zlib.h>

enum { NAME, KIND, VERSION, LICENCE, REASON };

static const char LIST[] = "packaging/dependencies.tsv";

/* The version that is loaded now, or NULL when the program does not link it. */
static const char *running_version(const char *package)
{
    const struct {
        const char *package, *version;
    } linked[] = {
        { "libmicrohttpd12", MHD_get_version() },
        { "libsodium23", sodium_version_string() },
        { "libsqlite3-0", sqlite3_libversion() },
        { "zlib1g", zlibVersion() },
    };
    for (size_t i = 0; i < sizeof linked / sizeof linked[0]; i++)
        if (strcmp(linked[i].package, package) == 0)
            return linked[i].version;
    return NULL;
}

static void member(kz_buf *out, const char *name, const char *value)
{
    kz_out_json(out, name, strlen(name));
    kz_buf_char(out, ':');
    kz_out_json(out, value, strlen(value));
}

/* Package URL: the slash after an npm scope stays, everything else is encoded. */
static void package_url(kz_buf *out, bool npm, const char *name, const char *version)
{
    const char *slash = npm ? strchr(name, '/') : NULL;
    kz_buf_str(out, npm ? "pkg:npm/" : "pkg:deb/debian/");
    if (slash) {
        char scope[100];
        size_t n = (size_t)(slash - name) < sizeof scope ? (size_t)(slash - name) : sizeof scope - 1;
        memcpy(scope, name, n);
        scope[n] = '\0';
        kz_buf_url(out, scope);
        kz_buf_char(out, '/');
        name = slash + 1;
    }
    kz_buf_url(out, name);
    kz_buf_char(out, '@');
    kz_buf_url(out, version);
}

static void component(kz_buf *out, const kz_tsv *t, int row)
{
    const char *name = kz_tsv_at(t, row, NAME), *version = running_version(name);
    bool npm = strcmp(kz_tsv_at(t, row, KIND), "npm") == 0;
    kz_auto(kz_buf) url = kz_buf_init(1000);
    if (!version)
        version = kz_tsv_at(t, row, VERSION);
    package_url(&url, npm, name, version);
    kz_buf_str(out, "{\"type\":\"library\",");
    member(out, "bom-ref", kz_buf_text(&url));
    kz_buf_char(out, ',');
    member(out, "name", name);
    kz_buf_char(out, ',');
    member(out, "version", version);
    kz_buf_char(out, ',');
    member(out, "description", kz_tsv_at(t, row, REASON));
    kz_buf_str(out, ",\"licenses\":[{");
    member(out, "expression", kz_tsv_at(t, row, LICENCE));
    kz_buf_str(out, "}],");
    member(out, "purl", kz_buf_text(&url));
    kz_buf_char(out, '}');
}

kz_status kz_sbom_write(kz_buf *out, kz_err *err)
{
    static const char *const COLUMNS[] = { "name", "kind", "version", "licence", "reason", NULL };
    const kz_asset *list = kz_asset_find(LIST);
    kz_arena arena;
    kz_tsv t;
    bool first = true;

    KZ_ASSERT(list);
    kz_arena_init(&arena, 1 << 20);
    kz_status st = kz_tsv_parse(LIST, (const char *)list->bytes, list->n, COLUMNS, &arena, &t, err);
    if (st == KZ_OK) {
        kz_buf_str(out, "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\n"
                        "\"metadata\":{\"component\":{\"type\":\"application\",\"bom-ref\":\"kekiz\","
                        "\"name\":\"kekiz\",");
        member(out, "version", KZ_VERSION);
        kz_buf_str(out, ",\"licenses\":[{\"expression\":\"EUPL-1.2\"}]}},\n\"components\":[");
        for (int i = 0; i < t.n_rows; i++) {
            const char *kind = kz_tsv_at(&t, i, KIND);
            if (strcmp(kind, "run") != 0 && strcmp(kind, "npm") != 0)
                continue;
            kz_buf_str(out, first ? "\n" : ",\n");
            component(out, &t, i);
            first = false;
        }
        kz_buf_str(out, "\n]}\n");
    }
    kz_arena_done(&arena);
    return st;
}
