/* chart_dots.c - all on one axis: strip plot, line in a table, interval in a cell. */
#include "io/chart.h"

#include "base/fmt.h"

#include <math.h>
#include <stdlib.h>

typedef struct dot {
    double x, y;
    int item;
} dot;

static int by_x(const void *pa, const void *pb)
{
    const dot *a = pa, *b = pb;
    return a->x != b->x ? (a->x > b->x) - (a->x < b->x) : (a->item > b->item) - (a->item < b->item);
}

static double place(double v, const kz_axis *a, double x0, double x1)
{
    double t = (v - a->lo) / (a->hi - a->lo);
    return x0 + (t < 0 ? 0 : t > 1 ? 1 : t) * (x1 - x0);
}

static void reach(const kz_chart *c, double *lo, double *hi)
{
    *lo = INFINITY, *hi = -INFINITY;
    for (int i = 0; i < c->n; i++) {
        *lo = fmin(*lo, c->items[i].value);
        *hi = fmax(*hi, c->items[i].value);
    }
    if (c->own >= 0) {
        *lo = fmin(*lo, c->items[c->own].lo);
        *hi = fmax(*hi, c->items[c->own].hi);
    }
    *lo = fmin(*lo, c->city);
    *hi = fmax(*hi, c->city);
    if (!isfinite(*lo))
        *lo = 0, *hi = 1;
}

/* Put dots (sorted by x) as near to the middle line as they fit; the greatest distance from it. */
static double swarm(dot dots[], int n, double r)
{
    double most = 0, gap = 2 * r + 0.6;
    for (int i = 0; i < n; i++) {
        double best = INFINITY;
        int from = i;
        while (from > 0 && dots[i].x - dots[from - 1].x < gap)
            from--;
        for (int k = from - 1; k < i; k++) {
            for (int sign = -1; sign <= 1; sign += 2) {
                double y = 0;
                if (k >= from) {
                    double dx = dots[i].x - dots[k].x;
                    y = dots[k].y + sign * sqrt(gap * gap - dx * dx);
                }
                if (fabs(y) >= fabs(best))
                    continue;
                bool free = true;
                for (int j = from; j < i && free; j++) {
                    double dx = dots[i].x - dots[j].x, dy = y - dots[j].y;
                    free = dx * dx + dy * dy >= gap * gap - 1e-6;
                }
                if (free)
                    best = y;
            }
        }
        dots[i].y = best;
        most = fmax(most, fabs(best));
    }
    return most;
}

static void draw_axis(kz_buf *out, const kz_chart *c, const kz_axis *a, double x0, double x1, double top,
                      double foot)
{
    for (int i = 0; i < a->n; i++) {
        double v = kz_axis_tick(a, i), x = place(v, a, x0, x1);
        kz_auto(kz_buf) label = kz_buf_init(64);
        kz_fmt_dec(&label, c->lang, v, a->digits);
        if (i == 0 || i == a->n - 1)
            kz_buf_str(&label, c->unit);
        kz_svg_rule(out, "kk-grid", x, top, x, foot);
        const char *anchor = i == 0 ? "" : i == a->n - 1 ? "end" : "middle";
        kz_svg_text(out, "kk-t",
                    i == 0          ? x - 4
                    : i == a->n - 1 ? x + 4
                                    : x,
                    foot + 18, anchor, kz_buf_text(&label));
    }
}

/* The labels of city and own stand on two lines, so they cannot meet. */
static void draw_label(kz_buf *out, const char *css, const char *text, double x, double y, double w)
{
    double half = kz_svg_width(text, 13) / 2;
    if (x < half)
        kz_svg_text(out, css, 0, y, "", text);
    else if (x > w - half)
        kz_svg_text(out, css, w, y, "end", text);
    else
        kz_svg_text(out, css, x, y, "middle", text);
}

