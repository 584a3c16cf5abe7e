/*
 * indicator_file.h - a file of the catalogue as blocks of fields.  For indicator*.c only.
 *
 *     # Kinder unter 15 Jahren in Armut
 *     id = kinderarmut
 *     numerator = count(sgb2-personen: age_years < 15)
 *     leicht =
 *       Manche Familien haben wenig Geld.
 *       Dann hilft der Staat mit Geld.
 *
 * A field is a line; a line that begins with two spaces goes on with it: as one text, in `leicht` as a
 * line of its own.  `id` begins an indicator, so that several may stand in a file.  caveat, change, group
 * and part may stand several times.  docs/indikatoren.md explains all fields.
 */
#ifndef KZ_MONITOR_INDICATOR_FILE_H
#define KZ_MONITOR_INDICATOR_FILE_H

#include "monitor/indicator_read.h"

typedef struct catalogue_field {
    const char *name, *value;
    int line;
} catalogue_field;

typedef struct catalogue_block {
    const char *file;
    int line, n;
    catalogue_field *field;
    bool replaced; /* a file that is being checked has the indicator itself */
} catalogue_block;

typedef struct catalogue_blocks {
    int n;
    catalogue_block *block;
    int n_before; /* while reading: blocks of other files */
    bool skip;
} catalogue_blocks;

/* Add the blocks of a file; what is no field is a finding. */
KZ_MUST_USE kz_status catalogue_read_blocks(catalogue_reader *r, const kz_catalogue_file *f, catalogue_blocks *to,
                                            kz_err *err);
/* Add those of data/indicators; those with an id of `but` are marked as replaced. */
KZ_MUST_USE kz_status catalogue_read_folder(catalogue_reader *r, const char *const but[], int n_but,
                                            catalogue_blocks *to, kz_err *err);
/* The first of the name; NULL: none. */
const catalogue_field *catalogue_field_of(const catalogue_block *b, const char *name);
/* "" when there is none. */
const char *catalogue_value(const catalogue_block *b, const char *name);

/* indicator_block.c: the blocks as indicators with their groups, in order. */
KZ_MUST_USE kz_status catalogue_take_blocks(catalogue_reader *r, catalogue_blocks *blocks, kz_err *err);
/* indicator_sheet.c: phases and themes of the catalogue; the fields of the data sheet. */
KZ_MUST_USE kz_status catalogue_read_places(catalogue_reader *r, kz_err *err);
KZ_MUST_USE kz_status catalogue_sheet(catalogue_reader *r, const catalogue_block *b, kz_indicator *i, kz_err *err);

#endif
