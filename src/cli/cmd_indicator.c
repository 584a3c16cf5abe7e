/* kekiz indicator list, show: the catalogue. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "monitor/definition.h"
#include "store/workspace.h"

#include <string.h>

enum { TEXT_MOST = 32 * KZ_EXPR_BYTES, DEFINITIONS_MOST = 64 << 20 };

static const char *const DIRECTIONS[] = { "neutral", "load", "resource" };

/* Are the cells those of the definitions?  Without a workspace nobody has any. */
static kz_status compare(kz_call *call, const kz_catalogue *cat, kz_arena *a, kz_definitions *ret)
{
    kz_auto(kz_workspace) ws = { 0 };
    *ret = (kz_definitions){ 0 };
    kz_status st = kz_workspace_find(call->workspace, &call->err);
    if (st == KZ_E_MISSING)
        return KZ_OK;
    KZ_TRY(st);
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    return kz_definitions_compare(ws.work, cat, a, ret, &call->err);
}

kz_status kz_cmd_indicator_list(kz_call *call)
{
    static const kz_col COLS[] = { { "id", KZ_COL_TEXT }, { "title", KZ_COL_TEXT }, { "kind", KZ_COL_TEXT },
                                   { "numerator", KZ_COL_TEXT }, { "denominator", KZ_COL_TEXT },
                                   { "groups", KZ_COL_INT }, { "theme", KZ_COL_TEXT }, { "profile", KZ_COL_TEXT },
                                   { "cells", KZ_COL_TEXT } };
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_auto(kz_table_out) t;
    kz_auto(kz_arena) arena;
    kz_definitions d;
    kz_arena_init(&arena, DEFINITIONS_MOST);
    KZ_TRY(kz_table_begin(&t, call, COLS, 9));
    KZ_TRY(kz_catalogue_builtin(&cat, &call->err));
    KZ_TRY(compare(call, &cat, &arena, &d));
    for (int i = 0; i < cat.n; i++) {
        const kz_indicator *ind = &cat.indicators[i];
        kz_auto(kz_buf) num = kz_buf_init(TEXT_MOST);
        kz_auto(kz_buf) den = kz_buf_init(TEXT_MOST);
        kz_indicator_write_numerator(&num, ind, 0);
        kz_indicator_write_denominator(&den, ind, 0);
        kz_put_text(&t, ind->id);
        kz_put_text(&t, ind->title);
        kz_put_text(&t, kz_kind_name(ind->kind));
        kz_put_text(&t, kz_buf_text(&num));
        kz_put_text(&t, kz_buf_text(&den));
        kz_put_int(&t, ind->n_groups);
        kz_put_text(&t, ind->theme);
        kz_put_text(&t, ind->profile->id);
        bool computed = i < d.n && d.list[i].computed;
        kz_put_text(&t, !computed ? "" : d.list[i].stale ? "stale" : d.list[i].known ? "current" : "unknown");
    }
    return kz_table_end(&t);
}

static void put_pair(kz_table_out *t, const char *field, const char *value)
{
    kz_put_text(t, field);
    kz_put_text(t, value);
}

static void put_number(kz_table_out *t, const char *field, int value)
{
    kz_auto(kz_buf) b = kz_buf_init(32);
    kz_buf_fmt(&b, "%d", value);
    put_pair(t, field, kz_buf_text(&b));
}

/* "numerator:africa" and the formula of that group. */
static void put_formula(kz_table_out *t, const char *field, const kz_indicator *ind, int group,
                        void (*write)(kz_buf *, const kz_indicator *, int))
{
    kz_auto(kz_buf) name = kz_buf_init(256);
    kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST);
    kz_buf_fmt(&name, "%s:%s", field, ind->groups[group].code);
    write(&b, ind, group);
    put_pair(t, kz_buf_text(&name), kz_buf_text(&b));
}

kz_status kz_cmd_indicator_show(kz_call *call)
{
    static const kz_col COLS[] = { { "field", KZ_COL_TEXT }, { "value", KZ_COL_TEXT } };
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_auto(kz_table_out) t;
    KZ_TRY(kz_table_begin(&t, call, COLS, 2));
    KZ_TRY(kz_catalogue_builtin(&cat, &call->err));
    const kz_indicator *ind = kz_catalogue_find(&cat, call->args[0]);
    if (!ind)
        return kz_fail(&call->err, KZ_E_MISSING, "indicator.none", kz_s("value", call->args[0]));
    const char *const texts[][2] = {
        { "id", ind->id }, { "title", ind->title }, { "short_title", ind->short_title }, { "subtitle", ind->subtitle },
        { "sentence", ind->sentence }, { "counted", ind->counted }, { "kind", kz_kind_name(ind->kind) },
        { "direction", DIRECTIONS[ind->direction] }, { "numerator_label", ind->numerator_label },
        { "denominator_label", ind->denominator_label }, { "theme", ind->theme }, { "phase", ind->phase },
        { "source", ind->source }, { "reference", ind->reference }, { "origin", ind->origin },
        { "interpretation", ind->interpretation }, { "caveat", ind->caveat }, { "profile", ind->profile->id },
        { "protection", ind->profile->text }, { "symbol", ind->symbol }, { "key", ind->is_key ? "yes" : "no" },
        { "leicht_title", ind->leicht_title }, { "leicht", ind->leicht }, { "leicht_of", ind->leicht_of },
        { "leicht_sentence", ind->leicht_sentence } };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        put_pair(&t, texts[i][0], texts[i][1]);
    put_number(&t, "per", ind->per);
    put_number(&t, "digits", ind->digits);
    put_number(&t, "min_count", ind->profile->min_count);
    put_pair(&t, "zero_secret", ind->profile->zero_secret ? "yes" : "no");
    put_pair(&t, "complement", ind->profile->complement ? "yes" : "no");
    put_pair(&t, "unit", *ind->unit ? ind->unit : "area");
    put_number(&t, "pool", ind->pool);
    put_number(&t, "min_denominator", ind->min_denominator);
    put_number(&t, "version", ind->version);
    for (int c = 0; c < ind->n_changes; c++) {
        kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST);
        kz_buf_fmt(&b, "%d | %s | %s", ind->changes[c].version, ind->changes[c].date, ind->changes[c].text);
        put_pair(&t, "change", kz_buf_text(&b));
    }
    kz_auto(kz_buf) ages = kz_buf_init(64);
    if (ind->age_from < 0)
        kz_buf_str(&ages, "alle");
    else
        kz_buf_fmt(&ages, "%d-%d", ind->age_from, ind->age_to);
    put_pair(&t, "ages", kz_buf_text(&ages));
    put_pair(&t, "variant_of", ind->variant_of);
    kz_auto(kz_buf) den = kz_buf_init(TEXT_MOST);
    kz_indicator_write_denominator(&den, ind, 0);
    put_pair(&t, "denominator", kz_buf_text(&den));
    for (int g = 0; g < ind->n_groups; g++) {
        kz_auto(kz_buf) name = kz_buf_init(256);
        put_formula(&t, "numerator", ind, g, kz_indicator_write_numerator);
        if (*ind->groups[g].condition)
            put_formula(&t, "denominator", ind, g, kz_indicator_write_denominator);
        kz_buf_fmt(&name, "label:%s", ind->groups[g].code);
        put_pair(&t, kz_buf_text(&name), ind->groups[g].label);
    }
    return kz_table_end(&t);
}
