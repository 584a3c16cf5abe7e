/*
 * text.h - everything the program says, by message id and language.
 *
 * The texts stand in assets/locale/<lang>/<room>.txt, a line each:
 *     area.unknown = {file}, Zeile {line}: Den Schlüssel „{key}“ hat kein Gebiet. …
 * and are built into the program.  {name} is replaced by the argument of that
 * name; integers get German thousands points.  In kz_say_html *x* becomes <b>x</b>
 * and everything else is escaped.
 *
 *     kz_say_html(out, KZ_LANG_DE, "area.lead", kz_s("area", name), kz_s("x", "29"));
 *
 * A language without the id falls back to German; an id that German lacks is a
 * programming error (tools/lint finds it before the program runs).
 * Constant data, safe from any thread, O(log n) a look-up.
 */
#ifndef KZ_BASE_TEXT_H
#define KZ_BASE_TEXT_H

#include "base/buf.h"

typedef enum kz_lang { KZ_LANG_DE = 0, KZ_LANG_LEICHT, KZ_LANG_EN, KZ_N_LANGS } kz_lang;

/* The template itself. */
const char *kz_text(kz_lang lang, const char *id);

#define kz_say(out, lang, id, ...) \
    kz_say_((out), (lang), (id), KZ_ARGS(__VA_ARGS__), false)
#define kz_say_html(out, lang, id, ...) \
    kz_say_((out), (lang), (id), KZ_ARGS(__VA_ARGS__), true)
void kz_say_(kz_buf *out, kz_lang lang, const char *id, const kz_arg args[], bool html);

/* A failure in words. */
void kz_err_say(kz_buf *out, kz_lang lang, const kz_err *err);

/* Built from assets/locale by tools/embed.py; sorted by id within a language. */
typedef struct kz_text_entry {
    const char *id, *text;
} kz_text_entry;
extern const kz_text_entry *const kz_text_table[KZ_N_LANGS];
extern const size_t kz_text_count[KZ_N_LANGS];

#endif
