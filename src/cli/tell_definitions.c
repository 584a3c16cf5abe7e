#include "cli/tell_definitions.h"

int kz_tell_definitions(const kz_call *call, const kz_definitions *d, const char *what)
{
    int unraised = 0;
    for (int i = 0; i < d->n; i++) {
        const kz_definition *x = &d->list[i];
        kz_arg value = kz_s("value", x->ind->id), cells = kz_n("cells", x->cells);
        kz_arg first = kz_s("first", x->first), last = kz_s("last", x->last);
        kz_arg before = kz_n("before", x->version_before), now = kz_n("now", x->ind->version);
        if (x->changed)
            kz_tell(call, what, value, before, now, cells, first, last);
        else if (x->stale)
            kz_tell(call, "definition.of_parts", value, cells, first, last);
        if (x->changed && !x->raised) {
            kz_tell(call, "definition.not_raised", value, before, now);
            unraised++;
        }
        if (*x->releases)
            kz_tell(call, "definition.released", value, kz_s("releases", x->releases));
    }
    return unraised;
}
