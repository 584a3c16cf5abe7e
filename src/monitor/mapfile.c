#include "monitor/mapfile_parser.h"

#include "base/utf8.h"

kz_status map_wrong(const map_parser *p, const char *id, kz_view value)
{
    return kz_fail(p->err, KZ_E_INPUT, id, kz_s("file", p->file), kz_n("line", p->line), kz_vw("value", value));
}

kz_status map_memory(const map_parser *p)
{
    return kz_fail(p->err, KZ_E_LIMIT, "map.large", kz_s("file", p->file));
}

kz_status map_keep(const map_parser *p, kz_view v, const char **ret)
{
    const char *s = kz_arena_strndup(p->arena, v.p, v.n);
    if (!s)
        return map_memory(p);
    *ret = s;
    return KZ_OK;
}

kz_status map_keep_folded(const map_parser *p, kz_view v, const char **ret)
{
    kz_auto(kz_buf) b = kz_buf_init(4 * KZ_MAP_BYTES);
    kz_utf8_fold(&b, v);
    if (kz_buf_status(&b) != KZ_OK)
        return map_memory(p);
    return map_keep(p, (kz_view){ kz_buf_text(&b), b.n }, ret);
}

void map_cut(kz_view v, size_t at, kz_view *before, kz_view *behind)
{
    *before = kz_view_trim((kz_view){ v.p, at });
    *behind = kz_view_trim((kz_view){ v.p + at + 1, v.n - at - 1 });
}

size_t map_first_of(kz_view v, char c)
{
    const char *at = v.n ? memchr(v.p, c, v.n) : NULL;
    return at ? (size_t)(at - v.p) : v.n;
}

/* ---- settings: name = value ------------------------------------------- */

typedef enum setting {
    SET_SOURCE, SET_LAYOUT, SET_SHEET, SET_ENCODING, SET_DELIMITER,
    SET_SEVERAL, SET_AREA, SET_AREA_NAME, SET_PERIOD, SET_MEASURE, SET_VALUE, SET_DROPPED,
    SET_FORM, SET_DAY,
    SET_DECIMAL, SET_SIGNS, SET_MISSING,
    N_SETTINGS
} setting;

static const struct {
    map_section section;
    const char *name;
    bool        required;
} SETTINGS[N_SETTINGS] = {
    [SET_SOURCE]    = { SEC_FILE, "quelle", true },
    [SET_LAYOUT]    = { SEC_FILE, "aufbau", true },
    [SET_SHEET]     = { SEC_FILE, "blatt", false },
    [SET_ENCODING]  = { SEC_FILE, "zeichensatz", false },
    [SET_DELIMITER] = { SEC_FILE, "trennzeichen", false },
    [SET_SEVERAL]   = { SEC_FILE, "mehrfach", false },
    [SET_AREA]      = { SEC_COLUMNS, "gebiet", true },
    [SET_AREA_NAME] = { SEC_COLUMNS, "gebietsname", false },
    [SET_PERIOD]    = { SEC_COLUMNS, "zeitraum", false },
    [SET_MEASURE]   = { SEC_COLUMNS, "merkmal", false },
    [SET_VALUE]     = { SEC_COLUMNS, "wert", false },
    [SET_DROPPED]   = { SEC_COLUMNS, "ohne", false },
    [SET_FORM]      = { SEC_PERIOD, "form", true },
    [SET_DAY]       = { SEC_PERIOD, "stichtag", false },
    [SET_DECIMAL]   = { SEC_NUMBERS, "dezimalzeichen", true },
    [SET_SIGNS]     = { SEC_NUMBERS, "tabellenzeichen", true },
    [SET_MISSING]   = { SEC_NUMBERS, "fehlend", false },
};

static kz_status read_delimiter(map_parser *p, kz_view value)
{
    static const struct {
        const char *name;
        char        c;
    } NAMES[] = {
        { "auto", 0 }, { "komma", ',' }, { "semikolon", ';' }, { "tabulator", '\t' }, { "strich", '|' },
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (kz_view_is(value, NAMES[i].name)) {
            p->map.delimiter = NAMES[i].c;
            return KZ_OK;
        }
    return map_wrong(p, "map.delimiter", value);
}

static kz_status read_encoding(map_parser *p, kz_view value)
{
    char name[32];
    if (kz_view_is(value, "auto")) {
        p->map.encoding = KZ_ENC_FIND;
        return KZ_OK;
    }
    if (value.n >= sizeof name)
        return map_wrong(p, "map.encoding", value);
    memcpy(name, value.p, value.n);
    name[value.n] = '\0';
    kz_encoding enc = kz_encoding_from_name(name);
    if (enc == KZ_N_ENCODINGS)
        return map_wrong(p, "map.encoding", value);
    p->map.encoding = enc;
    return KZ_OK;
}

/* "31.12." */
static kz_status read_day(map_parser *p, kz_view v)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (v.n != 6 || v.p[2] != '.' || v.p[5] != '.')
        return map_wrong(p, "map.day", v);
    for (size_t i = 0; i < 6; i++)
        if (i != 2 && i != 5 && (v.p[i] < '0' || v.p[i] > '9'))
            return map_wrong(p, "map.day", v);
    int day = (v.p[0] - '0') * 10 + v.p[1] - '0', month = (v.p[3] - '0') * 10 + v.p[4] - '0';
    if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1])
        return map_wrong(p, "map.day", v);
    p->map.day = day;
    p->map.month = month;
    return KZ_OK;
}

