#include "web/map_form.h"

#include <string.h>

#include "base/view.h"

typedef enum section { NONE, FILE_, COLUMNS, PERIOD, NUMBERS, AREAS, MEASURES, VALUES, OWN, N_SECTIONS } section;

static const char *const SECTIONS[N_SECTIONS] = { "",         "[datei]",   "[spalten]",  "[zeitraum]",
                                                  "[zahlen]", "[gebiete]", "[merkmale]", "[wertspalten]",
                                                  "[eigene]" };

static const struct {
    const char *name, *key; /* in the form, in the map */
    section in;
} FIELDS[KZ_MAP_N_FIELDS] = {
    [KZ_MAP_SOURCE] = { "quelle", "quelle", FILE_ },
    [KZ_MAP_LAYOUT] = { "aufbau", "aufbau", FILE_ },
    [KZ_MAP_SHEET] = { "blatt", "blatt", FILE_ },
    [KZ_MAP_ENCODING] = { "zeichensatz", "zeichensatz", FILE_ },
    [KZ_MAP_DELIMITER] = { "trennzeichen", "trennzeichen", FILE_ },
    [KZ_MAP_AREA] = { "gebiet", "gebiet", COLUMNS },
    [KZ_MAP_AREA_NAME] = { "gebietsname", "gebietsname", COLUMNS },
    [KZ_MAP_PERIOD] = { "zeitspalte", "zeitraum", COLUMNS },
    [KZ_MAP_MEASURE] = { "merkmal", "merkmal", COLUMNS },
    [KZ_MAP_MEASURE2] = { "merkmal2", "", COLUMNS },
    [KZ_MAP_VALUE] = { "wert", "wert", COLUMNS },
    [KZ_MAP_FORM] = { "form", "form", PERIOD },
    [KZ_MAP_DAY] = { "stichtag", "stichtag", PERIOD },
    [KZ_MAP_DECIMAL] = { "dezimalzeichen", "dezimalzeichen", NUMBERS },
    [KZ_MAP_SIGNS] = { "tabellenzeichen", "tabellenzeichen", NUMBERS },
};

const char *kz_map_field_name(kz_map_field f)
{
    return FIELDS[f].name;
}

static section section_of(kz_view line)
{
    for (section s = FILE_; s < N_SECTIONS; s++)
        if (kz_view_is(line, SECTIONS[s]))
            return s;
    return NONE;
}

static const char *keep(kz_arena *a, kz_view v)
{
    return kz_arena_strndup(a, v.n ? v.p : "", v.n);
}

/* Without blanks and empty lines at the ends. */
static kz_view trim_lines(kz_view v)
{
    static const char BLANKS[] = " \t\r\n";
    while (v.n > 0 && strchr(BLANKS, v.p[0]))
        v = (kz_view){ v.p + 1, v.n - 1 };
    while (v.n > 0 && strchr(BLANKS, v.p[v.n - 1]))
        v.n--;
    return v;
}

/* `name = value` of a section; *known is false for what no field shows. */
static bool read_setting(section in, kz_view line, kz_arena *a, kz_map_form *f, bool *known)
{
    *known = true;
    const char *eq = line.n ? memchr(line.p, '=', line.n) : NULL;
    if (!eq || line.p[0] == '#')
        return true;
    kz_view key = kz_view_trim((kz_view){ line.p, (size_t)(eq - line.p) });
    kz_view value = kz_view_trim((kz_view){ eq + 1, line.n - (size_t)(eq - line.p) - 1 });
    for (kz_map_field k = 0; k < KZ_MAP_N_FIELDS; k++) {
        if (FIELDS[k].in != in || !kz_view_is(key, FIELDS[k].key))
            continue;
        const char *bar = k == KZ_MAP_MEASURE && value.n ? memchr(value.p, '|', value.n) : NULL;
        if (bar) {
            size_t n = (size_t)(bar - value.p);
            f->set[KZ_MAP_MEASURE2] = keep(a, kz_view_trim((kz_view){ bar + 1, value.n - n - 1 }));
            value = kz_view_trim((kz_view){ value.p, n });
        }
        f->set[k] = keep(a, value);
        return f->set[k] && f->set[KZ_MAP_MEASURE2];
    }
    *known = false;
    return true;
}

