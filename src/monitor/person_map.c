#include "monitor/person_map.h"

#include "base/utf8.h"

enum { LINES_MOST = 5000, FOLDED_MOST = 4096 };

typedef enum section { SEC_NONE, SEC_FILE, SEC_COLUMNS, SEC_CODES, SEC_AREAS, N_SECTIONS } section;

static const char *const SECTIONS[N_SECTIONS] = { "", "[datei]", "[spalten]", "[schluessel]", "[gebiete]" };

typedef struct parser {
    const char *file;
    int line;
    const kz_source *source;
    kz_arena *arena;
    kz_err *err;
    section at;
    bool named; /* quelle was given */
    kz_person_map map;
    kz_person_bind *columns;
    kz_person_code *codes;
    kz_area_rule *areas;
} parser;

static kz_status wrong(const parser *p, const char *id, kz_view value)
{
    return kz_fail(p->err, KZ_E_INPUT, id, kz_s("file", p->file), kz_n("line", p->line), kz_vw("value", value));
}

static kz_status keep(const parser *p, kz_view v, const char **ret)
{
    *ret = kz_arena_strndup(p->arena, v.p, v.n);
    return *ret ? KZ_OK : kz_fail(p->err, KZ_E_LIMIT, "import.memory");
}

/* What stands before and behind the first `c`; false when there is none. */
static bool cut(kz_view v, char c, kz_view *before, kz_view *behind)
{
    const char *at = v.n ? memchr(v.p, c, v.n) : NULL;
    if (!at)
        return false;
    *before = kz_view_trim(kz_view_from(v.p, (size_t)(at - v.p)));
    *behind = kz_view_trim(kz_view_from(at + 1, v.n - (size_t)(at - v.p) - 1));
    return true;
}

static const kz_source_column *column_of(const parser *p, kz_view name)
{
    for (int i = 0; i < p->source->n_columns; i++)
        if (kz_view_is(name, p->source->columns[i].name) && p->source->columns[i].kind != KZ_SRC_DROPPED)
            return &p->source->columns[i];
    return NULL;
}

/* ---- lines ------------------------------------------------------------------------------------- */

static kz_status read_file(parser *p, kz_view name, kz_view value)
{
    static const struct {
        const char *name;
        char c;
    } DELIMITERS[] = { { "auto", 0 }, { "komma", ',' }, { "semikolon", ';' }, { "tabulator", '\t' },
                       { "strich", '|' } };
    if (kz_view_is(name, "quelle")) {
        p->named = true;
        if (kz_view_is(value, p->source->id))
            return KZ_OK;
        kz_auto(kz_buf) found = kz_buf_init(1024);
        kz_buf_add(&found, value.p, value.n < 200 ? value.n : 200);
        return kz_fail(p->err, KZ_E_INPUT, "import.map_source", kz_s("map", p->file),
                       kz_s("found", kz_buf_text(&found)), kz_s("source", p->source->id));
    }
    if (kz_view_is(name, "blatt"))
        return keep(p, value, &p->map.sheet);
    if (kz_view_is(name, "zeichensatz")) {
        const char *text;
        if (kz_view_is(value, "auto"))
            return KZ_OK;
        KZ_TRY(keep(p, value, &text));
        p->map.encoding = kz_encoding_from_name(text);
        return p->map.encoding < KZ_N_ENCODINGS ? KZ_OK : wrong(p, "map.encoding", value);
    }
    if (!kz_view_is(name, "trennzeichen"))
        return wrong(p, "map.setting_unknown", name);
    for (size_t i = 0; i < sizeof DELIMITERS / sizeof DELIMITERS[0]; i++)
        if (kz_view_is(value, DELIMITERS[i].name)) {
            p->map.delimiter = DELIMITERS[i].c;
            return KZ_OK;
        }
    return wrong(p, "map.delimiter", value);
}

/* "Einzugsdatum | years_since" */
static kz_status read_column(parser *p, kz_view name, kz_view value)
{
    kz_person_bind b = { .level = "" };
    kz_view header = value, how = { "", 0 };
    (void)cut(value, '|', &header, &how);
    b.column = column_of(p, name);
    if (!b.column)
        return wrong(p, "person.map_column", name);
    for (int i = 0; i < p->map.n_columns; i++)
        if (p->columns[i].column == b.column)
            return wrong(p, "map.setting_twice", name);
    kz_source_kind kind = b.column->kind;
    if (kind == KZ_SRC_AREA && how.n > 0) {
        b.how = KZ_HOW_LEVEL;
        KZ_TRY(keep(p, how, &b.level));
    } else if (kind == KZ_SRC_INT && kz_view_is(how, "months_since")) {
        b.how = KZ_HOW_MONTHS_SINCE;
    } else if (kind == KZ_SRC_INT && kz_view_is(how, "years_since")) {
        b.how = KZ_HOW_YEARS_SINCE;
    } else if (how.n > 0) {
        return wrong(p, "person.map_how", how);
    }
    KZ_TRY(keep(p, header, &b.name));
    p->columns[p->map.n_columns++] = b;
    return KZ_OK;
}