/* "tab_id | zeile" or "zeile" */
static kz_status read_measure_columns(map_parser *p, kz_view value)
{
    kz_view one = value, two;
    size_t bar = map_first_of(value, '|');
    p->column_line = p->line;
    if (bar == value.n)
        return map_keep(p, one, &p->map.measure[0]);
    map_cut(value, bar, &one, &two);
    if (one.n == 0 || two.n == 0 || map_first_of(two, '|') < two.n)
        return map_wrong(p, "map.measure_columns", value);
    KZ_TRY(map_keep(p, one, &p->map.measure[0]));
    return map_keep(p, two, &p->map.measure[1]);
}

static kz_status read_setting(map_parser *p, setting s, kz_view value)
{
    switch (s) {
    case SET_SOURCE:    return map_keep(p, value, &p->map.source);
    case SET_LAYOUT:
        p->map.wide = kz_view_is(value, "breit");
        return p->map.wide || kz_view_is(value, "lang") ? KZ_OK : map_wrong(p, "map.layout", value);
    case SET_SHEET:     return map_keep(p, value, &p->map.sheet);
    case SET_ENCODING:  return read_encoding(p, value);
    case SET_DELIMITER: return read_delimiter(p, value);
    case SET_SEVERAL:
        p->map.sum_rows = kz_view_is(value, "summe");
        return p->map.sum_rows || kz_view_is(value, "fehler") ? KZ_OK : map_wrong(p, "map.several", value);
    case SET_AREA:      return map_keep(p, value, &p->map.area);
    case SET_AREA_NAME: return map_keep(p, value, &p->map.area_name);
    case SET_PERIOD:    return map_keep(p, value, &p->map.period);
    case SET_MEASURE:   return read_measure_columns(p, value);
    case SET_VALUE:     return map_keep(p, value, &p->map.value);
    case SET_DROPPED:   return map_read_dropped(p, value);
    case SET_FORM:
        while (p->map.form < KZ_N_FORMS && !kz_view_is(value, kz_period_form_name(p->map.form)))
            p->map.form++;
        return p->map.form < KZ_N_FORMS ? KZ_OK : map_wrong(p, "map.form", value);
    case SET_DAY:       return read_day(p, value);
    case SET_DECIMAL:
        p->map.numbers = kz_view_is(value, "komma")  ? KZ_NUM_COMMA
                         : kz_view_is(value, "auto") ? KZ_NUM_ASK
                                                     : KZ_NUM_POINT;
        return p->map.numbers != KZ_NUM_POINT || kz_view_is(value, "punkt") ? KZ_OK
                                                                            : map_wrong(p, "map.decimal", value);
    case SET_SIGNS:
        p->map.signs = kz_view_is(value, "ja")        ? KZ_SIGNS_YES
                       : kz_view_is(value, "amtlich") ? KZ_SIGNS_OFFICIAL
                                                      : KZ_SIGNS_NO;
        return p->map.signs != KZ_SIGNS_NO || kz_view_is(value, "nein") ? KZ_OK : map_wrong(p, "map.signs", value);
    case SET_MISSING:   return map_read_missing(p, value);
    case N_SETTINGS: break;
    }
    return KZ_OK;
}

static kz_status read_setting_line(map_parser *p, kz_view line)
{
    size_t eq = map_first_of(line, '=');
    if (eq == line.n)
        return map_wrong(p, "map.no_equals", line);
    kz_view name, value;
    map_cut(line, eq, &name, &value);
    for (setting s = 0; s < N_SETTINGS; s++) {
        if (SETTINGS[s].section != p->section || !kz_view_is(name, SETTINGS[s].name))
            continue;
        if (p->seen & (1u << s))
            return map_wrong(p, "map.setting_twice", name);
        if (value.n == 0)
            return map_wrong(p, "map.no_value", name);
        p->seen |= 1u << s;
        return read_setting(p, s, value);
    }
    return map_wrong(p, "map.setting_unknown", name);
}

