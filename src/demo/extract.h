/*
 * extract.h - what the offices of Musterstadt would send: one file a source and year.
 *
 *     kz_extract *x = NULL;
 *     KZ_TRY(kz_extract_begin(city, dir, arena, &x, err));       // outlines, addresses, Kitas, schools
 *     for (int year = x->first_year; year <= KZ_LIFE_LAST_YEAR; year++)
 *         KZ_TRY(kz_extract_year(x, year, err));                 // ewo_2010.csv, kita_2010.csv, ...
 *     KZ_TRY(kz_extract_end(x, err));                            // tables over all years
 *
 * Headers and codes are those that data/sources recognises.  As in life, files differ: the older
 * registers are CP1252 with "strasse" for "straße", tables carry titles, totals, footnotes and
 * signs for what must not be told.  With x->truth a folder wahrheit/ holds the true chances, for tests:
 * no office has them.
 *
 * The full city: 15 years, some 650 MB, 6 s on one core.  Arena: what life.h needs and 10 MiB.
 */
#ifndef KZ_DEMO_EXTRACT_H
#define KZ_DEMO_EXTRACT_H

#include "demo/life.h"
#include "demo/quill.h"

enum { KZ_TABLE_FIRST_YEAR = 2017, KZ_TABLE_YEARS = 8, KZ_TABLE_MEASURES = 38 };

typedef struct kz_names {
    const char **list[12];
    int n[12];
} kz_names;

typedef struct kz_extract {
    const kz_city *city;
    kz_life *life;
    const char *dir;
    int first_year; /* of the persons' files */
    bool truth;
    kz_arena *arena;
    kz_names names;
    const char **place[3]; /* "Street;12;a;05101" in three spellings, by address */
    uint16_t *place_n[3];
    /* Counts of the residents by area, year and measure, in the order of kz_table_rows. */
    int32_t (*count)[KZ_TABLE_YEARS][KZ_TABLE_MEASURES];
    kz_quill *true_poor, *true_exam, *true_kita;
} kz_extract;

KZ_MUST_USE kz_status kz_extract_begin(const kz_city *city, const char *dir, bool truth, kz_arena *a,
                                       kz_extract **ret, kz_err *err);
KZ_MUST_USE kz_status kz_extract_year(kz_extract *x, int year, kz_err *err);
KZ_MUST_USE kz_status kz_extract_end(kz_extract *x, kz_err *err);

/* --- its parts: each writes the files of some offices ---------------------- */

KZ_MUST_USE kz_status kz_extract_spring(kz_extract *x, int year,
                                        kz_err *err); /* kita, seu: extract_child.c */
KZ_MUST_USE kz_status kz_extract_register(kz_extract *x, int year,
                                          kz_err *err); /* ewo, haushalte, bewegungen, geburten */
KZ_MUST_USE kz_status kz_extract_school(kz_extract *x, int year, kz_err *err); /* schule, uebergang */
KZ_MUST_USE kz_status kz_extract_youth(kz_extract *x, int year,
                                       kz_err *err); /* hze, jugendamt-faelle, beratung */
KZ_MUST_USE kz_status kz_extract_jobcenter(kz_extract *x, int year,
                                           kz_err *err); /* sgb2-personen, sgb2-tabelle, but-tabelle */
KZ_MUST_USE kz_status kz_extract_free(kz_extract *x, int year, kz_err *err); /* frei */
void kz_extract_count(kz_extract *x, int year);                              /* for the table of residents */
KZ_MUST_USE kz_status kz_extract_table(kz_extract *x, kz_err *err);          /* bevoelkerung.csv */
void kz_extract_truth(kz_extract *x, int year, bool spring);                 /* wahrheit/ */

/* Open "<source>_<year>.csv" (or what `form` makes of it) and write its header line. */
KZ_MUST_USE kz_status kz_extract_open(kz_extract *x, const char *source, int year, kz_quill_kind kind,
                                      const char *header, kz_quill **ret, kz_err *err);
void kz_put_place(const kz_extract *x, kz_quill *p, int address, uint32_t who, int year);
void kz_put_quarter(const kz_extract *x, kz_quill *p, int quarter);
void kz_put_name(const kz_extract *x, kz_quill *p, const kz_person *who, uint32_t household,
                 int household_origin);
/* A yes or no that belongs to a person: the same whenever it is asked. */
bool kz_trait(const kz_life *life, uint32_t person, int which, double chance);
/* At least one parent was born abroad. */
bool kz_from_abroad(const kz_life *life, const kz_person *p);

/* The words of the files. */
extern const char *const kz_word_sex[3], *const kz_word_nationality[2], *const kz_word_yes[2];
static inline const char *kz_nationality(const kz_person *p)
{
    return kz_word_nationality[p->mig == KZ_MIG_FOREIGN];
}

typedef struct kz_table_row {
    const char *table_id, *table, *row_id, *row;
} kz_table_row;
extern const kz_table_row kz_table_rows[KZ_TABLE_MEASURES];

#endif
