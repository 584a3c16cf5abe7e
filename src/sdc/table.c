#include "sdc/table.h"

kz_status kz_sdc_table_make(int n_dims, const kz_sdc_tree *const dim[], kz_arena *a, kz_sdc_table *ret, kz_err *err)
{
    kz_sdc_table t = { .n_dims = n_dims };
    int64_t cells = 1;
    if (n_dims < 1 || n_dims > KZ_SDC_DIMS)
        return kz_fail(err, KZ_E_LIMIT, "sdc.dims", kz_n("n", n_dims), kz_n("most", KZ_SDC_DIMS));
    for (int k = n_dims - 1; k >= 0; k--) {
        t.dim[k] = dim[k];
        t.stride[k] = (int)cells;
        cells *= dim[k]->n;
        if (cells > KZ_SDC_CELLS)
            return kz_fail(err, KZ_E_LIMIT, "sdc.cells", kz_n("most", KZ_SDC_CELLS));
    }
    t.n_cells = (int)cells;
    t.n = kz_arena_new(a, int64_t, cells);
    if (!t.n)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    *ret = t;
    return KZ_OK;
}

int kz_sdc_cell_at(const kz_sdc_table *t, const int node[])
{
    int cell = 0;
    for (int k = 0; k < t->n_dims; k++)
        cell += node[k] * t->stride[k];
    return cell;
}

bool kz_sdc_is_inner(const kz_sdc_table *t, int cell)
{
    for (int k = 0; k < t->n_dims; k++)
        if (!kz_sdc_is_leaf(t->dim[k], kz_sdc_node(t, cell, k)))
            return false;
    return true;
}

/* Nodes come after their parents, so going backwards every child is complete when it is added. */
static void roll_dim(kz_sdc_table *t, int k)
{
    const kz_sdc_tree *tree = t->dim[k];
    int stride = t->stride[k], block = stride * tree->n;
    for (int at = 0; at < t->n_cells; at += block)
        for (int v = tree->n - 1; v > 0; v--) {
            int64_t *from = t->n + at + v * stride, *to = t->n + at + tree->parent[v] * stride;
            for (int i = 0; i < stride; i++)
                to[i] += from[i];
        }
}

kz_status kz_sdc_roll_up(kz_sdc_table *t, kz_err *err)
{
    const int64_t most = INT64_C(1) << 53;
    int64_t total = 0;
    for (int c = 0; c < t->n_cells; c++) {
        if (!kz_sdc_is_inner(t, c)) {
            t->n[c] = 0;
            continue;
        }
        KZ_ASSERT(t->n[c] >= 0);
        if (t->n[c] > most || (total += t->n[c]) > most)
            return kz_fail(err, KZ_E_LIMIT, "sdc.sum");
    }
    for (int k = 0; k < t->n_dims; k++)
        roll_dim(t, k);
    return KZ_OK;
}

void kz_sdc_cell_name(const kz_sdc_table *t, const char *const names[], int cell, kz_buf *out)
{
    for (int k = 0; k < t->n_dims; k++) {
        kz_view code = t->dim[k]->code[kz_sdc_node(t, cell, k)];
        kz_buf_fmt(out, "%s%s=%.*s", k ? ", " : "", names[k], (int)code.n, code.p);
    }
}

int kz_sdc_table_contradiction(const kz_sdc_table *t, const bool known[], int64_t *sum)
{
    for (int c = 0; c < t->n_cells; c++) {
        if (known && !known[c])
            continue;
        for (int k = 0; k < t->n_dims; k++) {
            const kz_sdc_tree *tree = t->dim[k];
            int v = kz_sdc_node(t, c, k);
            int64_t parts = 0;
            bool whole = true;
            if (kz_sdc_is_leaf(tree, v))
                continue;
            for (int i = tree->first[v]; i < tree->first[v + 1]; i++) {
                int part = c + (tree->child[i] - v) * t->stride[k];
                whole &= !known || known[part];
                parts += t->n[part];
            }
            if (whole && parts != t->n[c]) {
                *sum = parts;
                return c;
            }
        }
    }
    return -1;
}