void kz_chart_strip(kz_buf *out, const kz_chart *c, kz_chart_size size)
{
    bool wide = size == KZ_CHART_WIDE;
    double w = wide ? 1080 : 328, top = 44, foot = wide ? 156 : 150, mid = (top + foot) / 2;
    double lo, hi;
    reach(c, &lo, &hi);
    kz_axis axis = kz_axis_round(lo, hi, wide ? 10 : 5);
    double x0 = 14, x1 = w - 14;

    dot dots[KZ_CHART_ITEMS] = { 0 };
    int n = 0;
    for (int i = 0; i < c->n && n < KZ_CHART_ITEMS; i++)
        if (!isnan(c->items[i].value))
            dots[n++] = (dot){ place(c->items[i].value, &axis, x0, x1), 0, i };
    qsort(dots, (size_t)n, sizeof *dots, by_x);
    double r = wide ? 5.4 : 3.3;
    while (swarm(dots, n, r) + r > (foot - top) / 2 - 2 && r > 0.8)
        r *= 0.8;

    kz_svg_open(out, wide ? "kk-ch kk-w" : "kk-ch kk-n", c->id, wide ? "w" : "n", w, foot + 24, c->title,
                c->desc);
    draw_axis(out, c, &axis, x0, x1, top, foot);
    const dot *own = NULL;
    if (wide) {
        for (int i = 0; i < n; i++) {
            const kz_chart_item *it = &c->items[dots[i].item];
            if (dots[i].item == c->own)
                own = &dots[i];
            else
                kz_svg_dot(out, "kk-dot", dots[i].x, mid + dots[i].y, r, it->name, it->words);
        }
    } else { /* a zero-length line with round ends is a dot: one path for all of them */
        kz_html(out, "<path class=\"kk-dots\" stroke-width=\"%.1f\" d=\"", 2 * r);
        for (int i = 0; i < n; i++) {
            kz_pen pen;
            if (dots[i].item == c->own) {
                own = &dots[i];
                continue;
            }
            kz_pen_move(out, &pen, dots[i].x, mid + dots[i].y);
            kz_buf_str(out, "h0");
        }
        kz_buf_str(out, "\"/>");
    }
    if (!isnan(c->city)) {
        double x = place(c->city, &axis, x0, x1);
        kz_svg_rule(out, "kk-city", x, top - 8, x, foot);
        draw_label(out, "kk-t kk-halo", c->city_label, x, top - 13, w);
    }
    if (own) {
        const kz_chart_item *it = &c->items[c->own];
        double y = mid + own->y;
        kz_svg_rule(out, "kk-svglead", own->x, 20, own->x, y);
        if (!isnan(it->lo) && !isnan(it->hi))
            kz_svg_rule(out, "kk-ci", place(it->lo, &axis, x0, x1), y, place(it->hi, &axis, x0, x1), y);
        kz_svg_dot(out, "kk-dotown", own->x, y, r + 2, it->name, it->words);
        draw_label(out, "kk-tb kk-halo", c->own_label, own->x, 14, w);
    }
    kz_buf_str(out, "</svg>");
}

void kz_chart_line(kz_buf *out, const kz_chart *c)
{
    double lo, hi, w = 260, y = 17;
    reach(c, &lo, &hi);
    if (!(hi > lo))
        lo -= 1, hi += 1;
    kz_axis axis = { lo, hi, hi - lo, 2, 0 };

    kz_svg_open(out, "kk-spark", c->id, "", w, 34, c->title, NULL);
    kz_svg_rule(out, "kk-grid", 4, y, w - 4, y);
    kz_buf_str(out, "<path class=\"kk-dotl\" d=\"");
    kz_pen pen = { 0 };
    bool first = true;
    for (int i = 0; i < c->n; i++) {
        if (i == c->own || isnan(c->items[i].value))
            continue;
        double x = place(c->items[i].value, &axis, 8, w - 8);
        if (first) {
            kz_pen_move(out, &pen, x, y);
        } else {
            kz_buf_char(out, 'm');
            kz_buf_coord(out, floor(x * 10 + 0.5) / 10 - pen.x, 1);
            kz_buf_str(out, " 0");
            pen.x = floor(x * 10 + 0.5) / 10;
        }
        kz_buf_str(out, "h0");
        first = false;
    }
    kz_buf_str(out, "\"/>");
    if (!isnan(c->city)) {
        double x = place(c->city, &axis, 8, w - 8);
        kz_svg_rule(out, "kk-city", x, 4, x, 30);
    }
    if (c->own >= 0 && !isnan(c->items[c->own].value)) {
        const kz_chart_item *it = &c->items[c->own];
        if (!isnan(it->lo) && !isnan(it->hi))
            kz_svg_rule(out, "kk-ci", place(it->lo, &axis, 8, w - 8), y, place(it->hi, &axis, 8, w - 8), y);
        kz_svg_dot(out, "kk-dotown", place(it->value, &axis, 8, w - 8), y, 5.5, NULL, NULL);
    }
    kz_buf_str(out, "</svg>");
}

void kz_chart_mini(kz_buf *out, const kz_chart_item *it, double lo, double hi, double city)
{
    kz_axis axis = { lo, hi > lo ? hi : lo + 1, 1, 2, 0 };
    kz_buf_str(out,
               "<svg class=\"kk-mini\" viewBox=\"0 0 150 18\" aria-hidden=\"true\" focusable=\"false\">");
    if (!isnan(city)) {
        double x = place(city, &axis, 5, 145);
        kz_svg_rule(out, "kk-city2", x, 0, x, 18);
    }
    if (!isnan(it->lo) && !isnan(it->hi))
        kz_svg_rule(out, "kk-ci2", place(it->lo, &axis, 5, 145), 9, place(it->hi, &axis, 5, 145), 9);
    if (!isnan(it->value))
        kz_svg_dot(out, it->unsure ? "kk-dsame" : "kk-dq", place(it->value, &axis, 5, 145), 9, 3.6, NULL,
                   NULL);
    kz_buf_str(out, "</svg>");
}
