/* Annealing over product moves: each primary takes the cheapest one, with less and less noise. */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "sdc/run.h"

enum { NOISE_BITS = 12, WINDOW = 96, LAST_COLD = 2 };

static int32_t noise[1 << NOISE_BITS]; /* Gumbel quantiles in 1/256 */
static int32_t noise_most;
static pthread_once_t noise_once = PTHREAD_ONCE_INIT;

static void make_noise(void)
{
    for (int i = 0; i < 1 << NOISE_BITS; i++) {
        double u = (i + 0.5) / (1 << NOISE_BITS);
        noise[i] = (int32_t)lrint(256 * -log(-log(u)));
    }
    noise_most = noise[(1 << NOISE_BITS) - 1];
}

/* ---- hiding and opening while it runs -------------------------------------------- */

static void change(kz_run *r, int g, int sub, int32_t by)
{
    const kz_space *s = r->s;
    int32_t *sum = r->sum + (size_t)g * (size_t)s->n_u;
    for (size_t i = s->through_at[sub]; i < s->through_at[sub + 1]; i++)
        sum[s->through[i] >> 1] += by;
}

static void use(kz_run *r, int g, int sub, int by)
{
    int c = kz_space_cell(r->s, g, sub);
    int before = r->uses[c];
    r->uses[c] = before + by;
    if (r->s->cost[c] == 0 || (before > 0 && before + by > 0))
        return;
    if (by > 0) {
        r->need[c] = 0;
        change(r, g, sub, -r->s->cost[c]);
    } else {
        r->need[c] = r->s->cost[c];
        change(r, g, sub, r->s->cost[c]);
    }
}

static void use_move(kz_run *r, int move, int u, int by)
{
    const kz_space *s = r->s;
    for (size_t i = s->m.start[move]; i < s->m.start[move + 1]; i++)
        for (size_t k = s->u.start[u >> 1]; k < s->u.start[(u >> 1) + 1]; k++)
            use(r, s->m.entry[i] >> 1, s->u.entry[k] >> 1, by);
}

/* ---- choosing ----------------------------------------------------------------------- */

/* Does a person stand both in this move and in the choice of the other demand of the same cell? */
static bool shares_person(const kz_run *r, int demand, int move, int u)
{
    const kz_space *s = r->s;
    int other = demand ^ 1, own = s->person[kz_space_owner(s, demand)];
    if (r->move[other] < 0)
        return false;
    for (size_t i = s->m.start[move]; i < s->m.start[move + 1]; i++)
        for (size_t k = s->u.start[u >> 1]; k < s->u.start[(u >> 1) + 1]; k++) {
            int who = s->person[kz_space_cell(s, s->m.entry[i] >> 1, s->u.entry[k] >> 1)];
            if (who < 0 || who == own)
                continue;
            int m2 = r->move[other], u2 = r->u[other] >> 1;
            for (size_t x = s->m.start[m2]; x < s->m.start[m2 + 1]; x++)
                for (size_t y = s->u.start[u2]; y < s->u.start[u2 + 1]; y++)
                    if (s->person[kz_space_cell(s, s->m.entry[x] >> 1, s->u.entry[y] >> 1)] == who)
                        return true;
        }
    return false;
}

typedef struct best {
    int32_t score;
    int move, u;
} best;

/* Candidates that fit, nearest tier; `heat` in 1/256 of a cell's cost. */
static void look(kz_run *r, int demand, int32_t heat, best *found)
{
    const kz_space *s = r->s;
    int p = s->o->insider ? demand / 2 : demand;
    int32_t slack = (int32_t)(((int64_t)heat * noise_most) >> 8), limit = KZ_COST_FIXED;
    for (size_t i = s->fit_at[p]; i < s->fit_at[p + 1]; i++) {
        kz_fit f = s->fit[i];
        int32_t cost = r->sum[f.first];
        if (f.second >= 0) {
            cost += r->sum[f.second];
        } else {
            int move = s->fit_move[i] >> 1, u = f.first % s->n_u;
            for (size_t k = s->m.start[move] + 1; k < s->m.start[move + 1] && cost < KZ_COST_FIXED; k++)
                cost += r->sum[(size_t)(s->m.entry[k] >> 1) * (size_t)s->n_u + (size_t)u];
        }
        if (cost >= limit)
            continue;
        if (heat)
            cost -= (int32_t)(((int64_t)heat * noise[kz_rng_next(&r->rng) >> (64 - NOISE_BITS)]) >> 8);
        if (cost >= found->score)
            continue;
        int move = s->fit_move[i] >> 1, u = f.first % s->n_u * 2 + (s->fit_move[i] & 1);
        if (s->person && shares_person(r, demand, move, u))
            continue;
        *found = (best){ cost, move, u };
        limit = cost + slack < KZ_COST_FIXED ? cost + slack : KZ_COST_FIXED;
    }
}

