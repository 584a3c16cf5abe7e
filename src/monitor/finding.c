#include "monitor/finding.h"

#include "io/csv_write.h"
#include "io/sheet_write.h"
#include "io/sheetfile.h"

enum { ARENA_BYTES = 8 << 20, VALUE_BYTES = 200 };

void kz_findings_init(kz_findings *f, const char *file)
{
    *f = (kz_findings){ .file = file };
    kz_arena_init(&f->arena, ARENA_BYTES);
}

void kz_findings_done(kz_findings *f)
{
    kz_arena_done(&f->arena);
    f->n = 0;
}

void kz_findings_in_sheet(kz_findings *f, const char *sheet, size_t n, const kz_view names[], const uint32_t columns[])
{
    f->sheet = kz_arena_strdup(&f->arena, sheet);
    f->n_places = n;
    f->place_names = names;
    f->place_columns = columns;
}

/* "B7", or "" for a row as a whole and in a text. */
static const char *place_of(kz_findings *f, int64_t row, const char *column)
{
    char name[16];
    for (size_t i = 0; f->sheet && row > 0 && column[0] != '\0' && i < f->n_places; i++)
        if (kz_view_is(f->place_names[i], column)) {
            const char *kept = kz_arena_strdup(&f->arena, kz_sheet_place((uint32_t)row, f->place_columns[i], name));
            return kept ? kept : "";
        }
    return "";
}

/* Count one more of this rule; how many there are now. */
static int64_t count_rule(kz_findings *f, const char *rule, kz_severity severity)
{
    for (int i = 0; i < f->n_rules; i++)
        if (strcmp(f->rules[i].rule, rule) == 0)
            return ++f->rules[i].n;
    KZ_ASSERT(f->n_rules < KZ_FINDING_RULES);
    f->rules[f->n_rules].rule = rule;
    f->rules[f->n_rules].severity = severity;
    f->rules[f->n_rules].n = 1;
    f->n_rules++;
    return 1;
}

/* A value as text of bounded length, cut between characters. */
static const char *keep_value(kz_findings *f, kz_view v)
{
    size_t n = v.n;
    if (n > VALUE_BYTES)
        for (n = VALUE_BYTES; n > 0 && ((unsigned char)v.p[n] & 0xC0) == 0x80;)
            n--;
    return kz_arena_strndup(&f->arena, v.n ? v.p : "", n);
}

void kz_finding_add_(kz_findings *f, kz_severity severity, const char *rule, int64_t row, const char *column,
                     kz_view value, const kz_arg args[])
{
    f->count[severity]++;
    if (count_rule(f, rule, severity) > KZ_FINDINGS_PER_RULE || f->n == KZ_FINDINGS_MOST)
        return;
    kz_finding *one = kz_arena_new(&f->arena, kz_finding, 1);
    const char *text = keep_value(f, value), *name = kz_arena_strdup(&f->arena, column);
    if (!one || !text || !name)
        return; /* counted all the same */
    *one = (kz_finding){ .rule = rule, .severity = severity, .row = row, .column = name, .value = text,
                         .cell = place_of(f, row, column) };
    (void)kz_fail_(&one->what, KZ_E_INPUT, rule, args);
    kz_err_add(&one->what, kz_n("row", row));
    kz_err_add(&one->what, kz_s("column", name));
    kz_err_add(&one->what, kz_s("value", text));
    f->list[f->n++] = one;
}

void kz_findings_more(kz_findings *f, kz_severity severity, const char *rule, int64_t n)
{
    if (n <= 0)
        return;
    f->count[severity] += n;
    (void)count_rule(f, rule, severity);
    for (int i = 0; i < f->n_rules; i++)
        if (strcmp(f->rules[i].rule, rule) == 0)
            f->rules[i].n += n - 1;
}

