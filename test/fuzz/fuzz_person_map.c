/* Any bytes as a map of persons: an answer or a message, never a crash; what was accepted can be written and read again. */
#include "monitor/person_map.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kz_arena a;
    kz_source s;
    kz_person_map m, again;
    kz_err err = { 0 };
    kz_arena_init(&a, 64u << 20);
    KZ_ASSERT(kz_source_load("ewo", &a, &s, NULL) == KZ_OK);
    char *text = malloc(size ? size : 1);
    if (size)
        memcpy(text, data, size);
    if (kz_person_map_parse("fuzz.map", text, size, &s, &a, &m, &err) == KZ_OK) {
        kz_buf out = kz_buf_init(4u << 20);
        kz_person_map_write(&out, &m);
        (void)kz_person_map_code(&m, kz_source_column_find(&s, "sex"), kz_view_of("m"));
        if (kz_person_map_parse("again.map", kz_buf_text(&out), out.n, &s, &a, &again, &err) == KZ_OK)
            KZ_ASSERT(again.n_columns == m.n_columns && again.n_codes == m.n_codes && again.n_areas == m.n_areas);
        kz_buf_done(&out);
    } else {
        KZ_ASSERT(err.id);
    }
    free(text);
    kz_arena_done(&a);
    return 0;
}
