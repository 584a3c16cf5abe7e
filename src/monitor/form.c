#include "monitor/indicator.h"

#include <string.h>

void kz_form_write(kz_buf *out, const kz_form *f)
{
    /* A sum does not begin with its negative parts where it has others. */
    for (int negative = 0, n = 0; negative < 2; negative++)
        for (int i = 0; i < f->n; i++) {
            int factor = f->term[i].factor;
            if ((factor < 0) != negative)
                continue;
            kz_buf_str(out, n++ == 0 ? (negative ? "-" : "") : negative ? " - " : " + ");
            factor = negative ? -factor : factor;
            if (factor != 1)
                kz_buf_fmt(out, "%d * ", factor);
            kz_buf_str(out, f->term[i].atom);
            if (f->term[i].shift > 0)
                kz_buf_fmt(out, "[-%d]", f->term[i].shift);
        }
}

bool kz_form_equal(const kz_form *a, const kz_form *b)
{
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (a->term[i].factor != b->term[i].factor || a->term[i].shift != b->term[i].shift ||
            strcmp(a->term[i].atom, b->term[i].atom) != 0)
            return false;
    return true;
}

static int order(const kz_form *a, int i, const kz_form *b, int j)
{
    if (i == a->n || j == b->n)
        return i == a->n ? 1 : -1;
    int c = strcmp(a->term[i].atom, b->term[j].atom);
    return c ? c : a->term[i].shift - b->term[j].shift;
}

bool kz_form_add(const kz_form *a, const kz_form *b, int factor, kz_form *ret)
{
    kz_form sum = { 0 };
    int i = 0, j = 0;
    while (i < a->n || j < b->n) {
        int c = order(a, i, b, j), together = 0;
        const char *atom = c <= 0 ? a->term[i].atom : b->term[j].atom;
        int shift = c <= 0 ? a->term[i].shift : b->term[j].shift;
        int index = c <= 0 ? a->term[i].index : b->term[j].index;
        if (c <= 0)
            together += a->term[i++].factor;
        if (c >= 0)
            together += factor * b->term[j++].factor;
        if (together == 0)
            continue;
        if (sum.n == KZ_MAX_TERMS)
            return false;
        sum.term[sum.n].atom = atom;
        sum.term[sum.n].index = index;
        sum.term[sum.n].shift = shift;
        sum.term[sum.n++].factor = together;
    }
    *ret = sum;
    return true;
}

kz_form kz_form_shifted(const kz_form *f, int shift)
{
    kz_form s = *f;
    for (int i = 0; i < s.n; i++)
        s.term[i].shift += shift;
    return s;
}

bool kz_form_is_signed(const kz_form *f)
{
    bool negative = false;
    for (int i = 0; i < f->n; i++)
        negative |= f->term[i].factor < 0;
    return negative;
}
