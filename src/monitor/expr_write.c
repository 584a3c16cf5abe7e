/* Trees back to text, and their order. */
#include "monitor/expr_inner.h"

static void write_code(kz_buf *out, const char *code)
{
    static const char *const WORDS[] = { "and", "or", "not", "in", "between", "known" };
    size_t n = strlen(code);
    bool plain = n > 0 && code[0] != '-' && code[n - 1] != '-' && !strstr(code, "--");
    for (const char *c = code; *c; c++)
        plain &= (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '_' ||
                 *c == '-';
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        plain &= strcmp(code, WORDS[i]) != 0;
    kz_buf_fmt(out, plain ? "%s" : "'%s'", code);
}

static void write_codes(kz_buf *out, const kz_expr *e)
{
    if (!e->other && e->n_text == 1 && strcmp(e->text[0], "yes") == 0) {
        kz_buf_str(out, e->column);
        return;
    }
    if (e->n_text == 1) {
        kz_buf_fmt(out, "%s %s ", e->column, e->other ? "!=" : "=");
        write_code(out, e->text[0]);
        return;
    }
    kz_buf_fmt(out, "%s in (", e->column);
    for (int i = 0; i < e->n_text; i++) {
        kz_buf_str(out, i ? ", " : "");
        write_code(out, e->text[i]);
    }
    kz_buf_str(out, ")");
}

static void write_ranges(kz_buf *out, const kz_expr *e)
{
    const kz_expr_range *r = e->range;
    const char *comma = "";
    if (e->n_range == 2 && r[0].lo == EXPR_LOW && r[1].hi == EXPR_HIGH) {
        kz_buf_fmt(out, "%s != %d", e->column, r[0].hi + 1);
    } else if (e->n_range == 1 && r[0].lo == EXPR_LOW) {
        kz_buf_fmt(out, "%s < %d", e->column, r[0].hi + 1);
    } else if (e->n_range == 1 && r[0].hi == EXPR_HIGH) {
        kz_buf_fmt(out, "%s >= %d", e->column, r[0].lo);
    } else if (e->n_range == 1 && r[0].lo == r[0].hi) {
        kz_buf_fmt(out, "%s = %d", e->column, r[0].lo);
    } else if (e->n_range == 1) {
        kz_buf_fmt(out, "%s between %d and %d", e->column, r[0].lo, r[0].hi);
    } else {
        kz_buf_fmt(out, "%s in (", e->column);
        for (int i = 0; i < e->n_range; i++)
            for (int32_t v = r[i].lo; v <= r[i].hi; v++, comma = ", ")
                kz_buf_fmt(out, "%s%d", comma, v);
        kz_buf_str(out, ")");
    }
}

static void write_inner(kz_buf *out, const kz_expr *e, bool parted)
{
    if (parted)
        kz_buf_str(out, "(");
    kz_expr_write(out, e);
    if (parted)
        kz_buf_str(out, ")");
}

static void write_joined(kz_buf *out, const kz_expr *e)
{
    for (int i = 0; i < e->n_arg; i++) {
        kz_buf_str(out, i == 0 ? "" : e->op == KZ_X_AND ? " and " : " or ");
        write_inner(out, e->arg[i], e->op == KZ_X_AND && e->arg[i]->op == KZ_X_OR);
    }
}

static void write_aggregate(kz_buf *out, const kz_expr *e)
{
    kz_buf_fmt(out, "%s(%s", e->op == KZ_X_COUNT ? "count" : e->op == KZ_X_SUM ? "sum" : "distinct", e->name);
    if (e->op == KZ_X_SUM)
        kz_buf_fmt(out, ".%s", e->column);
    if (e->arg[0]->op != KZ_X_ALL) {
        kz_buf_str(out, ": ");
        kz_expr_write(out, e->arg[0]);
    }
    kz_buf_str(out, ")");
}

static void write_total(kz_buf *out, const kz_expr *e)
{
    /* A total does not begin with its negative parts where it has others. */
    for (int negative = 0, n = 0; negative < 2; negative++)
        for (int i = 0; i < e->n_arg; i++) {
            const kz_expr *a = e->arg[i];
            double w = a->weight < 0 ? -a->weight : a->weight;
            if ((a->weight < 0) != negative)
                continue;
            kz_buf_str(out, n++ == 0 ? (negative ? "-" : "") : negative ? " - " : " + ");
            if (w != 1) {
                kz_buf_real(out, w);
                kz_buf_str(out, " * ");
            }
            kz_expr_write(out, a);
            if (a->shift > 0)
                kz_buf_fmt(out, "[-%d]", a->shift);
        }
}

void kz_expr_write(kz_buf *out, const kz_expr *e)
{
    switch (e->op) {
    case KZ_X_ALL:
        break;
    case KZ_X_AND:
    case KZ_X_OR:
        write_joined(out, e);
        break;
    case KZ_X_NOT:
        kz_buf_str(out, "not ");
        write_inner(out, e->arg[0], e->arg[0]->op == KZ_X_AND || e->arg[0]->op == KZ_X_OR);
        break;
    case KZ_X_CODE:
        if (e->other && e->n_text > 1)
            kz_buf_str(out, "not ");
        write_codes(out, e);
        break;
    case KZ_X_RANGE:
        write_ranges(out, e);
        break;
    case KZ_X_KNOWN:
        kz_buf_fmt(out, "known(%s)", e->column);
        break;
    case KZ_X_MEASURE:
    case KZ_X_VALUE:
        kz_buf_str(out, e->name);
        break;
    case KZ_X_COUNT:
    case KZ_X_DISTINCT:
    case KZ_X_SUM:
        write_aggregate(out, e);
        break;
    case KZ_X_Z:
        kz_buf_fmt(out, "z(%s)", e->name);
        break;
    case KZ_X_PROFILE:
        kz_buf_fmt(out, "profile(%s, %s.%s%s%s)", e->name, e->of, e->column, *e->level ? ", " : "", e->level);
        break;
    case KZ_X_TOTAL:
        write_total(out, e);
        break;
    }
}

/* ---- order ---------------------------------------------------------------- */

static int text_order(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

static int number_order(double a, double b)
{
    return (a > b) - (a < b);
}

static int lists_order(const kz_expr *a, const kz_expr *b)
{
    int c = number_order(a->n_text, b->n_text);
    for (int i = 0; i < a->n_text && c == 0; i++)
        c = strcmp(a->text[i], b->text[i]);
    c = c ? c : number_order(a->n_range, b->n_range);
    for (int i = 0; i < a->n_range && c == 0; i++) {
        c = number_order(a->range[i].lo, b->range[i].lo);
        c = c ? c : number_order(a->range[i].hi, b->range[i].hi);
    }
    c = c ? c : number_order(a->n_arg, b->n_arg);
    for (int i = 0; i < a->n_arg && c == 0; i++)
        c = kz_expr_compare(a->arg[i], b->arg[i]);
    return c;
}

static bool is_test(const kz_expr *e)
{
    return e->op == KZ_X_CODE || e->op == KZ_X_RANGE || e->op == KZ_X_KNOWN;
}

int kz_expr_compare(const kz_expr *a, const kz_expr *b)
{
    int c = is_test(b) - is_test(a);
    if (c == 0 && is_test(a))
        c = strcmp(a->column, b->column);
    c = c ? c : number_order(a->op, b->op);
    c = c ? c : text_order(a->name, b->name);
    c = c ? c : text_order(a->of, b->of);
    c = c ? c : text_order(a->column, b->column);
    c = c ? c : text_order(a->level, b->level);
    c = c ? c : number_order(a->other, b->other);
    c = c ? c : lists_order(a, b);
    c = c ? c : number_order(a->shift, b->shift);
    return c ? c : number_order(a->weight, b->weight);
}
