/*
 * address.h - German addresses in one form, so that two spellings of one house are equal.
 *
 *     char key[KZ_STREET_KEY];
 *     kz_street_key(kz_view_of("Karl-Marx-Str."), key);             // "karlmarxstr"
 *     kz_street_key(kz_view_of("KARL MARX STRASSE"), key);          // the same
 *     kz_house h;
 *     kz_house_parse(kz_view_of("12 A"), kz_view_of(""), &h);       // 12, suffix "a"
 *
 * Streets: case, white space, hyphens, dots and apostrophes do not count; ä is ae, ö oe, ü ue,
 * ß ss, other accents are dropped; -straße, -strasse, Str. are one; so are Pl. and Platz, Wg. and Weg,
 * All. and Allee; St. and Sankt, Dr. and Doktor, Prof. and Professor, v. and von, Gr. and Große, Kl. and
 * Kleine, Bgm. and Bürgermeister; ordinals I. and 1. and Erste.  Nothing is guessed: Meier and Meyer,
 * Karl and Carl stay two streets (phonetic.h proposes, in messages only).
 *
 * House numbers: "12a", "12 A", "012a" are one; "12 1/2" and "12½"; a suffix may have its own column.
 * "12-14", "12–14", "12/14", "12+14", "12 bis 14" are a range; "12a-c" one within a number; "12/2"
 * and "12-2" (second number not above the first) a part 2 of house 12.  What follows a comma or a bracket
 * does not count.
 *
 * No allocation, no state, safe from any thread.  O(bytes).
 * Source: DIN 5008:2020 (abbreviations of streets); the rest is what offices write.
 */
#ifndef KZ_MONITOR_ADDRESS_H
#define KZ_MONITOR_ADDRESS_H

#include "base/view.h"

enum { KZ_STREET_KEY = 128, KZ_SUFFIX_KEY = 8 };

/* The key of a street, ended by NUL; returns its length, 0 when nothing is left of the name.  A name
 * that is too long is cut. */
size_t kz_street_key(kz_view street, char out[static KZ_STREET_KEY]);

typedef struct kz_house {
    int32_t from, to;                   /* equal unless it is a range; 1..99999        */
    char suffix[KZ_SUFFIX_KEY];         /* of `from`: "", "a", "1/2", "/2"              */
    char suffix_to[KZ_SUFFIX_KEY];      /* of `to`; in "12a-c" "c", else as `suffix`    */
} kz_house;

typedef enum kz_house_form { KZ_HOUSE_FINE, KZ_HOUSE_NONE, KZ_HOUSE_UNREADABLE } kz_house_form;

/* NONE: empty, "0", "-", "o. Nr.", "ohne".  UNREADABLE: anything else without a number; *ret is zero then. */
kz_house_form kz_house_parse(kz_view number, kz_view suffix, kz_house *ret);

/* A German postcode: 50667; 1067 is 01067 without its zero.  0: none there; -1: not a postcode. */
int32_t kz_postcode_parse(kz_view v);

typedef struct kz_address {
    kz_view street, number, suffix, postcode; /* as written; empty: not there */
} kz_address;

/* "Hauptstr. 12a, 50667 Köln", "Hauptstr. 12a" and "50667 Köln, Hauptstr. 12a" into parts; what is no
 * number at the end stays with the street.  Views into `whole`. */
void kz_address_split(kz_view whole, kz_address *ret);

#endif
