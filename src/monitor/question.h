/*
 * question.h - a number that nobody has in the catalogue yet: asked, counted, answered, not stored.
 *
 *     kz_question ask = { .numerator = "count(ewo: age_years < 3)", .denominator = "count(ewo)" };
 *     kz_answer answer;
 *     KZ_TRY(kz_question_ask(work, &ask, &arena, &answer, err));
 *     for (int i = 0; i < answer.n; i++)
 *         use(answer.cells[i], answer.counts.names[answer.cells[i].area]);
 *
 * The same expressions, counting and cells as an indicator of that kind would have (expr.h, counted.h, reckon.h), on an
 * indicator that lives as long as the question.  Only reads the workspace.  Everything lies in the arena but
 * the catalogue: kz_answer_done.  O(rows of the sources that are asked).
 */
#ifndef KZ_MONITOR_QUESTION_H
#define KZ_MONITOR_QUESTION_H

#include "monitor/counted.h"

typedef struct kz_question {
    const char *numerator, *denominator; /* denominator NULL: a number */
    const char *unit;                    /* NULL: areas; else level of institutions */
    bool ratio;                          /* no part of the denominator */
    kz_counted_how how;
} kz_question;

typedef struct kz_answer {
    kz_catalogue cat;
    kz_counts counts;
    kz_counted_report counted;
    const char *numerator, *denominator; /* canonical */
    int n;
    const kz_cell *cells; /* of all periods and areas that have one, by period and area */
} kz_answer;

/* KZ_E_INPUT: the expression is wrong; where and why. */
KZ_MUST_USE kz_status kz_question_ask(kz_db *work, const kz_question *ask, kz_arena *a, kz_answer *ret, kz_err *err);
void kz_answer_done(kz_answer *answer);

#endif
