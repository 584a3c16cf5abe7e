/*
 * effects.h - what makes a result more likely, as coefficients of a logit: data/demo/effects.tsv.
 *
 *     kz_effects e;
 *     KZ_TRY(kz_effects_read(arena, &e, err));
 *     double x[KZ_N_TERMS] = { [KZ_TERM_ONE] = 1, [KZ_TERM_SGB2] = 1, ... };
 *     double chance = kz_effects_chance(&e, KZ_EFFECT_GERMAN, x);
 *
 * The exponential is our own (Cody & Waite 1980: reduction by ln 2 in two parts, then a
 * Taylor polynomial), so that a chance is the same double on every machine.
 */
#ifndef KZ_DEMO_EFFECTS_H
#define KZ_DEMO_EFFECTS_H

#include "base/arena.h"

/* Order and names as in effects.tsv. */
#define KZ_EFFECTS(X)                                                                                        \
    X(GERMAN, german)                                                                                        \
    X(COORDINATION, coordination) X(VISUOMOTOR, visuomotor) X(ATTENTION, attention) X(NUMBER, number)        \
        X(VISUAL, visual) X(LANGUAGE, language) X(OBESE, obese) X(OVERWEIGHT, overweight) X(SPORTS, sports)  \
            X(MUSIC, music) X(MEDIA2, media2) X(KITA_EARLY, kita_early) X(BOOKLET, booklet)                  \
                X(U_MISSED, u_missed) X(U8, u8) X(U9, u9) X(VACC_CARD, vacc_card) X(MMR2, mmr2)              \
                    X(VISION, vision) X(HEARING, hearing) X(THERAPY, therapy) X(DEFER, defer) X(GYM, gym)    \
                        X(GESAMT, gesamt) X(REAL, real) X(NO_CERTIFICATE, no_certificate) X(HELP, help)      \
                            X(POVERTY, poverty)
#define KZ_TERMS(X)                                                                                          \
    X(ONE, one)                                                                                              \
    X(SGB2, sgb2) X(EDU_LOW, edu_low) X(EDU_HIGH, edu_high) X(OTHER_LANGUAGE, other_language)                \
        X(KITA_YEARS, kita_years) X(KITA_MIX, kita_mix) X(AREA, area) X(BOY, boy) X(LONE, lone)              \
            X(LIGHT, light) X(GERMAN_LOW, german_low) X(YEARS, years) X(MANY_CHILDREN, many_children)        \
                X(REFUGEE, refugee) X(STUDENT, student)

#define KZ_EFFECT_ENUM(NAME, name) KZ_EFFECT_##NAME,
#define KZ_TERM_ENUM(NAME, name)   KZ_TERM_##NAME,
typedef enum { KZ_EFFECTS(KZ_EFFECT_ENUM) KZ_N_EFFECTS } kz_effect;
typedef enum { KZ_TERMS(KZ_TERM_ENUM) KZ_N_TERMS } kz_term;

typedef struct kz_effects {
    double b[KZ_N_EFFECTS][KZ_N_TERMS];
} kz_effects;

/* KZ_E_INPUT: an unknown outcome or term, twice the same, or not a number. */
KZ_MUST_USE kz_status kz_effects_read(kz_arena *a, kz_effects *ret, kz_err *err);
KZ_MUST_USE kz_status kz_effects_parse(const char *text, size_t n, kz_arena *a, kz_effects *ret, kz_err *err);
double kz_effects_chance(const kz_effects *e, kz_effect outcome, const double x[KZ_N_TERMS]);
const char *kz_effect_name(kz_effect e);

double kz_logistic(double x); /* 1 / (1 + exp(-x)); within four units of the last place */

#endif
