/* Rows and columns that are no data: totals, footnotes, headers that come again, what is hidden. */
#include "monitor/table_reader.h"

#include "base/utf8.h"

static bool begins_with(kz_view v, const char *word)
{
    size_t n = strlen(word);
    return v.n >= n && memcmp(v.p, word, n) == 0;
}

/* "Quelle: …", "* …", "1) …": how lines below a table begin. */
static bool like_footnote(kz_view text)
{
    /* lint: allow german, because these are words of the files, not of a screen */
    static const char *const WORDS[] = { "quelle", "anmerkung", "hinweis", "fußnote", "erläuterung", "zeichenerklärung",
                                         "legende", "stand:", "stand ", "datenstand", "datenquelle", "©", "(c) ", "* ",
                                         "** ", "*) ", "¹", "²", "³" };
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&folded, text);
    kz_view v = { kz_buf_text(&folded), folded.n };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (begins_with(v, WORDS[i]))
            return true;
    return v.n > 2 && v.p[0] >= '1' && v.p[0] <= '9' && v.p[1] == ')';
}

/* The only text of the row; n 0 when there are several. */
static kz_view lone_text(const kz_row *row)
{
    kz_view lone = { "", 0 };
    for (size_t i = 0; i < row->n; i++) {
        kz_view v = kz_view_trim(row->field[i]);
        if (v.n > 0 && lone.n > 0)
            return (kz_view){ "", 0 };
        if (v.n > 0)
            lone = v;
    }
    return lone;
}

/* 1, 2, 3 … below the header, as tables of offices number their columns. */
static bool numbers_columns(const reader *r, const kz_row *row)
{
    if (!row->cell || row->n < 3 || row->line != r->job->table.first_row)
        return false;
    for (size_t i = 0; i < row->n; i++) {
        int64_t n;
        kz_view v = row->field[i];
        if (v.n > 2 && v.p[0] == '(' && v.p[v.n - 1] == ')')
            v = (kz_view){ v.p + 1, v.n - 2 };
        if (!kz_parse_plain(v, (int64_t)i + 1, (int64_t)i + 1, &n))
            return false;
    }
    return true;
}

bool reader_sets_aside(reader *r, const kz_row *row)
{
    if (numbers_columns(r, row)) {
        kz_finding_add(r->job->found, KZ_NOTICE, "check.column_numbers", (int64_t)row->line, "", kz_view_of(""));
        return true;
    }
    if (row->problem == KZ_CSV_QUOTE)
        return false;
    /* Of a text only lines that look like one; a sheet is filled by hand, there a lone text has no values. */
    if (row->n > r->area && row->field[r->area].n > 0 && row->n > 1 && row->field[row->n - 1].n > 0)
        return false; /* the usual row: first and last are there */
    kz_view lone = lone_text(row);
    kz_area_target to;
    bool aside = lone.n > 0 && like_footnote(lone);
    if (!aside && lone.n > 0 && row->cell && r->job->rows.n_columns > 2)
        for (size_t i = 0; i < row->n; i++)
            aside |= row->cell[i] && row->cell[i]->kind == KZ_CELL_TEXT && !reader_is_value(r, i) &&
                     (i != r->area || !kz_mapfile_area(&r->job->map, lone, &to) || memchr(lone.p, ' ', lone.n));
    if (aside)
        kz_finding_add(r->job->found, KZ_NOTICE, "check.footnote", (int64_t)row->line, "", lone);
    return aside;
}

static bool like_total(kz_view key)
{
    static const char *const WORDS[] = { "gesamt", "insgesamt", "summe", "zusammen", "total", "gesamtergebnis",
                                         "gesamtsumme", "gesamt:", "insgesamt:", "summe:" };
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&folded, key);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(kz_buf_text(&folded), WORDS[i]) == 0)
            return true;
    return false;
}

/* The key is the name of its own column. */
static bool like_header(const reader *r, kz_view key)
{
    kz_auto(kz_buf) a = kz_buf_init(KZ_SHEET_TEXT_MAX * 5), b = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&a, key);
    kz_utf8_fold(&b, r->job->rows.header[r->area]);
    return a.n > 0 && strcmp(kz_buf_text(&a), kz_buf_text(&b)) == 0;
}

int reader_no_area(const reader *r, kz_view key)
{
    return like_total(key) ? TOTAL : like_header(r, key) ? HEADER : UNKNOWN;
}

/* ---- the table as a whole ------------------------------------------------------------- */

