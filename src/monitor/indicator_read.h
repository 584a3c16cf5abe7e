/* indicator_read.h - what the files that read the catalogue share.  For indicator*.c only. */
#ifndef KZ_MONITOR_INDICATOR_READ_H
#define KZ_MONITOR_INDICATOR_READ_H

#include "monitor/expr_scope.h"
#include "monitor/indicator.h"

enum { CATALOGUE_SOURCES = 32 };

typedef struct catalogue_reader {
    kz_arena *a;
    kz_catalogue_finding_fn report;
    void *ctx;
    int findings;
    kz_expr_scope scope; /* what is built in, and the indicators of the file */
    kz_catalogue *cat;
    int n_most;          /* indicators there is room for                     */
    bool *has_groups;
    int cap_atoms;
    int n_sources;       /* whose profile is known */
    const char *source[CATALOGUE_SOURCES], *source_profile[CATALOGUE_SOURCES];
    /* Where we are. */
    const char *file;
    int line;
    const struct catalogue_block *block; /* of a file of fields: every one has its own line; NULL: a table */
} catalogue_reader;

/* The line of a field or column where we are. */
int catalogue_line(const catalogue_reader *r, const char *column);

void catalogue_found(catalogue_reader *r, const char *id, const char *column, const char *value);
/* A failure of a lower room as a finding; memory is passed on. */
kz_status catalogue_found_err(catalogue_reader *r, kz_status st, const kz_err *what, kz_err *err);
kz_status catalogue_too_large(const catalogue_reader *r, kz_err *err);

bool catalogue_is_code(const char *s);
bool catalogue_number(const char *s, int max, int *ret);
void catalogue_need_text(catalogue_reader *r, const char *column, const char *value);
/* Index of `value` in the words, or a finding and 0. */
int catalogue_word(catalogue_reader *r, const char *column, const char *value, const char *const words[], int n,
                   const char *finding);

/* Fields of an indicator and of a group; `v` in the order of the enums below, "" where the file lacks one. */
enum {
    I_ID, I_TITLE, I_SHORT, I_SUBTITLE, I_SENTENCE, I_COUNTED, I_KIND, I_NUM, I_DEN, I_NUM_LABEL, I_DEN_LABEL,
    I_PER, I_DIGITS, I_DIRECTION, I_THEME, I_PHASE, I_SOURCE, I_PROFILE, I_CAVEAT, N_I_NEEDED,
    I_UNIT = N_I_NEEDED, I_POOL, I_MIN_DEN, I_VERSION, I_VARIANT_OF, N_I
};
enum { G_INDICATOR, G_CODE, G_PARENT, G_LABEL, G_NUM, N_G_NEEDED, G_CONDITION = N_G_NEEDED, N_G };
extern const char *const CATALOGUE_INDICATOR_COLUMNS[N_I + 1];
extern const char *const CATALOGUE_GROUP_COLUMNS[N_G + 1];

kz_status catalogue_indicator_row(catalogue_reader *r, const char *const v[], kz_err *err);
kz_status catalogue_group_row(catalogue_reader *r, const char *const v[], kz_err *err);

/* A form of a total; its atoms join those of the catalogue.  `unit`: "" or a level (indicator_form.c). */
kz_status catalogue_form(catalogue_reader *r, const kz_expr *total, const char *unit, const char *column, int pool,
                         kz_form *ret, kz_err *err);
/* The atom that a profile needs; the level of its institutions. */
kz_status catalogue_cross(catalogue_reader *r, const kz_expr *profile, const char **ret_level, kz_err *err);
/* What every indicator is made of comes before it; a circle is a finding. */
kz_status catalogue_order(catalogue_reader *r, kz_err *err);
void catalogue_sort_atoms(kz_catalogue *cat);

#endif
