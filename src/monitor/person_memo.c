#include "monitor/person_memo.h"

kz_status person_memo_init(person_memo *m, kz_arena *a, uint32_t most)
{
    uint32_t slots = 16;
    while (slots < most * 2)
        slots *= 2;
    *m = (person_memo){ .entries = kz_arena_new(a, person_memo_entry, slots), .mask = slots - 1, .most = most,
                        .arena = a };
    return m->entries ? KZ_OK : KZ_E_LIMIT;
}

void person_memo_put(person_memo *m, kz_view text, uint32_t value)
{
    uint64_t lo, hi;
    person_memo_words(text, &lo, &hi);
    uint32_t at = person_memo_slot(m, lo, hi, text.n);
    for (int i = 0; i < PERSON_MEMO_STEPS && m->n < m->most; i++) {
        person_memo_entry *e = &m->entries[(at + (uint32_t)i) & m->mask];
        if (e->n != 0)
            continue;
        const char *copy = text.n > 16 ? kz_arena_strndup(m->arena, text.p, text.n) : "";
        if (!copy)
            return;
        *e = (person_memo_entry){ lo, hi, copy, (uint32_t)text.n + 1, value };
        m->n++;
        return;
    }
}
