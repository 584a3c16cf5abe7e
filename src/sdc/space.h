/*
 * space.h - inside sdc/: all product moves of a table, and what of them never changes.
 *
 * The dimension with the most codes is the main one; the others together are
 * the *sub-table*, whose product moves (sub-moves) are listed once.  A move of
 * the whole table is a main-move times a sub-move.  For each main node and
 * sub-move we keep the smallest count on its plus and on its minus cells (so
 * that "does it fit?" is a few minima) and, in each run, the sum of what
 * hiding its cells would cost.
 */
#ifndef KZ_SDC_SPACE_H
#define KZ_SDC_SPACE_H

#include "sdc/hide.h"

enum {
    KZ_COST_ONE = 256,        /* a cell; plus a little for large counts       */
    KZ_COST_FIXED = 1 << 20,  /* must stay shown; above KZ_SDC_COST_MOST       */
    KZ_MOVE_CELLS = 1024,     /* of a whole move                              */
    KZ_STEPS_MOST = 1 << 30,
    KZ_TIERS = 3,             /* near main-moves, far ones, those to the root */
};

/* Entries of a move: node * 2 + (sign < 0). */
typedef struct kz_moves {
    int n, cap;
    size_t *start;
    int *entry;
    size_t n_entries, cap_entries;
} kz_moves;

/* Where the two sums lie that make up the cost; second -1: the main-move has not two nodes. */
typedef struct kz_fit {
    int first, second;
} kz_fit;

typedef struct kz_space {
    const kz_sdc_order *o;
    const kz_sdc_table *t;
    int main, n_main, n_sub, n_u; /* main nodes, sub-cells, sub-moves */
    int *offset;                  /* of a sub-cell                    */
    kz_moves u;                   /* sub-moves over sub-cells         */
    size_t *through_at;           /* sub-moves through a sub-cell:    */
    int *through;                 /* move * 2 + (sign < 0)            */
    int32_t *least[2];            /* n_main x n_u: plus, minus cells  */
    int32_t *base;                /* the same: cost with only primaries hidden */
    kz_moves m;                   /* main-moves; the owner has plus   */
    size_t *m_at;                 /* n_main * KZ_TIERS + 1            */
    int32_t *cost;                /* of hiding a cell; 0 for primary and forced ones */
    int32_t *count;               /* capped                           */
    int *person;                  /* inner cell of the one person; -1 (only with insider) */
    /* Primaries, by main node: */
    int n_primary, *primary;
    int n_demands;                /* primaries, twice with insider    */
    /* Product moves that fit, of the nearest tier that has any, a primary each: */
    size_t *fit_at;               /* n_primary + 1                    */
    kz_fit *fit;
    int *fit_move;                /* main-move * 2 + (sub-move has minus at the primary) */
    size_t n_fit, cap_fit;
    /* Witnesses that a linear programme found, for demands without product move: */
    bool *by_vector;              /* a demand each                    */
    size_t *vector_at;            /* n_demands + 1                    */
    int *vector_cell, *vector_coef;
    size_t n_vector, cap_vector;
    int64_t *change;              /* room to try hints: zero everywhere */
} kz_space;

static inline int kz_space_main(const kz_space *s, int cell)
{
    return cell / s->t->stride[s->main] % s->n_main;
}
int kz_space_sub(const kz_space *s, int cell);
static inline int64_t kz_space_width(const kz_space *s, int owner)
{
    return s->o->widths ? s->o->widths[owner] : s->o->width;
}
/* Nobody prints it, and it is no secret. */
static inline bool kz_space_unprinted(const kz_space *s, int cell)
{
    return s->o->unprinted && s->o->unprinted[cell] && !s->o->primary[cell];
}
static inline int kz_space_cell(const kz_space *s, int main, int sub)
{
    return main * s->t->stride[s->main] + s->offset[sub];
}
static inline int kz_space_owner(const kz_space *s, int demand)
{
    return s->primary[s->o->insider ? demand / 2 : demand];
}

KZ_MUST_USE kz_status kz_space_make(kz_space *s, const kz_sdc_order *o, kz_err *err);
void kz_space_done(kz_space *s);

/* A hint that is a witness here, appended to the vectors; *found false: there is none. */
KZ_MUST_USE kz_status kz_space_take_hint(kz_space *s, int demand, bool *found, kz_err *err);
/* One entry more of the vector at hand; false: memory. */
bool kz_space_append(kz_space *s, int cell, int coef);
/* The last resort: people move (swap.c). */
KZ_MUST_USE kz_status kz_space_swap(kz_space *s, int demand, bool *found, kz_err *err);
/* A witness by linear programming, appended to the vectors. */
KZ_MUST_USE kz_status kz_space_find_vector(kz_space *s, int demand, kz_err *err);

bool kz_moves_begin(kz_moves *m);          /* a new move, n + 1 */
bool kz_moves_add(kz_moves *m, int entry); /* to the last one   */
void kz_moves_done(kz_moves *m);

/* One dimension's moves: every leaf with its way to the root; pairs of leaves below neighbours, at most
 * `radius` places apart, each pair once. */
KZ_MUST_USE bool kz_moves_of_tree(const kz_sdc_tree *t, int radius, kz_moves *ret);
/* Circuits of the relations: changes of some codes after which every relation still holds. */
KZ_MUST_USE bool kz_moves_of_relations(const kz_sdc_relations *r, kz_moves *ret);
/* Main-moves through a node with plus there, tier by tier; m_at gets tree->n * KZ_TIERS + 1 places. */
KZ_MUST_USE bool kz_moves_of_main(const kz_sdc_tree *t, kz_moves *ret, size_t m_at[]);

/* Smallest coefficients first found: does the move fit `width` times?  u: sub-move * 2 + (sign < 0). */
static inline int64_t kz_space_steps(const kz_space *s, int move, int u)
{
    const int32_t *same = s->least[u & 1], *other = s->least[1 - (u & 1)];
    int32_t up = KZ_STEPS_MOST, down = KZ_STEPS_MOST;
    for (size_t i = s->m.start[move]; i < s->m.start[move + 1]; i++) {
        size_t at = (size_t)(s->m.entry[i] >> 1) * (size_t)s->n_u + (size_t)(u >> 1);
        int32_t a = same[at], b = other[at];
        if (s->m.entry[i] & 1) {
            int32_t swap = a;
            a = b;
            b = swap;
        }
        down = a < down ? a : down;
        up = b < up ? b : up;
    }
    return (int64_t)up + down;
}

#endif
