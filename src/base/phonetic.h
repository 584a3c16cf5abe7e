/*
 * phonetic.h - Kölner Phonetik: names that sound alike in German have the same digits.
 *
 *     char code[KZ_PHONETIC];
 *     kz_phonetic(kz_view_of("Müller-Lüdenscheidt"), code);   // "65752682"
 *
 * For proposals in messages ("meinten Sie …?"), never to say that two names are one.
 * Blanks, hyphens and digits do not count.  No state, safe from any thread.  O(n).
 * Source: H. J. Postel, "Die Kölner Phonetik. Ein Verfahren zur Identifizierung von
 * Personennamen auf der Grundlage der Gestaltanalyse", IBM-Nachrichten 19 (1969), 925-931;
 * the rules as in de.wikipedia.org/wiki/Kölner_Phonetik.
 */
#ifndef KZ_BASE_PHONETIC_H
#define KZ_BASE_PHONETIC_H

#include "base/view.h"

enum { KZ_PHONETIC = 64 };

/* Digits ended by NUL; returns how many.  Long names are cut. */
size_t kz_phonetic(kz_view name, char out[static KZ_PHONETIC]);

/* The same as a number, for comparing. */
uint32_t kz_phonetic_hash(kz_view name);

#endif
