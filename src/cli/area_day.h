/*
 * area_day.h - options that commands about boundary states share: a day, and by what to share.
 *
 *     char day[KZ_DATE_TEXT];
 *     kz_area_basis_choice by;
 *     KZ_TRY(kz_area_day(call, "boundary", day));        // --boundary 2021-01-01
 *     KZ_TRY(kz_area_basis(call, &by));                  // --weight population, or --weight FILE.csv
 *
 * Failures go to call->err.
 */
#ifndef KZ_CLI_AREA_DAY_H
#define KZ_CLI_AREA_DAY_H

#include "base/date.h"
#include "cli/command.h"
#include "monitor/ledger_cross.h"

typedef struct kz_area_basis_choice {
    kz_basis basis;
    const char *file; /* NULL: by basis */
} kz_area_basis_choice;

/* The option must have been given.  KZ_E_USAGE: it is no date. */
KZ_MUST_USE kz_status kz_area_day(kz_call *call, const char *option, char out[static KZ_DATE_TEXT]);
/* --weight; without: by population. */
KZ_MUST_USE kz_status kz_area_basis(kz_call *call, kz_area_basis_choice *ret);
/* What people should know about the weights, to stderr. */
void kz_area_tell_basis(const kz_call *call, int n_fallback, int n_lost);

#endif
