/* chart_ages.c - age histogram on its side, the city as an outline. */
#include "io/chart.h"

#include "base/fmt.h"

#include <math.h>

static double rate(double of_thousand, const kz_chart_age *a)
{
    return isnan(of_thousand) ? 0 : of_thousand / (a->to - a->from);
}

void kz_chart_ages_draw(kz_buf *out, const kz_chart_ages *a, kz_chart_size size)
{
    bool wide = size == KZ_CHART_WIDE;
    double w = wide ? 520 : 328, h = wide ? 430 : 400, x0 = 44, x1 = w - 14, y0 = h - 34, y1 = 26, most = 0;
    for (int i = 0; i < a->n; i++)
        most = fmax(most, fmax(rate(a->ages[i].own, &a->ages[i]), rate(a->ages[i].city, &a->ages[i])));
    kz_axis axis = kz_axis_round(0, most > 0 ? most : 1, wide ? 6 : 4);
    double sx = (x1 - x0) / axis.hi, youngest = a->ages[0].from, oldest = a->ages[a->n - 1].to;
    double sy = (y0 - y1) / (oldest - youngest);

    kz_svg_open(out, wide ? "kk-ch kk-w" : "kk-ch kk-n", a->id, wide ? "w" : "n", w, h, a->title, a->desc);
    for (int i = 0; i < axis.n; i++) {
        double v = kz_axis_tick(&axis, i), x = x0 + v * sx;
        kz_auto(kz_buf) label = kz_buf_init(64);
        kz_fmt_dec(&label, a->lang, v, axis.digits);
        kz_svg_rule(out, "kk-grid", x, y1, x, y0);
        kz_svg_text(out, "kk-t", x, h - 14, "middle", kz_buf_text(&label));
    }
    double widest = 0, widest_y = 0, last = INFINITY;
    for (int i = 0; i < a->n; i++) {
        const kz_chart_age *g = &a->ages[i];
        double bottom = y0 - (g->from - youngest) * sy, top = y0 - (g->to - youngest) * sy;
        kz_html(out, "<rect class=\"%s\"", g->child ? "kk-barc" : "kk-barb");
        kz_svg_attr(out, "x", x0);
        kz_svg_attr(out, "y", top + 0.7);
        kz_svg_attr(out, "width", rate(g->own, g) * sx);
        kz_svg_attr(out, "height", bottom - top - 1.4);
        kz_html(out, "><title>%s</title></rect>", g->words);
        if (bottom < last - 15) {
            kz_auto(kz_buf) label = kz_buf_init(16);
            kz_fmt_int(&label, a->lang, g->from);
            kz_svg_text(out, "kk-t", x0 - 8, bottom + 4, "end", kz_buf_text(&label));
            last = bottom;
        }
        if (rate(g->own, g) > widest && bottom - top > 22) {
            widest = rate(g->own, g);
            widest_y = (bottom + top) / 2 + 5;
        }
    }
    kz_svg_text(out, "kk-t", x0 - 8, 14, "end", a->age_label);

    kz_pen pen = { 0 };
    double outermost = 0, out_y = 0;
    kz_buf_str(out, "<path class=\"kk-out\" d=\"");
    for (int i = 0; i < a->n; i++) {
        const kz_chart_age *g = &a->ages[i];
        double x = x0 + rate(g->city, g) * sx, bottom = y0 - (g->from - youngest) * sy,
               top = y0 - (g->to - youngest) * sy;
        if (i == 0)
            kz_pen_move(out, &pen, x, bottom);
        else
            kz_pen_line(out, &pen, x, bottom);
        kz_pen_line(out, &pen, x, top);
        /* its name stands where the outline is clear of the bars */
        double clear = rate(g->city, g) - rate(g->own, g);
        if (bottom - top > 14 && (clear > outermost || out_y == 0)) {
            outermost = clear;
            out_y = (bottom + top) / 2 + 5;
        }
    }
    kz_buf_str(out, "\"/>");
    double free_x = x0;
    for (int i = 0; i < a->n; i++) {
        const kz_chart_age *g = &a->ages[i];
        double bottom = y0 - (g->from - youngest) * sy, top = y0 - (g->to - youngest) * sy;
        if (bottom > out_y - 16 && top < out_y + 4)
            free_x = fmax(free_x, x0 + fmax(rate(g->own, g), rate(g->city, g)) * sx + 8);
    }
    bool fits = free_x + kz_svg_width(a->city_label, 13) < w;
    kz_svg_text(out, "kk-t kk-halo", fits ? free_x : w - 2, fits ? out_y : 14, fits ? "" : "end",
                a->city_label);
    if (widest > 0)
        kz_svg_text(out, "kk-tb", x0 + 10, widest_y, "", a->own_name);
    kz_buf_str(out, "</svg>");
}