/* Farther away, for a demand whose near moves share a person with its other witness. */
static void look_far(kz_run *r, int demand, int tier, best *found)
{
    const kz_space *s = r->s;
    int cell = kz_space_owner(s, demand), g = kz_space_main(s, cell), sub = kz_space_sub(s, cell);
    for (size_t m = s->m_at[g * KZ_TIERS + tier]; m < s->m_at[g * KZ_TIERS + tier + 1]; m++)
        for (size_t i = s->through_at[sub]; i < s->through_at[sub + 1]; i++) {
            int32_t cost = 0;
            for (size_t k = s->m.start[m]; k < s->m.start[m + 1] && cost < KZ_COST_FIXED; k++)
                cost += r->sum[(size_t)(s->m.entry[k] >> 1) * (size_t)s->n_u + (size_t)(s->through[i] >> 1)];
            if (cost < found->score && cost < KZ_COST_FIXED &&
                kz_space_steps(s, (int)m, s->through[i]) >= kz_space_width(s, cell) &&
                !shares_person(r, demand, (int)m, s->through[i]))
                *found = (best){ cost, (int)m, s->through[i] };
        }
}

static bool choose(kz_run *r, int demand, int32_t heat)
{
    best found = { INT32_MAX, -1, 0 };
    if (r->move[demand] >= 0)
        use_move(r, r->move[demand], r->u[demand], -1);
    int old = r->move[demand];
    look(r, demand, heat, &found);
    for (int tier = 0; r->s->person && tier < KZ_TIERS && found.move < 0; tier++)
        look_far(r, demand, tier, &found);
    if (found.move < 0) {
        if (old >= 0)
            use_move(r, old, r->u[demand], 1);
        return old >= 0;
    }
    r->move[demand] = found.move;
    r->u[demand] = found.u;
    use_move(r, found.move, found.u, 1);
    return true;
}

/* Neighbours stay near each other in memory: shuffled within windows, windows in order. */
static void shuffle(kz_run *r, int order[], int n)
{
    for (int from = 0; from < n; from += WINDOW) {
        int len = n - from < WINDOW ? n - from : WINDOW;
        for (int i = len - 1; i > 0; i--) {
            int k = (int)kz_rng_below(&r->rng, (uint32_t)i + 1), swap = order[from + i];
            order[from + i] = order[from + k];
            order[from + k] = swap;
        }
    }
}

static void anneal(kz_run *r, int order[], int n, int sweeps)
{
    for (int sweep = 0; sweep < sweeps; sweep++) {
        int hot = sweeps - LAST_COLD;
        int32_t heat = sweep < hot ? (int32_t)((int64_t)KZ_COST_ONE * 5 / 4 * (hot - sweep) / hot) : 0;
        shuffle(r, order, n);
        for (int i = 0; i < n; i++)
            if (!choose(r, order[i], heat)) {
                r->stuck = order[i];
                return;
            }
    }
}

/* ---- from choices to vectors ------------------------------------------------------- */

typedef struct entry {
    int cell, coef;
} entry;