/* "sex | männl. = m" */
static kz_status read_code(parser *p, kz_view left, kz_view code)
{
    kz_view name, text;
    kz_person_code c = { .code = kz_view_is(code, "-") ? "" : NULL };
    if (!cut(left, '|', &name, &text))
        return wrong(p, "person.map_code", left);
    c.column = column_of(p, name);
    if (!c.column || c.column->kind != KZ_SRC_CODE)
        return wrong(p, "person.map_column", name);
    for (int i = 0; i < c.column->n_codes && !c.code; i++)
        if (kz_view_is(code, c.column->codes[i].code))
            c.code = c.column->codes[i].code;
    if (!c.code) {
        kz_auto(kz_buf) known = kz_buf_init(4096);
        for (int i = 0; i < c.column->n_codes; i++)
            if (c.column->codes[i].code[0] != '\0')
                kz_buf_fmt(&known, "%s%s", known.n ? ", " : "", c.column->codes[i].code);
        return kz_fail(p->err, KZ_E_INPUT, "person.map_code_unknown", kz_s("file", p->file), kz_n("line", p->line),
                       kz_vw("value", code), kz_s("column", c.column->name), kz_s("known", kz_buf_text(&known)));
    }
    kz_auto(kz_buf) folded = kz_buf_init(FOLDED_MOST);
    kz_source_fold(&folded, text, false);
    KZ_TRY(keep(p, text, &c.text));
    KZ_TRY(keep(p, kz_view_from(kz_buf_text(&folded), folded.n), &c.folded));
    p->codes[p->map.n_codes++] = c;
    return KZ_OK;
}

static int wildcards(kz_view v)
{
    int n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += v.p[i] == '*' || v.p[i] == '?';
    return n;
}

/* "99* = - ohne feste Zuordnung", "* = viertel:*", "000 = stadt" */
static kz_status read_area(parser *p, kz_view pattern, kz_view target)
{
    kz_area_rule r = { .line = p->line };
    kz_view level = target, key = { "", 0 };
    if (wildcards(pattern) > 1)
        return wrong(p, "map.area_wildcards", pattern);
    KZ_TRY(keep(p, pattern, &r.pattern));
    if (target.n > 0 && target.p[0] == '-') {
        kz_view reason = kz_view_trim(kz_view_from(target.p + 1, target.n - 1));
        if (reason.n == 0)
            return wrong(p, "map.no_reason", pattern);
        KZ_TRY(keep(p, reason, &r.reason));
    } else {
        if (cut(target, ':', &level, &key)) {
            if (key.n == 0 || level.n == 0)
                return wrong(p, "map.area_rule", target);
            const char *wild = wildcards(key) == 1 ? (memchr(key.p, '*', key.n) ? "*" : "?") : NULL;
            if (wildcards(key) > 1 || (wild && !memchr(pattern.p, wild[0], pattern.n)))
                return wrong(p, "map.area_key", target);
            KZ_TRY(keep(p, key, &r.key));
        }
        KZ_TRY(keep(p, level, &r.level));
    }
    p->areas[p->map.n_areas++] = r;
    return KZ_OK;
}

static kz_status read_line(parser *p, kz_view line)
{
    kz_view name, value;
    if (line.n == 0 || line.p[0] == '#')
        return KZ_OK;
    if (line.p[0] == '[') {
        for (int s = 1; s < N_SECTIONS; s++)
            if (kz_view_is(line, SECTIONS[s])) {
                p->at = (section)s;
                return KZ_OK;
            }
        return wrong(p, "person.map_section", line);
    }
    if (p->at == SEC_NONE)
        return wrong(p, "map.no_section", line);
    if (!cut(line, '=', &name, &value))
        return wrong(p, "map.no_equals", line);
    if (p->at == SEC_CODES) { /* a spelling may hold a =, our code does not */
        size_t last = line.n;
        while (last > 0 && line.p[last - 1] != '=')
            last--;
        name = kz_view_trim(kz_view_from(line.p, last - 1));
        value = kz_view_trim(kz_view_from(line.p + last, line.n - last));
    }
    if (value.n == 0)
        return wrong(p, "map.no_value", name);
    switch (p->at) {
    case SEC_FILE: return read_file(p, name, value);
    case SEC_COLUMNS: return read_column(p, name, value);
    case SEC_CODES: return read_code(p, name, value);
    case SEC_AREAS: return read_area(p, name, value);
    case SEC_NONE:
    case N_SECTIONS: break;
    }
    return KZ_OK;
}

