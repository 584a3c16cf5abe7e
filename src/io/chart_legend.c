/* chart_legend.c - the legend of a map as a histogram: one square an item, in the colour of the map. */
#include "io/chart.h"

#include "base/fmt.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_BINS = 64 };

typedef struct box {
    double value;
    int item;
} box;

static int by_box(const void *pa, const void *pb)
{
    const box *a = pa, *b = pb;
    return a->value != b->value ? (a->value > b->value) - (a->value < b->value)
                                : (a->item > b->item) - (a->item < b->item);
}

/* Squares of one colour (or all unsure ones) are one path. */
static void draw_boxes(kz_buf *out, const kz_chart *c, const char *css, const box boxes[],
                       const double at[][2], int n, int step, bool unsure, double bw, double bh)
{
    bool any = false;
    for (int i = 0; i < n; i++) {
        const kz_chart_item *it = &c->items[boxes[i].item];
        if (it->step != step || (unsure && !it->unsure))
            continue;
        if (!any)
            kz_html(out, "<path class=\"%s\" d=\"", css);
        any = true;
        kz_pen pen;
        kz_pen_move(out, &pen, at[i][0], at[i][1]);
        kz_pen_line(out, &pen, at[i][0] + bw, at[i][1]);
        kz_pen_line(out, &pen, at[i][0] + bw, at[i][1] + bh);
        kz_pen_line(out, &pen, at[i][0], at[i][1] + bh);
        kz_buf_char(out, 'z');
    }
    if (any)
        kz_buf_str(out, "\"/>");
}

void kz_chart_legend(kz_buf *out, const kz_chart *c, kz_chart_size size)
{
    static const char *const AMOUNT[] = { "kk-q1", "kk-q2", "kk-q3", "kk-q4", "kk-q5" };
    static const char *const CHANGE[] = { "kk-v1", "kk-v2", "kk-v3", "kk-v4", "kk-v5" };
    const char *const *css = c->diverging ? CHANGE : AMOUNT;
    bool wide = size == KZ_CHART_WIDE;
    double w = wide ? 440 : 328, base = 188, head = 40, x0 = 8, x1 = w - 8;

    box boxes[KZ_CHART_ITEMS];
    int n = 0;
    for (int i = 0; i < c->n && n < KZ_CHART_ITEMS; i++)
        if (!isnan(c->items[i].value))
            boxes[n++] = (box){ c->items[i].value, i };
    if (n == 0)
        return;
    qsort(boxes, (size_t)n, sizeof *boxes, by_box);
    kz_axis bins = kz_axis_round(boxes[0].value, boxes[n - 1].value, wide ? 36 : 28);
    if (bins.n < 2 || bins.n > MOST_BINS)
        return;

    double cell = (x1 - x0) / (bins.n - 1), bw = cell - fmin(1.6, cell / 8);
    int count[MOST_BINS] = { 0 }, most = 1;
    double at[KZ_CHART_ITEMS][2];
    int bin[KZ_CHART_ITEMS];
    for (int i = 0; i < n; i++) {
        int b = (int)((boxes[i].value - bins.lo) / bins.step);
        bin[i] = b < 0 ? 0 : b > bins.n - 2 ? bins.n - 2 : b;
        if (++count[bin[i]] > most)
            most = count[bin[i]];
    }
    double pitch = fmin(12.5, (base - head) / most), bh = pitch - (pitch > 5 ? 1.5 : 0.4);
    int filled[MOST_BINS] = { 0 };
    for (int i = 0; i < n; i++) {
        at[i][0] = x0 + cell * bin[i] + 0.8;
        at[i][1] = base - pitch * ++filled[bin[i]] + (pitch - bh);
    }

    kz_svg_open(out, wide ? "kk-leg kk-w" : "kk-leg kk-n", c->id, wide ? "w" : "n", w, base + 32, c->title,
                c->desc);
    for (int s = 0; s < c->n_steps; s++) {
        int shown = c->diverging ? s : c->n_steps == 1 ? 2 : s * (KZ_CHART_STEPS - 1) / (c->n_steps - 1);
        draw_boxes(out, c, css[shown], boxes, at, n, s, false, bw, bh);
        draw_boxes(out, c, c->diverging || shown >= 2 ? "kk-hatchl" : "kk-hatchd", boxes, at, n, s, true, bw,
                   bh);
        /* the bar of the steps under the squares, with the limits */
        double from = s == 0 ? bins.lo : c->limits[s - 1], to = s == c->n_steps - 1 ? bins.hi : c->limits[s];
        double scale = (x1 - x0) / (bins.hi - bins.lo);
        from = fmin(fmax(from, bins.lo), bins.hi), to = fmin(fmax(to, bins.lo), bins.hi);
        if (to > from) {
            kz_html(out, "<rect class=\"%s\"", css[shown]);
            kz_svg_attr(out, "x", x0 + (from - bins.lo) * scale);
            kz_svg_attr(out, "y", base + 5);
            kz_svg_attr(out, "width", (to - from) * scale);
            kz_svg_attr(out, "height", 5);
            kz_buf_str(out, "/>");
        }
    }

    double last = -INFINITY;
    for (int s = 0; s <= c->n_steps; s++) {
        double v = s == 0 ? bins.lo : s == c->n_steps ? bins.hi : c->limits[s - 1];
        if (v < bins.lo || v > bins.hi)
            continue;
        kz_auto(kz_buf) label = kz_buf_init(64);
        int digits = bins.step < 0.05 ? 2 : bins.hi - bins.lo < 20 ? 1 : 0;
        if (fabs(v - round(v)) < 1e-9) /* ends of the axis are round */
            digits = 0;
        kz_fmt_dec(&label, c->lang, v, digits);
        if (s == c->n_steps)
            kz_buf_str(&label, c->unit);
        double x = x0 + (v - bins.lo) / (bins.hi - bins.lo) * (x1 - x0),
               tw = kz_svg_width(kz_buf_text(&label), 13);
        double from = s == 0 ? x : s == c->n_steps ? x - tw : x - tw / 2;
        if (from < last + 6 || (s < c->n_steps && s > 0 && from + tw > x1 - 44))
            continue;
        kz_svg_text(out, "kk-t", x, base + 27,
                    s == 0            ? ""
                    : s == c->n_steps ? "end"
                                      : "middle",
                    kz_buf_text(&label));
        last = from + tw;
    }
    if (!isnan(c->city)) {
        double x = x0 + (c->city - bins.lo) / (bins.hi - bins.lo) * (x1 - x0);
        bool right = x + 5 + kz_svg_width(c->city_label, 13) < w;
        kz_svg_rule(out, "kk-city", x, 16, x, base + 5);
        kz_svg_text(out, "kk-t kk-halo", right ? x + 5 : x - 5, 24, right ? "" : "end", c->city_label);
    }
    for (int i = 0; i < n; i++) {
        if (boxes[i].item != c->own)
            continue;
        double x = at[i][0], y = at[i][1];
        kz_buf_str(out, "<rect class=\"kk-ownbox\"");
        kz_svg_attr(out, "x", x);
        kz_svg_attr(out, "y", y);
        kz_svg_attr(out, "width", bw);
        kz_svg_attr(out, "height", bh);
        kz_buf_str(out, "/>");
        double top = base - pitch * count[bin[i]] - 5, tw = kz_svg_width(c->items[c->own].name, 13);
        double tx = fmin(fmax(x + bw / 2, tw / 2), w - tw / 2);
        kz_svg_text(out, "kk-tb kk-halo", tx, fmax(top, 38), "middle", c->items[c->own].name);
    }
    kz_buf_str(out, "</svg>");
}