static int by_cell(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static int add_move(kz_run *r, int move, int u)
{
    const kz_space *s = r->s;
    entry e[KZ_MOVE_CELLS] = { 0 };
    int n = 0, cell[KZ_MOVE_CELLS], coef[KZ_MOVE_CELLS];
    for (size_t i = s->m.start[move]; i < s->m.start[move + 1]; i++)
        for (size_t k = s->u.start[u >> 1]; k < s->u.start[(u >> 1) + 1]; k++) {
            if (n == KZ_MOVE_CELLS)
                return -2;
            e[n++] = (entry){ kz_space_cell(s, s->m.entry[i] >> 1, s->u.entry[k] >> 1),
                              (s->m.entry[i] ^ s->u.entry[k]) & 1 ? -1 : 1 };
        }
    qsort(e, (size_t)n, sizeof *e, by_cell);
    for (int i = 0; i < n; i++) {
        cell[i] = e[i].cell;
        coef[i] = e[i].coef;
    }
    return kz_pool_add(&r->pool, cell, coef, n);
}

/* Every near move all of whose cells are hidden may help the clean-up. */
static bool add_free_moves(kz_run *r)
{
    const kz_space *s = r->s;
    int most = 200000;
    for (int g = 0; g < s->n_main; g++)
        for (size_t m = s->m_at[g * KZ_TIERS]; m < s->m_at[g * KZ_TIERS + 1]; m++) {
            size_t from = s->m.start[m];
            if (s->m.start[m + 1] - from != 2 || s->m.entry[from + 1] >> 1 < g) /* each pair once */
                continue;
            const int32_t *a = r->sum + (size_t)g * (size_t)s->n_u;
            const int32_t *b = r->sum + (size_t)(s->m.entry[from + 1] >> 1) * (size_t)s->n_u;
            for (int u = 0; u < s->n_u; u++)
                if (a[u] + b[u] == 0 && most-- > 0 && add_move(r, (int)m, u * 2) == -1)
                    return false;
        }
    return true;
}

static bool make_witnesses(kz_run *r)
{
    const kz_space *s = r->s;
    if (!add_free_moves(r))
        return false;
    for (int d = 0; d < s->n_demands; d++) {
        if (s->by_vector[d]) {
            size_t from = s->vector_at[d];
            r->witness[d] = kz_pool_add(&r->pool, s->vector_cell + from, s->vector_coef + from,
                                        (int)(s->vector_at[d + 1] - from));
        } else {
            r->witness[d] = add_move(r, r->move[d], r->u[d]);
        }
        if (r->witness[d] < 0)
            return false;
    }
    for (int c = 0; c < s->t->n_cells; c++)
        r->hidden[c] = s->cost[c] == 0 || r->uses[c] > 0;
    return true;
}

static bool start(kz_run *r, uint64_t seed, int **order)
{
    const kz_space *s = r->s;
    size_t cells = (size_t)s->t->n_cells, sums = (size_t)s->n_main * (size_t)s->n_u, n = (size_t)s->n_demands;
    r->rng = kz_rng_stream(seed, 0x5dc);
    r->need = malloc((cells + 1) * sizeof *r->need);
    r->sum = malloc((sums + 1) * sizeof *r->sum);
    r->uses = calloc(cells + 1, sizeof *r->uses);
    r->hidden = calloc(cells + 1, sizeof *r->hidden);
    r->move = malloc((n + 1) * sizeof *r->move);
    r->u = calloc(n + 1, sizeof *r->u);
    r->witness = calloc(n + 1, sizeof *r->witness);
    *order = malloc((n + 1) * sizeof **order);
    if (!r->need || !r->sum || !r->uses || !r->hidden || !r->move || !r->u || !r->witness || !*order ||
        !kz_pool_init(&r->pool, s->t->n_cells))
        return false;
    memcpy(r->need, s->cost, cells * sizeof *r->need);
    memcpy(r->sum, s->base, sums * sizeof *r->sum);
    for (size_t d = 0; d < n; d++)
        r->move[d] = -1;
    return true;
}

void kz_run_go(kz_run *r, const kz_space *s, uint64_t seed, int sweeps)
{
    int *order = NULL, n = 0;
    *r = (kz_run){ .s = s, .stuck = -1 };
    pthread_once(&noise_once, make_noise);
    bool ok = start(r, seed, &order);
    for (int d = 0; ok && d < s->n_demands; d++)
        if (!s->by_vector[d])
            order[n++] = d;
    if (ok)
        anneal(r, order, n, sweeps);
    free(order);
    if (ok && r->stuck < 0)
        ok = make_witnesses(r);
    free(r->need);
    free(r->sum);
    r->need = r->sum = NULL;
    if (ok && r->stuck < 0)
        ok = kz_run_clean(r, 3);
    r->failed = ok ? KZ_OK : KZ_E_LIMIT;
}

void kz_run_done(kz_run *r)
{
    free(r->need);
    free(r->sum);
    free(r->uses);
    free(r->hidden);
    free(r->move);
    free(r->u);
    free(r->witness);
    kz_pool_done(&r->pool);
    *r = (kz_run){ 0 };
}
