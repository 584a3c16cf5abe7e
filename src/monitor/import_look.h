/*
 * import_look.h - what the columns of a file are called, before anybody knows what they mean.
 *
 *     kz_look look;
 *     KZ_TRY(kz_import_look("bestand.csv", path, map, persons, &arena, &look, err));
 *     for (int i = 0; i < look.n_columns; i++)
 *         show(look.columns[i].name, look.columns[i].sample);
 *
 * For the page where columns are given their meaning.  Of a text the first KZ_LOOK_BYTES are read; of a
 * spreadsheet the table that the map finds (`map` may be NULL), else the visible sheet and the row that have
 * the most texts.  Samples are the first different values, for tables of counts only: of rows of persons
 * nothing is shown but the names of columns.  Everything lives in the arena.  Safe from any thread.
 */
#ifndef KZ_MONITOR_IMPORT_LOOK_H
#define KZ_MONITOR_IMPORT_LOOK_H

#include "monitor/mapfile.h"

enum { KZ_LOOK_BYTES = 1 << 20, KZ_LOOK_COLUMNS = 400 };

typedef struct kz_look_column {
    const char *name, *sample; /* "000, 001, 002"; "" of persons */
} kz_look_column;

typedef struct kz_look {
    const char *encoding; /* "" of a spreadsheet                  */
    const char *sheet;    /* "" of a text                         */
    const char *sheets;   /* all of them, "Tabelle1, Tabelle2"    */
    int n_columns;
    const kz_look_column *columns;
} kz_look;

/* KZ_E_INPUT, KZ_E_LIMIT: it cannot be read as a table at all. */
KZ_MUST_USE kz_status kz_import_look(const char *file, const char *path, const kz_mapfile *map, bool persons,
                                     kz_arena *a, kz_look *ret, kz_err *err);

#endif