/* ---- rules ------------------------------------------------------------- */

/* Behind "=": "- reason".  Sets *reason to NULL when it is something else. */
static kz_status read_reason(const map_parser *p, kz_view target, const char **reason)
{
    *reason = NULL;
    if (target.p[0] != '-' || (target.n > 1 && target.p[1] != ' ' && target.p[1] != '\t'))
        return KZ_OK;
    kz_view why = kz_view_trim((kz_view){ target.p + 1, target.n - 1 });
    return why.n == 0 ? map_wrong(p, "map.no_reason", target) : map_keep(p, why, reason);
}

/* How many wildcards there are, and which. */
static size_t wildcards(kz_view v, char *which)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] == '?' || v.p[i] == '*') {
            *which = v.p[i];
            n++;
        }
    return n;
}

static kz_status read_area_line(map_parser *p, kz_view line)
{
    size_t eq = map_first_of(line, '=');
    kz_view pattern, target, level, key;
    char in_pattern = 0, in_key = 0;

    if (eq == line.n)
        return map_wrong(p, "map.no_equals", line);
    map_cut(line, eq, &pattern, &target);
    if (pattern.n == 0 || target.n == 0)
        return map_wrong(p, "map.area_rule", line);
    if (p->map.n_areas == KZ_MAP_RULES)
        return map_memory(p);
    if (wildcards(pattern, &in_pattern) > 1)
        return map_wrong(p, "map.area_wildcards", pattern);
    kz_area_rule *r = &p->areas[p->map.n_areas];
    *r = (kz_area_rule){ .line = p->line };
    KZ_TRY(map_keep(p, pattern, &r->pattern));
    for (int i = 0; i < p->map.n_areas; i++)
        if (strcmp(p->areas[i].pattern, r->pattern) == 0)
            return map_wrong(p, "map.area_twice", pattern);
    KZ_TRY(read_reason(p, target, &r->reason));
    if (!r->reason) {
        size_t colon = map_first_of(target, ':');
        level = target;
        key = (kz_view){ "", 0 };
        if (colon < target.n) {
            map_cut(target, colon, &level, &key);
            if (key.n == 0)
                return map_wrong(p, "map.area_rule", line);
            KZ_TRY(map_keep(p, key, &r->key));
        }
        if (level.n == 0 || key.n >= KZ_AREA_KEY_MAX)
            return map_wrong(p, "map.area_rule", line);
        size_t n = wildcards(key, &in_key);
        if (n > 1 || (n == 1 && in_key != in_pattern))
            return map_wrong(p, "map.area_key", target);
        KZ_TRY(map_keep_folded(p, level, &r->level));
    }
    p->map.n_areas++;
    return KZ_OK;
}

/* The "=" of a measure rule: labels may hold one as well, so it is the first
 * that a code or a dash follows. */
static size_t rule_sign(kz_view line)
{
    for (size_t i = 0; i < line.n; i++) {
        if (line.p[i] != '=')
            continue;
        kz_view rest = kz_view_trim((kz_view){ line.p + i + 1, line.n - i - 1 });
        bool code = map_first_of(rest, ' ') == rest.n && map_first_of(rest, '=') == rest.n;
        if (rest.n > 0 && (rest.p[0] == '-' || code))
            return i;
    }
    return map_first_of(line, '=');
}

static kz_status find_measure(const map_parser *p, kz_view target, int *ret)
{
    char code[64];
    int found = -1;
    if (target.n < sizeof code) {
        memcpy(code, target.p, target.n);
        code[target.n] = '\0';
        found = kz_measure_find(p->known, code);
    }
    if (found < 0)
        return map_wrong(p, "map.measure_unknown", target);
    *ret = found;
    return KZ_OK;
}

