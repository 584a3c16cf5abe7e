/*
 * fact_count.h - all counts of a source in one pass over the rows of a delivery.
 *
 *     kz_fact_job job = { .path = path, .n = n_atoms, .atoms = atoms, .plan = &plan };
 *     kz_fact_counts c;
 *     KZ_TRY(kz_fact_count(&job, &arena, &c, err));
 *     use(c.place[p].text, c.count[k][p]);              // atom k in place p of the dictionary
 *
 * Atoms are count, distinct and sum of one source (indicator.h).  Their conditions are evaluated together
 * (facts.h); each then adds its rows to the place of the row: its area, or its institution where the atom
 * is counted by institution.  What is not known of a sum adds nothing; a row without pseudonym is
 * no person.
 *
 * Persons do not add up over areas, so an atom of them keeps who was where: pairs of pseudonym and place, to
 * be made into numbers by kz_fact_persons.  An atom cross(source.column) keeps for each row place (the institution)
 * and, as `person`, the place in the dictionary of areas.
 *
 * One thread a job; jobs may run side by side.  O(rows × tests + rows that pass).
 */
#ifndef KZ_MONITOR_FACT_COUNT_H
#define KZ_MONITOR_FACT_COUNT_H

#include "monitor/facts.h"
#include "monitor/indicator.h"

typedef struct kz_fact_job {
    const char *path;
    int n;
    const kz_atom *const *atoms;
    const kz_expr_plan   *plan; /* root[k] is the condition of atoms[k] */
} kz_fact_job;

/* Somebody in a place. */
typedef struct kz_fact_person {
    int64_t  person;
    uint32_t place;
} kz_fact_person;

typedef struct kz_fact_people {
    uint64_t n, most;
    kz_fact_person *p;
} kz_fact_people;

typedef struct kz_fact_counts {
    uint64_t n_rows;
    int n;
    bool *answered;        /* of an atom: all its columns are there               */
    uint32_t *n_places;    /* of an atom                                          */
    kz_view **place;       /* of an atom: "level:key" or key of an institution; "" unknown */
    int64_t **count;       /* of an atom: [place]; NULL: persons                  */
    bool     *occurs;      /* of an area place: some row is there, whatever its answers */
    uint32_t n_areas;
    kz_view *area;
    kz_fact_people *people; /* of an atom; empty unless distinct                   */
} kz_fact_counts;

/* Everything lies in the arena.  KZ_E_INPUT: damaged, or without column `area`.  KZ_E_LIMIT: a sum would leave 2^63. */
KZ_MUST_USE kz_status kz_fact_count(const kz_fact_job *job, kz_arena *a, kz_fact_counts *ret, kz_err *err);

/*
 * Different persons in each node of a tree of places, exactly: place i stands for node node_of[i] (-1: nowhere) and
 * all above it (parent[], -1 ends).  Adds to count[node].  Sorts `people` by person and place, then marks for each
 * person the nodes it was seen in (METHODS: sort once, stamp).  O(n log n + n × depth); `stamp` has n_nodes.
 */
void kz_fact_persons(kz_fact_people *people, const int node_of[], const int parent[], uint64_t stamp[],
                     int64_t count[]);

#endif
