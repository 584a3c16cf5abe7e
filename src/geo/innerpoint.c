/*
 * The pole of inaccessibility: the centre of the largest circle that fits in.
 *
 * Method: V. Agafonkin, "A new algorithm for finding a visual center of a
 * polygon" (Mapbox, 2016): cover the polygon with square cells,
 * always split the cell that could hold the farthest point, stop when none can
 * beat the best found by more than the precision.
 */
#include "geo/polygon.h"

#include <float.h>
#include <math.h>

enum { HEAP_MAX = 2048, STEPS_MAX = 20000 };

typedef struct cell {
    double x, y, half; /* centre, half of the side                       */
    double d;          /* distance of the centre to the border, < 0 outside */
    double best;       /* what no point of the cell can exceed           */
} cell;

typedef struct search {
    const kz_ring *rings;
    int n;
    double stretch; /* y counts this many times */
    int n_heap;
    cell heap[HEAP_MAX];
} search;

static double segment_distance2(double px, double py, double ax, double ay, double bx, double by)
{
    double dx = bx - ax, dy = by - ay, len2 = dx * dx + dy * dy;
    double t = len2 > 0 ? ((px - ax) * dx + (py - ay) * dy) / len2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double ex = ax + t * dx - px, ey = ay + t * dy - py;
    return ex * ex + ey * ey;
}

static double border_distance(const search *s, double x, double y)
{
    bool inside = false;
    double least = DBL_MAX;
    for (int i = 0; i < s->n; i++) {
        const kz_ring *r = &s->rings[i];
        for (int k = 0; k + 1 < r->n; k++) {
            double ax = r->p[k].x, ay = r->p[k].y * s->stretch;
            double bx = r->p[k + 1].x, by = r->p[k + 1].y * s->stretch;
            if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
                inside = !inside;
            double d = segment_distance2(x, y, ax, ay, bx, by);
            if (d < least)
                least = d;
        }
    }
    return inside ? sqrt(least) : -sqrt(least);
}

static cell make_cell(const search *s, double x, double y, double half)
{
    double d = border_distance(s, x, y);
    return (cell){ x, y, half, d, d + half * M_SQRT2 };
}

/* A full heap forgets the new cell: precision is lost, not correctness. */
static void push(search *s, cell c)
{
    if (s->n_heap == HEAP_MAX)
        return;
    int at = s->n_heap++;
    for (; at > 0 && s->heap[(at - 1) / 2].best < c.best; at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = c;
}

static cell pop(search *s)
{
    cell top = s->heap[0], last = s->heap[--s->n_heap];
    int at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= s->n_heap)
            break;
        if (child + 1 < s->n_heap && s->heap[child + 1].best > s->heap[child].best)
            child++;
        if (s->heap[child].best <= last.best)
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return top;
}

/* The rings of the part with the largest shell. */
static int largest_part(const kz_outline *o, int *n)
{
    int best = 0;
    double most = -1;
    for (int i = 0; i < o->n; i++) {
        if (i > 0 && o->rings[i].part == o->rings[i - 1].part)
            continue;
        double area = fabs(kz_ring_area(&o->rings[i]));
        if (area > most) {
            most = area;
            best = i;
        }
    }
    for (*n = 1; best + *n < o->n && o->rings[best + *n].part == o->rings[best].part;)
        ++*n;
    return best;
}

void kz_outline_inner_point_wide(const kz_outline *o, double wide, double *x, double *y, double *radius)
{
    *x = *y = *radius = 0;
    if (o->n == 0)
        return;
    search s = { .stretch = wide };
    s.rings = &o->rings[largest_part(o, &s.n)];

    double x0 = DBL_MAX, y0 = DBL_MAX, x1 = -DBL_MAX, y1 = -DBL_MAX;
    for (int k = 0; k < s.rings[0].n; k++) {
        x0 = fmin(x0, s.rings[0].p[k].x);
        x1 = fmax(x1, s.rings[0].p[k].x);
        y0 = fmin(y0, s.rings[0].p[k].y * wide);
        y1 = fmax(y1, s.rings[0].p[k].y * wide);
    }
    double w = x1 - x0, h = y1 - y0;
    /* Long thin areas: never more than 16 cells in the long direction. */
    double half = fmax(fmin(w, h), fmax(w, h) / 16) / 2, precision = fmax(w, h) / 500;
    cell best = make_cell(&s, x0 + w / 2, y0 + h / 2, 0);
    if (half > 0) {
        for (double cx = x0; cx < x1; cx += 2 * half)
            for (double cy = y0; cy < y1; cy += 2 * half)
                push(&s, make_cell(&s, cx + half, cy + half, half));
        for (int step = 0; s.n_heap > 0 && step < STEPS_MAX; step++) {
            cell c = pop(&s);
            if (c.d > best.d)
                best = c;
            if (c.best - best.d <= precision && best.d > 0)
                break;
            if (c.half < precision / 64)
                continue;
            double q = c.half / 2;
            push(&s, make_cell(&s, c.x - q, c.y - q, q));
            push(&s, make_cell(&s, c.x + q, c.y - q, q));
            push(&s, make_cell(&s, c.x - q, c.y + q, q));
            push(&s, make_cell(&s, c.x + q, c.y + q, q));
        }
    }
    *x = best.x;
    *y = best.y / wide;
    *radius = best.d > 0 ? best.d : 0;
}

void kz_outline_inner_point(const kz_outline *o, double *x, double *y, double *radius)
{
    kz_outline_inner_point_wide(o, 1, x, y, radius);
}