static bool is_hidden(const kz_sheet *s, uint32_t column)
{
    for (uint32_t i = 0; i < s->n_hidden; i++)
        if (column >= s->hidden[i].column && column <= s->hidden[i].last_column)
            return true;
    return false;
}

/* Letters of the columns that have cells below the header but no name. */
static kz_status unnamed_columns(const kz_job *job, kz_buf *out, kz_err *err)
{
    const kz_sheet *s = job->rows.sheet;
    bool *seen = kz_arena_new(&job->found->arena, bool, s->n_columns + 1);
    char name[16];
    if (!seen)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (size_t i = 0; i < job->rows.n_columns; i++)
        seen[job->rows.columns[i]] = true;
    for (uint32_t i = 0; i < s->n_rows; i++)
        for (uint32_t k = 0; s->rows[i].row >= job->rows.first_row && k < s->rows[i].n; k++) {
            uint32_t column = s->rows[i].cells[k].column;
            if (seen[column])
                continue;
            seen[column] = true;
            kz_buf_fmt(out, "%s%s", out->n ? ", " : "", kz_sheet_place(0, column, name));
        }
    return KZ_OK;
}

/* Hidden columns that nothing is taken from: whoever wrote the file may not know that they go along. */
static void report_hidden_unused(const reader *r)
{
    const kz_job *job = r->job;
    const kz_sheet *s = job->rows.sheet;
    kz_auto(kz_buf) columns = kz_buf_init(64 * 1024);
    char name[16];
    for (uint32_t c = 0; c < s->n_columns; c++) {
        bool used = false;
        for (size_t i = 0; i < job->rows.n_columns; i++)
            used = used || (job->rows.columns[i] == c && reader_uses(r, i));
        if (!used && is_hidden(s, c))
            kz_buf_fmt(&columns, "%s%s", columns.n ? ", " : "", kz_sheet_place(0, c, name));
    }
    if (columns.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.hidden_unused", 0, "",
                       kz_view_from(kz_buf_text(&columns), columns.n));
}

static kz_status report_sheet(const reader *r, kz_err *err)
{
    const kz_job *job = r->job;
    const kz_sheet *s = job->rows.sheet;
    kz_auto(kz_buf) sheets = kz_buf_init(64 * 1024), columns = kz_buf_init(64 * 1024);
    kz_auto(kz_buf) unnamed = kz_buf_init(256 * 1024);
    char name[16];
    kz_sheet_names(&sheets, &job->book, 1);
    if (sheets.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.hidden_sheets", 0, "",
                       kz_view_from(kz_buf_text(&sheets), sheets.n), kz_s("sheet", s->name));
    for (size_t i = 0; i < job->rows.n_columns; i++)
        if (reader_uses(r, i) && is_hidden(s, job->rows.columns[i]))
            kz_buf_fmt(&columns, "%s%s", columns.n ? ", " : "", kz_sheet_place(0, job->rows.columns[i], name));
    if (columns.n > 0)
        kz_finding_add(job->found, KZ_WARNING, "check.hidden_columns", 0, "",
                       kz_view_from(kz_buf_text(&columns), columns.n));
    report_hidden_unused(r);
    if (r->hidden_rows > 0)
        kz_finding_add(job->found, KZ_WARNING, "check.hidden_rows", r->hidden_line, "", kz_view_of(""),
                       kz_n("rows", r->hidden_rows));
    KZ_TRY(unnamed_columns(job, &unnamed, err));
    if (unnamed.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.columns_unnamed", 0, "",
                       kz_view_from(kz_buf_text(&unnamed), unnamed.n));
    return KZ_OK;
}

kz_status reader_report_table(const reader *r, kz_err *err)
{
    const kz_job *job = r->job;
    const kz_rows *rows = &job->rows;
    reader_report_dropped(r);
    if (r->unseen > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.hidden_characters", r->unseen_line,
                       reader_column_name(job, r->unseen_column), kz_view_of(""), kz_n("texts", r->unseen));
    if (r->missing > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.value_missing", r->missing_line,
                       reader_column_name(job, r->missing_column), kz_view_of(""), kz_n("values", r->missing));
    if (rows->sheet)
        return report_sheet(r, err);
    if (rows->csv.encoding_sure == KZ_SURE_LIKELY)
        kz_finding_add(job->found, KZ_NOTICE, "check.encoding", 0, "",
                       kz_view_of(kz_encoding_name(rows->csv.encoding)));
    if (!rows->csv.delimiter_sure && job->map.delimiter == 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.delimiter", 0, "", kz_view_from(&rows->csv.delimiter, 1));
    return KZ_OK;
}
