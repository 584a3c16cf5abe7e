/* Any bytes as an expression: a tree that writes and reads back as itself, or a message with a place. */
#include "monitor/expr_plan.h"
#include "monitor/expr_scope.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_one(const char *text, kz_expr_kind kind, const kz_expr_scope *scope)
{
    kz_arena a;
    kz_err err = { 0 };
    const kz_expr *e, *again;
    kz_expr_at at = { "fuzz.tsv", 1, "numerator" };
    kz_arena_init(&a, 64u << 20);
    kz_status st = kind == KZ_EXPR_CONDITION ? kz_expr_parse_condition(text, "ewo", scope, at, &a, &e, &err)
                                             : kz_expr_parse(text, kind, scope, at, &a, &e, &err);
    if (st == KZ_OK) {
        kz_buf once = kz_buf_init(1 << 20);
        kz_expr_plan plan;
        kz_expr_write(&once, e);
        KZ_ASSERT(kz_buf_status(&once) == KZ_OK);
        st = kind == KZ_EXPR_CONDITION
                 ? kz_expr_parse_condition(kz_buf_text(&once), "ewo", scope, at, &a, &again, &err)
                 : kz_expr_parse(kz_buf_text(&once), kind, scope, at, &a, &again, &err);
        KZ_ASSERT(st == KZ_E_LIMIT || (st == KZ_OK && kz_expr_compare(e, again) == 0));
        if (kind == KZ_EXPR_CONDITION)
            KZ_ASSERT(kz_expr_plan_make(&e, 1, &a, &plan, &err) == KZ_OK && plan.n_nodes > 0);
        kz_buf_done(&once);
    } else {
        KZ_ASSERT(err.id);
    }
    kz_arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const kz_expr_scope *scope;
    if (size == 0 || size > KZ_EXPR_BYTES + 64 || kz_expr_scope_builtin(&scope, NULL) != KZ_OK)
        return 0;
    char *text = malloc(size);
    KZ_ASSERT(text);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    try_one(text, (kz_expr_kind)(data[0] % 3), scope);
    free(text);
    return 0;
}
