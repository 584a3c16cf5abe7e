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

static bool has_relations(const kz_sdc_table *t, int dim)
{
    return t->relations && dim == t->n_dims - 1;
}

int kz_sdc_lines_from(const kz_sdc_table *t, int cell, int dim)
{
    int v = kz_sdc_node(t, cell, dim);
    if (has_relations(t, dim))
        return v == 0 ? t->relations->n : 0;
    return !kz_sdc_is_leaf(t->dim[dim], v);
}

kz_sdc_line kz_sdc_line_from(const kz_sdc_table *t, int cell, int dim, int i)
{
    return (kz_sdc_line){ dim, cell, has_relations(t, dim) ? i : -1 };
}

int kz_sdc_lines_through(const kz_sdc_table *t, int cell, int dim)
{
    int v = kz_sdc_node(t, cell, dim);
    if (has_relations(t, dim))
        return (int)(t->relations->through_at[v + 1] - t->relations->through_at[v]);
    return !kz_sdc_is_leaf(t->dim[dim], v) + (t->dim[dim]->parent[v] >= 0);
}

kz_sdc_line kz_sdc_line_through(const kz_sdc_table *t, int cell, int dim, int i)
{
    int v = kz_sdc_node(t, cell, dim);
    if (has_relations(t, dim))
        return (kz_sdc_line){ dim, cell - v, t->relations->through[t->relations->through_at[v] + (size_t)i] >> 1 };
    bool as_parent = i == 0 && !kz_sdc_is_leaf(t->dim[dim], v);
    return (kz_sdc_line){ dim, as_parent ? cell : cell + (t->dim[dim]->parent[v] - v) * t->stride[dim], -1 };
}

int kz_sdc_line_cells(const kz_sdc_table *t, kz_sdc_line l)
{
    if (l.relation >= 0 && t->off && t->off[(size_t)(l.head / t->relations->n_codes) * (size_t)t->relations->n +
                                            (size_t)l.relation])
        return 0;
    if (l.relation >= 0)
        return (int)(t->relations->start[l.relation + 1] - t->relations->start[l.relation]);
    return 1 + kz_sdc_children(t->dim[l.dim], kz_sdc_node(t, l.head, l.dim));
}

int kz_sdc_line_cell(const kz_sdc_table *t, kz_sdc_line l, int i, int *sign)
{
    if (l.relation >= 0) {
        int e = t->relations->term[t->relations->start[l.relation] + (size_t)i];
        *sign = e & 1 ? -1 : 1;
        return l.head + (e >> 1);
    }
    const kz_sdc_tree *tree = t->dim[l.dim];
    int v = kz_sdc_node(t, l.head, l.dim);
    *sign = i == 0 ? 1 : -1;
    return i == 0 ? l.head : l.head + (tree->child[tree->first[v] + i - 1] - v) * t->stride[l.dim];
}

bool kz_sdc_line_holds(const kz_sdc_table *t, kz_sdc_line l, const int64_t change[])
{
    int64_t sum = 0;
    for (int i = 0; i < kz_sdc_line_cells(t, l); i++) {
        int sign, cell = kz_sdc_line_cell(t, l, i, &sign);
        sum += sign * change[cell];
    }
    return sum == 0;
}

int64_t kz_sdc_line_id(const kz_sdc_table *t, kz_sdc_line l)
{
    if (l.relation < 0)
        return (int64_t)l.head * t->n_dims + l.dim;
    return (int64_t)t->n_cells * t->n_dims + (int64_t)(l.head / t->relations->n_codes) * t->relations->n + l.relation;
}

int64_t kz_sdc_line_ids(const kz_sdc_table *t)
{
    int64_t n = (int64_t)t->n_cells * t->n_dims;
    return t->relations ? n + (int64_t)(t->n_cells / t->relations->n_codes) * t->relations->n : n;
}

int kz_sdc_table_contradiction(const kz_sdc_table *t, const bool known[], int64_t *sum)
{
    for (int c = 0; c < t->n_cells; c++)
        for (int k = 0; k < t->n_dims; k++)
            for (int i = 0; i < kz_sdc_lines_from(t, c, k); i++) {
                kz_sdc_line l = kz_sdc_line_from(t, c, k, i);
                int64_t all = 0;
                bool whole = true;
                int sign, first = kz_sdc_line_cells(t, l) > 0 ? kz_sdc_line_cell(t, l, 0, &sign) : -1;
                if (first < 0)
                    continue;
                int64_t own = sign * t->n[first];
                for (int j = 0; j < kz_sdc_line_cells(t, l) && whole; j++) {
                    int cell = kz_sdc_line_cell(t, l, j, &sign);
                    whole = !known || known[cell];
                    all += sign * t->n[cell];
                }
                if (whole && all != 0) {
                    *sum = own - all;
                    return first;
                }
            }
    return -1;
}