kz_status kz_person_map_parse(const char *file, const char *text, size_t n, const kz_source *source, kz_arena *a,
                              kz_person_map *ret, kz_err *err)
{
    size_t lines = 1;
    parser p = { .file = file, .source = source, .arena = a, .err = err, .map = { .source = source } };
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    if (n > KZ_MAP_BYTES || lines > LINES_MOST)
        return kz_fail(err, KZ_E_LIMIT, "map.large", kz_s("file", file));
    p.columns = kz_arena_new(a, kz_person_bind, lines);
    p.codes = kz_arena_new(a, kz_person_code, lines);
    p.areas = kz_arena_new(a, kz_area_rule, lines);
    if (!p.columns || !p.codes || !p.areas)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    size_t bom = kz_bom_length(text, n);
    for (const char *at = text + (bom == 3 ? 3 : 0), *end = text + n; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        p.line++;
        kz_view line = kz_view_from(at, len > 0 && at[len - 1] == '\r' ? len - 1 : len);
        if (kz_utf8_bad(line.p, line.n) < line.n || (line.n && memchr(line.p, 0, line.n)))
            return wrong(&p, "map.encoding_of_map", kz_view_of(""));
        KZ_TRY(read_line(&p, kz_view_trim(line)));
        at += len + (stop != NULL);
    }
    if (!p.named)
        return kz_fail(err, KZ_E_INPUT, "map.setting_missing", kz_s("file", file), kz_s("value", "quelle"));
    if (p.map.n_columns == 0)
        return kz_fail(err, KZ_E_INPUT, "map.rules_missing", kz_s("file", file), kz_s("value", "[spalten]"));
    p.map.columns = p.columns;
    p.map.codes = p.codes;
    p.map.areas = p.areas;
    *ret = p.map;
    return KZ_OK;
}

/* ---- the other way ------------------------------------------------------------------------------- */

static const char *how_text(const kz_person_bind *b)
{
    switch (b->how) {
    case KZ_HOW_LEVEL: return b->level;
    case KZ_HOW_MONTHS_SINCE: return "months_since";
    case KZ_HOW_YEARS_SINCE: return "years_since";
    case KZ_HOW_PLAIN: break;
    }
    return NULL;
}

void kz_person_map_write(kz_buf *out, const kz_person_map *m)
{
    static const char DELIMITERS[] = ",;\t|";
    static const char *const NAMES[] = { "komma", "semikolon", "tabulator", "strich" };
    kz_buf_fmt(out, "[datei]\nquelle = %s\n", m->source->id);
    if (m->sheet)
        kz_buf_fmt(out, "blatt = %s\n", m->sheet);
    if (m->encoding != KZ_ENC_FIND)
        kz_buf_fmt(out, "zeichensatz = %s\n", kz_encoding_name(m->encoding));
    if (m->delimiter != 0)
        kz_buf_fmt(out, "trennzeichen = %s\n", NAMES[strchr(DELIMITERS, m->delimiter) - DELIMITERS]);
    kz_buf_str(out, "\n[spalten]\n");
    for (int i = 0; i < m->n_columns; i++) {
        const kz_person_bind *b = &m->columns[i];
        const char *how = how_text(b);
        kz_buf_fmt(out, "%s = %s%s%s\n", b->column->name, b->name, how ? " | " : "",
                   how ? how : "");
    }
    if (m->n_codes > 0)
        kz_buf_str(out, "\n[schluessel]\n");
    for (int i = 0; i < m->n_codes; i++)
        kz_buf_fmt(out, "%s | %s = %s\n", m->codes[i].column->name, m->codes[i].text,
                   m->codes[i].code[0] ? m->codes[i].code : "-");
    if (m->n_areas > 0)
        kz_buf_str(out, "\n[gebiete]\n");
    for (int i = 0; i < m->n_areas; i++) {
        const kz_area_rule *r = &m->areas[i];
        kz_buf_fmt(out, "%s = %s%s%s%s%s\n", r->pattern, r->level ? r->level : "-", r->key ? ":" : "",
                   r->key ? r->key : "", r->reason ? " " : "", r->reason ? r->reason : "");
    }
}

const char *kz_person_map_code(const kz_person_map *m, const kz_source_column *c, kz_view text)
{
    if (m->n_codes > 0) {
        kz_auto(kz_buf) folded = kz_buf_init(FOLDED_MOST);
        kz_source_fold(&folded, text, false);
        for (int i = 0; i < m->n_codes; i++)
            if (m->codes[i].column == c && strcmp(m->codes[i].folded, kz_buf_text(&folded)) == 0)
                return m->codes[i].code;
    }
    return kz_source_code_find(c, text);
}
