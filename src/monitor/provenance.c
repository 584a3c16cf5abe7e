#include "monitor/provenance.h"

#include "io/sheetfile.h"

static kz_status keep(kz_stmt *q, int at, kz_arena *a, const char **ret, kz_err *err)
{
    *ret = kz_arena_strdup(a, kz_col_text(q, at));
    return *ret ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "import.memory");
}

kz_status kz_provenance_find(kz_db *work, const char *measure, int64_t period, int64_t area, kz_arena *a, bool *found,
                             kz_provenance *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_provenance p = { .cell = "" };
    char cell[16];
    KZ_TRY(kz_prepare(work, "SELECT o.value, m.decimals, o.state, o.import, o.line, i.map_version, i.file, i.sha256,"
                            " i.original, i.sheet, COALESCE(c.name, ''), i.at, i.by_user, i.map_name, i.map_sha256,"
                            " o.col"
                            " FROM observation o JOIN measure m ON m.id = o.measure JOIN import i ON i.id = o.import"
                            " LEFT JOIN import_column c ON c.import = o.import AND c.col = o.col"
                            " WHERE m.code = ?1 AND o.period = ?2 AND o.area = ?3", &q, err));
    kz_bind_text(&q, 1, measure);
    kz_bind_int(&q, 2, period);
    kz_bind_int(&q, 3, area);
    KZ_TRY(kz_step(&q, found, err));
    if (!*found)
        return KZ_OK;
    p.value = kz_col_null(&q, 0) ? KZ_NO_VALUE : kz_col_int(&q, 0);
    p.decimals = (int)kz_col_int(&q, 1);
    p.state = (kz_cell_state)kz_col_int(&q, 2);
    p.import = kz_col_int(&q, 3);
    p.line = kz_col_int(&q, 4);
    p.map_version = kz_col_int(&q, 5);
    const char **texts[] = { &p.file, &p.sha256, &p.original, &p.sheet,    &p.column,
                             &p.at,   &p.by_user, &p.map_name, &p.map_sha256 };
    for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++)
        KZ_TRY(keep(&q, 6 + i, a, texts[i], err));
    int64_t col = kz_col_int(&q, 15);
    if (p.sheet[0] != '\0' && col > 0)
        p.cell = kz_arena_strdup(a, kz_sheet_place((uint32_t)p.line, (uint32_t)col - 1, cell));
    if (!p.cell)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    *ret = p;
    return KZ_OK;
}

void kz_provenance_place(kz_buf *out, kz_lang lang, const kz_provenance *p)
{
    kz_auto(kz_buf) line = kz_buf_init(32); /* a row number has no thousands points */
    kz_buf_int(&line, p->line);
    const char *id = p->cell[0] != '\0'     ? "explain.place_cell"
                     : p->sheet[0] != '\0'  ? "explain.place_sheet"
                     : p->column[0] != '\0' ? "explain.place_column"
                                            : "explain.place_line";
    kz_say(out, lang, id, kz_s("sheet", p->sheet), kz_s("cell", p->cell), kz_s("column", p->column),
           kz_s("line", kz_buf_text(&line)));
}