kz_status kz_map_form_read(const char *text, kz_arena *a, kz_map_form *ret)
{
    kz_map_form f = { .areas = "" };
    kz_buf rules[N_SECTIONS]; /* of settings: those that no field shows */
    kz_status st = KZ_OK;
    section in = NONE;
    for (section s = 0; s < N_SECTIONS; s++)
        rules[s] = kz_buf_init(2 << 20);
    for (int i = 0; i < KZ_MAP_N_FIELDS; i++)
        f.set[i] = "";
    for (const char *at = text; *at && st == KZ_OK;) {
        size_t n = strcspn(at, "\n");
        kz_view line = kz_view_trim((kz_view){ at, n - (n > 0 && at[n - 1] == '\r') });
        bool known = false;
        if (line.n > 0 && line.p[0] == '[') {
            in = section_of(line);
        } else {
            if (in < AREAS && !read_setting(in, line, a, &f, &known))
                st = KZ_E_LIMIT;
            if (!known && (line.n > 0 || rules[in].n > 0)) {
                kz_buf_add(&rules[in], line.p, line.n);
                kz_buf_char(&rules[in], '\n');
            }
        }
        at += n + (at[n] == '\n');
    }
    const char *kept[N_SECTIONS];
    for (section s = 0; s < N_SECTIONS; s++) {
        kept[s] = keep(a, trim_lines((kz_view){ kz_buf_text(&rules[s]), rules[s].n }));
        if (!kept[s])
            st = KZ_E_LIMIT;
        kz_buf_done(&rules[s]);
    }
    if (st != KZ_OK)
        return st;
    for (section s = FILE_; s <= NUMBERS; s++)
        f.more[s - FILE_] = kept[s];
    f.areas = kept[AREAS];
    f.measures = kept[MEASURES];
    f.values = kept[VALUES];
    f.own = kept[OWN];
    *ret = f;
    return KZ_OK;
}

static void put_value(kz_buf *out, const char *value)
{
    kz_buf_add(out, value, strcspn(value, "\r\n"));
}

static void put_settings(const kz_map_form *f, section in, kz_buf *out)
{
    kz_buf_fmt(out, "%s\n", SECTIONS[in]);
    for (kz_map_field k = 0; k < KZ_MAP_N_FIELDS; k++) {
        if (FIELDS[k].in != in || k == KZ_MAP_MEASURE2 || f->set[k][0] == '\0')
            continue;
        kz_buf_fmt(out, "%s = ", FIELDS[k].key);
        put_value(out, f->set[k]);
        if (k == KZ_MAP_MEASURE && f->set[KZ_MAP_MEASURE2][0]) {
            kz_buf_str(out, " | ");
            put_value(out, f->set[KZ_MAP_MEASURE2]);
        }
        kz_buf_char(out, '\n');
    }
    if (f->more[in - FILE_][0])
        kz_buf_fmt(out, "%s\n", f->more[in - FILE_]);
    kz_buf_char(out, '\n');
}

/* Rules line by line, so that what a browser makes of line ends does not matter. */
static void put_rules(section in, const char *rules, kz_buf *out)
{
    kz_view all = trim_lines(kz_view_of(rules));
    if (all.n == 0)
        return;
    kz_buf_fmt(out, "%s\n", SECTIONS[in]);
    for (size_t i = 0; i < all.n; i++)
        if (all.p[i] != '\r')
            kz_buf_char(out, all.p[i]);
    kz_buf_str(out, "\n\n");
}

void kz_map_form_write(const kz_map_form *f, kz_buf *out)
{
    for (section s = FILE_; s <= NUMBERS; s++)
        put_settings(f, s, out);
    put_rules(AREAS, f->areas, out);
    put_rules(MEASURES, f->measures, out);
    put_rules(VALUES, f->values, out);
    put_rules(OWN, f->own, out);
}
