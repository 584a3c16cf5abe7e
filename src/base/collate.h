/*
 * collate.h - the order of names in a German list.
 *
 *     qsort(names, n, sizeof *names, by_name);   // with kz_collate(a, b)
 *     // Aachen, Ägidienberg, Altstadt-Nord, Ohligs, Öjendorf, Strasse, Straße
 *
 * DIN 5007 part 1, section 6.1.1.4.1 (words): ä is a, ö is o, ü is u, ß is ss; other accents
 * are dropped (é is e, æ is ae, ł is l); case, punctuation and white space do not
 * separate names at first.  Ties are broken step by step: word gaps, then letters with accent after
 * those without, then small before capital, then the bytes; so two names are equal only when
 * they are the same text.  Digits are characters like others: "10" comes before "9".
 *
 * A key is made once and compared with memcmp (shorter first): for long lists.
 * No locale, no state, safe from any thread.  O(n) a name.
 * Source: DIN 5007-1:2005-08, as described by Duden and de.wikipedia.org/wiki/Alphabetische_Sortierung.
 */
#ifndef KZ_BASE_COLLATE_H
#define KZ_BASE_COLLATE_H

#include "base/buf.h"
#include "base/view.h"

/* The letters that a small letter sorts as, not ended by NUL: é is e, ß is ss; returns how many bytes,
 * 0 for punctuation and white space. */
size_t kz_collate_base(uint32_t lower, char as[static 4]);

/* Append the sort key of the name to out. */
void kz_collate_key(kz_buf *out, kz_view name);

/* -1, 0, 1.  Names above 16 KiB are compared by what comes first. */
int kz_collate(kz_view a, kz_view b);

#endif