static kz_status read_measure_line(map_parser *p, kz_view line)
{
    size_t eq = rule_sign(line);
    kz_view label, target, part[2] = { { 0 } };

    if (eq == line.n)
        return map_wrong(p, "map.no_equals", line);
    map_cut(line, eq, &label, &target);
    if (label.n == 0 || target.n == 0)
        return map_wrong(p, "map.measure_rule", line);
    if (p->map.n_measures == KZ_MAP_RULES)
        return map_memory(p);
    kz_measure_rule *r = &p->measures[p->map.n_measures];
    *r = (kz_measure_rule){ .measure = -1, .line = p->line };
    part[0] = label;
    size_t bar = map_first_of(label, '|');
    if (bar < label.n)
        map_cut(label, bar, &part[0], &part[1]);
    for (int i = 0; i < (bar < label.n ? 2 : 1); i++) {
        if (part[i].n == 0)
            return map_wrong(p, "map.measure_rule", line);
        KZ_TRY(map_keep(p, part[i], &r->label[i]));
        KZ_TRY(map_keep_folded(p, part[i], &r->folded[i]));
    }
    KZ_TRY(read_reason(p, target, &r->reason));
    if (!r->reason)
        KZ_TRY(find_measure(p, target, &r->measure));
    for (int i = 0; i < p->map.n_measures; i++) {
        const kz_measure_rule *o = &p->measures[i];
        if (strcmp(o->folded[0], r->folded[0]) == 0 && !o->folded[1] == !r->folded[1] &&
            (!o->folded[1] || strcmp(o->folded[1], r->folded[1]) == 0))
            return map_wrong(p, "map.measure_twice", label);
    }
    p->map.n_measures++;
    return KZ_OK;
}

/* "Einwohner {zeitraum} = pop", "unter 3 = age_00_03", "{zeitraum} = *" */
static kz_status read_value_line(map_parser *p, kz_view line)
{
    static const char PERIOD[] = "{zeitraum}";
    size_t eq = rule_sign(line);
    kz_view label, target;
    if (eq == line.n)
        return map_wrong(p, "map.no_equals", line);
    map_cut(line, eq, &label, &target);
    if (label.n == 0 || target.n == 0)
        return map_wrong(p, "map.column_rule", line);
    if (p->map.n_columns == KZ_MAP_RULES)
        return map_memory(p);
    kz_column_rule *r = &p->columns[p->map.n_columns];
    *r = (kz_column_rule){ .measure = -1, .line = p->line };
    KZ_TRY(map_keep(p, label, &r->label));
    for (int i = 0; i < p->map.n_columns; i++)
        if (strcmp(p->columns[i].label, r->label) == 0)
            return map_wrong(p, "map.column_twice", label);
    const char *folded;
    KZ_TRY(map_keep_folded(p, label, &folded));
    const char *at = strstr(folded, PERIOD);
    if (at && strstr(at + 1, PERIOD))
        return map_wrong(p, "map.column_rule", line);
    KZ_TRY(map_keep(p, kz_view_from(folded, at ? (size_t)(at - folded) : strlen(folded)), &r->before));
    if (at)
        KZ_TRY(map_keep(p, kz_view_of(at + sizeof PERIOD - 1), &r->behind));
    KZ_TRY(read_reason(p, target, &r->reason));
    if (kz_view_is(target, "*"))
        r->measure = -2;
    else if (!r->reason)
        KZ_TRY(find_measure(p, target, &r->measure));
    p->map.n_columns++;
    return KZ_OK;
}

/* ---- the file ------------------------------------------------------------ */