void kz_findings_rules(kz_buf *out, const kz_findings *f, kz_severity severity)
{
    size_t from = out->n;
    for (int i = 0; i < f->n_rules; i++)
        if (f->rules[i].severity == severity)
            kz_buf_fmt(out, "%s%s=%lld", out->n > from ? " " : "", f->rules[i].rule, (long long)f->rules[i].n);
}

int64_t kz_findings_of(const kz_findings *f, const char *rule)
{
    for (int i = 0; i < f->n_rules; i++)
        if (strcmp(f->rules[i].rule, rule) == 0)
            return f->rules[i].n;
    return 0;
}

void kz_finding_say(kz_buf *out, kz_lang lang, const kz_finding *f)
{
    kz_err_say(out, lang, &f->what);
}

void kz_finding_say_remedy(kz_buf *out, kz_lang lang, const kz_finding *f)
{
    kz_auto(kz_buf) id = kz_buf_init(128);
    kz_buf_fmt(&id, "%s.remedy", f->rule);
    kz_err remedy = f->what;
    remedy.id = kz_buf_text(&id);
    kz_err_say(out, lang, &remedy);
}

const char *kz_severity_name(kz_severity s)
{
    static const char *const NAMES[KZ_N_SEVERITIES] = { "notice", "warning", "error" };
    return NAMES[s];
}

/* A table that goes to CSV or to XLSX. */
typedef struct report {
    kz_csv_out   *csv;
    kz_sheet_out *sheet;
} report;

static void put_str(const report *w, const char *text)
{
    if (w->csv)
        kz_csv_put_str(w->csv, text);
    else
        kz_sheet_put_str(w->sheet, text);
}

static void put_row(const report *w, int64_t row)
{
    if (row <= 0)
        put_str(w, NULL);
    else if (w->csv)
        kz_csv_put_int(w->csv, row);
    else
        kz_sheet_put_int(w->sheet, row);
}

static void end_line(const report *w)
{
    if (w->csv)
        kz_csv_line(w->csv);
    else
        kz_sheet_line(w->sheet);
}

static void write_one(const report *w, kz_lang lang, const kz_findings *all, const kz_finding *f)
{
    kz_auto(kz_buf) text = kz_buf_init(16 * 1024);
    put_str(w, all->file);
    put_row(w, f->row);
    put_str(w, f->column);
    put_str(w, f->value);
    put_str(w, f->rule);
    put_str(w, kz_severity_name(f->severity));
    kz_finding_say(&text, lang, f);
    put_str(w, kz_buf_text(&text));
    kz_buf_clear(&text);
    kz_finding_say_remedy(&text, lang, f);
    put_str(w, kz_buf_text(&text));
    if (all->sheet) {
        put_str(w, all->sheet);
        put_str(w, f->cell);
    }
    end_line(w);
}

static void write_all(const report *w, kz_lang lang, const kz_findings *f)
{
    static const char *const HEADER[] = { "file", "row", "column", "value", "rule", "severity", "message", "remedy",
                                          "sheet", "cell" };
    for (size_t i = 0; i < sizeof HEADER / sizeof HEADER[0] - (f->sheet ? 0 : 2); i++)
        put_str(w, HEADER[i]);
    end_line(w);
    for (int s = KZ_N_SEVERITIES - 1; s >= 0; s--)
        for (int i = 0; i < f->n; i++)
            if (f->list[i]->severity == (kz_severity)s)
                write_one(w, lang, f, f->list[i]);
}

void kz_findings_csv(kz_buf *out, kz_lang lang, const kz_findings *f)
{
    kz_csv_out w = { .out = out, .for_people = true };
    write_all(&(report){ .csv = &w }, lang, f);
}

kz_status kz_findings_xlsx(kz_buf *out, kz_lang lang, const kz_findings *f, kz_err *err)
{
    kz_auto(kz_sheet_out) w;
    kz_sheet_out_begin(&w, kz_text(lang, "import.report_sheet"), 64u << 20);
    write_all(&(report){ .sheet = &w }, lang, f);
    return kz_sheet_out_end(&w, out, err);
}
