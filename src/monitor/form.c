#include "monitor/indicator.h"

#include <string.h>

void kz_form_write(kz_buf *out, const kz_form *f)
{
    for (int i = 0; i < f->n; i++) {
        if (i > 0 || f->term[i].sign < 0)
            kz_buf_str(out, i == 0 ? "-" : f->term[i].sign < 0 ? " - " : " + ");
        kz_buf_str(out, f->term[i].measure);
    }
}

bool kz_form_equal(const kz_form *a, const kz_form *b)
{
    if (a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (a->term[i].sign != b->term[i].sign || strcmp(a->term[i].measure, b->term[i].measure) != 0)
            return false;
    return true;
}

bool kz_form_add(const kz_form *a, const kz_form *b, int sign, kz_form *ret)
{
    kz_form sum = { 0 };
    int i = 0, j = 0;
    while (i < a->n || j < b->n) {
        int order = i == a->n ? 1 : j == b->n ? -1 : strcmp(a->term[i].measure, b->term[j].measure);
        const char *measure = order <= 0 ? a->term[i].measure : b->term[j].measure;
        int coefficient = (order <= 0 ? a->term[i].sign : 0) + (order >= 0 ? sign * b->term[j].sign : 0);
        i += order <= 0;
        j += order >= 0;
        if (coefficient == 0)
            continue;
        if (sum.n == KZ_MAX_TERMS || coefficient < -1 || coefficient > 1)
            return false;
        sum.term[sum.n].measure = measure;
        sum.term[sum.n++].sign = coefficient;
    }
    *ret = sum;
    return true;
}