static kz_status read_section(map_parser *p, kz_view line)
{
    static const struct {
        const char *name;
        map_section section;
    } NAMES[] = {
        { "[datei]", SEC_FILE }, { "[spalten]", SEC_COLUMNS }, { "[zeitraum]", SEC_PERIOD },
        { "[zahlen]", SEC_NUMBERS }, { "[gebiete]", SEC_AREAS }, { "[merkmale]", SEC_MEASURES },
        { "[wertspalten]", SEC_VALUES }, { "[eigene]", SEC_OWN },
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (kz_view_is(line, NAMES[i].name)) {
            p->section = NAMES[i].section;
            return KZ_OK;
        }
    return map_wrong(p, "map.section", line);
}

/* Own measures are read first: rules name them wherever they stand. */
static kz_status read_line(map_parser *p, kz_view line, bool own)
{
    if (line.n == 0 || line.p[0] == '#')
        return KZ_OK;
    if (line.p[0] == '[')
        return read_section(p, line);
    if (own != (p->section == SEC_OWN))
        return KZ_OK;
    switch (p->section) {
    case SEC_NONE:     return map_wrong(p, "map.no_section", line);
    case SEC_AREAS:    return read_area_line(p, line);
    case SEC_MEASURES: return read_measure_line(p, line);
    case SEC_VALUES:   return read_value_line(p, line);
    case SEC_OWN:      return map_read_own(p, line);
    default:           return read_setting_line(p, line);
    }
}

static kz_status missing(const map_parser *p, const char *id, const char *value)
{
    return kz_fail(p->err, KZ_E_INPUT, id, kz_s("file", p->file), kz_s("value", value));
}

static kz_status need(const map_parser *p, setting s)
{
    return p->seen & (1u << s) ? KZ_OK : missing(p, "map.setting_missing", SETTINGS[s].name);
}

/* What a table needs, long or wide. */
static kz_status check_layout(map_parser *p)
{
    bool by_row = false;
    if (!p->map.wide) {
        KZ_TRY(need(p, SET_MEASURE));
        KZ_TRY(need(p, SET_VALUE));
        if (p->map.n_columns > 0)
            return missing(p, "map.not_wide", "[wertspalten]");
        return p->map.n_measures > 0 ? KZ_OK : missing(p, "map.rules_missing", "[merkmale]");
    }
    if (p->map.value)
        return missing(p, "map.not_long", SETTINGS[SET_VALUE].name);
    for (int i = 0; i < p->map.n_columns; i++)
        by_row |= p->columns[i].measure == -2;
    if (p->map.n_columns == 0)
        return missing(p, "map.rules_missing", "[wertspalten]");
    if (!by_row)
        return p->map.measure[0] ? missing(p, "map.not_long", SETTINGS[SET_MEASURE].name) : KZ_OK;
    KZ_TRY(need(p, SET_MEASURE));
    return p->map.n_measures > 0 ? KZ_OK : missing(p, "map.rules_missing", "[merkmale]");
}

static kz_status check_whole(map_parser *p)
{
    for (setting s = 0; s < N_SETTINGS; s++)
        if (SETTINGS[s].required)
            KZ_TRY(need(p, s));
    if (p->map.form == KZ_FORM_YEAR || p->map.form == KZ_FORM_SCHOOL_YEAR)
        KZ_TRY(need(p, SET_DAY));
    if (p->map.n_areas == 0)
        return missing(p, "map.rules_missing", "[gebiete]");
    KZ_TRY(check_layout(p));
    for (int i = 0; i < p->map.n_measures; i++)
        if (!p->measures[i].label[1] != !p->map.measure[1]) {
            p->line = p->measures[i].line;
            return kz_fail(p->err, KZ_E_INPUT, "map.measure_parts", kz_s("file", p->file),
                           kz_n("line", p->line), kz_s("value", p->measures[i].label[0]),
                           kz_n("columns", p->map.measure[1] ? 2 : 1), kz_n("defined", p->column_line));
        }
    return KZ_OK;
}

static size_t count_lines(const char *text, size_t n)
{
    size_t lines = 1;
    for (size_t i = 0; i < n; i++)
        lines += text[i] == '\n';
    return lines;
}

static kz_status read_lines(map_parser *p, const char *text, size_t n, bool own)
{
    const char *at = text + kz_bom_length(text, n), *end = text + n;
    p->section = SEC_NONE;
    for (p->line = 1; at < end; p->line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop ? stop : end) - at);
        if (len > 0 && at[len - 1] == '\r')
            len--;
        KZ_TRY(read_line(p, kz_view_trim((kz_view){ at, len }), own));
        at = stop ? stop + 1 : end;
    }
    return KZ_OK;
}

kz_status kz_mapfile_parse(const char *file, const char *text, size_t n, kz_arena *a, kz_mapfile *ret, kz_err *err)
{
    map_parser p = { .file = file, .line = 1, .arena = a, .err = err };

    if (n > KZ_MAP_BYTES)
        return map_memory(&p);
    size_t bad = kz_utf8_bad(text, n);
    if (bad < n || memchr(text, '\0', n)) {
        p.line = (int)count_lines(text, bad < n ? bad : strlen(text));
        return map_wrong(&p, "map.encoding_of_map", (kz_view){ "", 0 });
    }
    KZ_TRY(kz_measures_get(&p.known, err));
    size_t lines = count_lines(text, n), rules = lines < KZ_MAP_RULES ? lines : KZ_MAP_RULES;
    p.areas = kz_arena_new(a, kz_area_rule, rules);
    p.measures = kz_arena_new(a, kz_measure_rule, rules);
    p.columns = kz_arena_new(a, kz_column_rule, rules);
    p.own = kz_arena_new(a, kz_measure, rules);
    if (!p.areas || !p.measures || !p.columns || !p.own)
        return map_memory(&p);
    KZ_TRY(read_lines(&p, text, n, true));
    KZ_TRY(kz_measures_with(p.known, p.own, p.map.n_own, a, &p.known, err));
    KZ_TRY(read_lines(&p, text, n, false));
    p.map.areas = p.areas;
    p.map.measures = p.measures;
    p.map.columns = p.columns;
    p.map.known = p.known;
    KZ_TRY(check_whole(&p));
    *ret = p.map;
    return KZ_OK;
}
