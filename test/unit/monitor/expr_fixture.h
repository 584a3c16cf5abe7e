/* expr_fixture.h - a small world for tests of expressions: two sources of persons, four measures. */
#ifndef KZ_TEST_EXPR_FIXTURE_H
#define KZ_TEST_EXPR_FIXTURE_H

#include "monitor/expr_scope.h"

static const char *const FIX_YES[] = { "no", "yes" };
static const char *const FIX_SEX[] = { "m", "w", "d", "x" };
static const char *const FIX_MIG[] = { "none", "german", "foreign" };
static const char *const FIX_MEDIA[] = { "lt1", "1to2", "ge2" };
static const char *const FIX_MEASURES[] = { "pop", "age_00_03", "age_03_06", "mig_total" };
static const char *const FIX_INDICATORS[] = { "kinderarmut", "sgb2-15-64", "kinder-u6" };
static const kz_expr_column FIX_EWO[] = {
    { "age_months", KZ_T_INT, 0, NULL, NULL }, { "age_years", KZ_T_INT, 0, NULL, NULL }, { "sex", KZ_T_CODE, 4, FIX_SEX, NULL },
    { "mig", KZ_T_CODE, 3, FIX_MIG, NULL },    { "sgb2", KZ_T_YES, 2, FIX_YES, NULL },   { "years_here", KZ_T_INT, 0, NULL, NULL },
    { "media", KZ_T_CODE, 3, FIX_MEDIA, NULL }, { "kita", KZ_T_OPEN, 0, NULL, "kita" },
};
static const kz_expr_column FIX_CASES[] = { { "sex", KZ_T_CODE, 4, FIX_SEX, NULL } };
static const kz_expr_source FIX_SOURCES[] = { { "ewo", true, 8, FIX_EWO }, { "jugendamt-faelle", false, 1, FIX_CASES } };
static const kz_expr_scope FIX_SCOPE = { 2, FIX_SOURCES, 4, FIX_MEASURES, 3, FIX_INDICATORS };
static const kz_expr_at FIX_AT = { "test.tsv", 7, "numerator" };

#endif
