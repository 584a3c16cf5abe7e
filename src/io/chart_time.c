/* chart_time.c - lines over time, and their small form in a table. */
#include "io/chart.h"

#include "base/fmt.h"

#include <math.h>
#include <stdlib.h>

static void widen(double *lo, double *hi, const double v[], int n)
{
    for (int i = 0; v && i < n; i++) {
        *lo = fmin(*lo, v[i]);
        *hi = fmax(*hi, v[i]);
    }
}

typedef struct plane {
    double x0, x1, y0, y1; /* y0 at the bottom */
    kz_axis axis;
    int n;
} plane;

static double at_x(const plane *p, int t)
{
    return p->n < 2 ? p->x0 : p->x0 + (p->x1 - p->x0) * t / (p->n - 1);
}

static double at_y(const plane *p, double v)
{
    return p->y0 + (p->y1 - p->y0) * (v - p->axis.lo) / (p->axis.hi - p->axis.lo);
}

/* A line with gaps where values are missing; a lonely value becomes a dot. */
static void draw_line(kz_buf *out, const plane *p, const double v[])
{
    kz_pen pen = { 0 };
    bool down = false;
    for (int t = 0; t < p->n; t++) {
        if (isnan(v[t])) {
            down = false;
            continue;
        }
        if (down)
            kz_pen_line(out, &pen, at_x(p, t), at_y(p, v[t]));
        else
            kz_pen_move(out, &pen, at_x(p, t), at_y(p, v[t]));
        if (!down && (t == p->n - 1 || isnan(v[t + 1])))
            kz_buf_str(out, "h.1");
        down = true;
    }
}

static void draw_band(kz_buf *out, const plane *p, const double lo[], const double hi[])
{
    for (int t = 0; t < p->n; t++) {
        int end = t;
        while (end < p->n && !isnan(lo[end]) && !isnan(hi[end]))
            end++;
        if (end - t < 2)
            continue;
        kz_pen pen;
        kz_buf_str(out, "<path class=\"kk-band\" d=\"");
        kz_pen_move(out, &pen, at_x(p, t), at_y(p, hi[t]));
        for (int k = t + 1; k < end; k++)
            kz_pen_line(out, &pen, at_x(p, k), at_y(p, hi[k]));
        for (int k = end - 1; k >= t; k--)
            kz_pen_line(out, &pen, at_x(p, k), at_y(p, lo[k]));
        kz_buf_str(out, "z\"/>");
        t = end;
    }
}

static int last_known(const double v[], int n)
{
    while (v && n > 0 && isnan(v[n - 1]))
        n--;
    return v ? n - 1 : -1;
}

void kz_chart_series_draw(kz_buf *out, const kz_chart_series *s, kz_chart_size size)
{
    bool wide = size == KZ_CHART_WIDE;
    double w = wide ? 600 : 328, h = wide ? 330 : 270, lo = INFINITY, hi = -INFINITY;
    widen(&lo, &hi, s->lines, s->n_lines * s->n_times);
    widen(&lo, &hi, s->own, s->n_times);
    widen(&lo, &hi, s->own_lo, s->n_times);
    widen(&lo, &hi, s->own_hi, s->n_times);
    widen(&lo, &hi, s->city, s->n_times);
    if (!isfinite(lo))
        lo = 0, hi = 1;
    if (s->zero)
        lo = fmin(lo, 0), hi = fmax(hi, 0);

    kz_axis axis = kz_axis_round(lo, hi, 5);
    double left = 0;
    for (int i = 0; i < axis.n; i++) {
        kz_auto(kz_buf) label = kz_buf_init(64);
        kz_fmt_dec(&label, s->lang, kz_axis_tick(&axis, i), axis.digits);
        if (i == axis.n - 1)
            kz_buf_str(&label, s->unit);
        left = fmax(left, kz_svg_width(kz_buf_text(&label), 13));
    }
    double right = 0;
    if (wide) {
        const char *const ends[] = { s->own_name, s->own_value, s->city_name, s->city_value };
        for (int i = 0; i < 4; i++)
            if (ends[i])
                right = fmax(right, kz_svg_width(ends[i], 13.6));
    }
    plane p = { left + 10, w - (right > 0 ? fmin(right, 170) + 14 : 20), h - 28, wide ? 12 : 30, axis,
                s->n_times };

    kz_svg_open(out, wide ? "kk-ch kk-w" : "kk-ch kk-n", s->id, wide ? "w" : "n", w, h, s->title, s->desc);
    for (int i = 0; i < axis.n; i++) {
        double v = kz_axis_tick(&axis, i), y = at_y(&p, v);
        kz_auto(kz_buf) label = kz_buf_init(64);
        kz_fmt_dec(&label, s->lang, v, axis.digits);
        if (i == axis.n - 1)
            kz_buf_str(&label, s->unit);
        kz_svg_rule(out, v == 0 ? "kk-grid0" : "kk-grid", p.x0, y, p.x1, y);
        kz_svg_text(out, "kk-t", p.x0 - 6, y + 4, "end", kz_buf_text(&label));
    }
    double last = -INFINITY;
    for (int t = 0; t < s->n_times; t++) {
        double x = at_x(&p, t), half = kz_svg_width(s->times[t], 13) / 2;
        double end = at_x(&p, s->n_times - 1) - kz_svg_width(s->times[s->n_times - 1], 13) / 2;
        if (x - half < last + 8 || (t < s->n_times - 1 && x + half > end - 8))
            continue;
        kz_svg_text(out, "kk-t", x, h - 8, "middle", s->times[t]);
        last = x + half;
    }

    kz_buf_str(out, "<path class=\"kk-thin\" d=\"");
    for (int i = 0; i < s->n_lines; i++)
        draw_line(out, &p, s->lines + (size_t)i * (size_t)s->n_times);
    kz_buf_str(out, "\"/>");
    if (s->own_lo && s->own_hi)
        draw_band(out, &p, s->own_lo, s->own_hi);
    if (s->city) {
        kz_buf_str(out, "<path class=\"kk-cityl\" d=\"");
        draw_line(out, &p, s->city);
        kz_buf_str(out, "\"/>");
    }
    int own = last_known(s->own, s->n_times), city = last_known(s->city, s->n_times);
    if (own >= 0) {
        kz_buf_str(out, "<path class=\"kk-strong\" d=\"");
        draw_line(out, &p, s->own);
        kz_buf_str(out, "\"/>");
        kz_svg_dot(out, "kk-dotown", at_x(&p, own), at_y(&p, s->own[own]), 4.5, NULL, NULL);
    }

    /* End labels stand at the height of their line, apart from each other. */
    double y_own = own >= 0 ? at_y(&p, s->own[own]) : 0, y_city = city >= 0 ? at_y(&p, s->city[city]) : 0;
    if (wide) {
        if (own >= 0 && city >= 0 && fabs(y_own - y_city) < 38) {
            double mid = (y_own + y_city) / 2, push = y_own <= y_city ? -19 : 19;
            y_own = mid + push, y_city = mid - push;
        }
        double x = p.x1 + 10, floor_y = h - 40;
        if (own >= 0) {
            kz_svg_text(out, "kk-tb kk-halo", x, fmin(fmax(y_own, 14), floor_y), "", s->own_name);
            kz_svg_text(out, "kk-t kk-halo", x, fmin(fmax(y_own, 14), floor_y) + 16, "", s->own_value);
        }
        if (city >= 0) {
            kz_svg_text(out, "kk-t kk-halo", x, fmin(fmax(y_city, 14), floor_y), "", s->city_name);
            kz_svg_text(out, "kk-t kk-halo", x, fmin(fmax(y_city, 14), floor_y) + 16, "", s->city_value);
        }
    } else { /* on a phone they stand in a line above */
        kz_auto(kz_buf) label = kz_buf_init(256);
        if (own >= 0) {
            kz_buf_fmt(&label, "%s %s", s->own_name, s->own_value);
            kz_svg_text(out, "kk-tb", w - 4, 16, "end", kz_buf_text(&label));
        }
        if (city >= 0) {
            kz_buf_clear(&label);
            kz_buf_fmt(&label, "%s %s", s->city_name, s->city_value);
            bool below = y_city > y_own;
            kz_svg_text(out, "kk-t kk-halo", p.x1 - 4, below || own < 0 ? y_city + 18 : y_city - 8, "end",
                        kz_buf_text(&label));
        }
    }
    kz_buf_str(out, "</svg>");
}

void kz_chart_spark(kz_buf *out, int n, const double own[], const double city[])
{
    double base[2] = { NAN, NAN }, lo = INFINITY, hi = -INFINITY;
    const double *const lines[2] = { city, own };
    for (int k = 0; k < 2; k++)
        for (int t = 0; t < n; t++) {
            if (isnan(base[k]) && lines[k][t] > 0)
                base[k] = lines[k][t];
            lo = fmin(lo, lines[k][t] / base[k]);
            hi = fmax(hi, lines[k][t] / base[k]);
        }
    kz_buf_str(out,
               "<svg class=\"kk-sparkl\" viewBox=\"0 0 150 40\" aria-hidden=\"true\" focusable=\"false\">");
    if (isfinite(lo) && n > 1) {
        lo = fmin(lo, 0.9), hi = fmax(hi, 1.1);
        plane p = { 4, 142, 36, 4, { lo, hi, 1, 2, 0 }, n };
        kz_svg_rule(out, "kk-grid", 4, at_y(&p, 1), 142, at_y(&p, 1));
        for (int k = 0; k < 2; k++) {
            kz_pen pen = { 0 };
            bool down = false;
            kz_html(out, "<path class=\"%s\" d=\"", k == 0 ? "kk-cityl" : "kk-strong2");
            for (int t = 0; t < n; t++) {
                double v = lines[k][t] / base[k];
                if (isnan(v))
                    down = false;
                else if (down)
                    kz_pen_line(out, &pen, at_x(&p, t), at_y(&p, v));
                else
                    kz_pen_move(out, &pen, at_x(&p, t), at_y(&p, v));
                down = !isnan(v);
            }
            kz_buf_str(out, "\"/>");
        }
        int end = last_known(own, n);
        if (end >= 0 && !isnan(base[1]))
            kz_svg_dot(out, "kk-dotown", at_x(&p, end), at_y(&p, own[end] / base[1]), 3.4, NULL, NULL);
    }
    kz_buf_str(out, "</svg>");
}

static void reach(const double v[], int n, double *lo, double *hi)
{
    for (int t = 0; v && t < n; t++) {
        *lo = fmin(*lo, v[t]);
        *hi = fmax(*hi, v[t]);
    }
}

void kz_chart_course(kz_buf *out, int n, const double own[], const double lo[], const double hi[], const double city[])
{
    double least = INFINITY, most = -INFINITY;
    reach(own, n, &least, &most);
    reach(lo, n, &least, &most);
    reach(hi, n, &least, &most);
    reach(city, n, &least, &most);
    kz_buf_str(out, "<svg class=\"kk-courseline\" viewBox=\"0 0 180 44\" aria-hidden=\"true\" focusable=\"false\">");
    if (isfinite(least) && n > 1) {
        if (!(most > least))
            least -= 1, most += 1;
        plane p = { 4, 172, 39, 5, { least, most, 1, 2, 0 }, n };
        kz_svg_rule(out, "kk-grid", 4, 41, 172, 41);
        if (lo && hi)
            draw_band(out, &p, lo, hi);
        if (city) {
            kz_buf_str(out, "<path class=\"kk-city2\" d=\"");
            draw_line(out, &p, city);
            kz_buf_str(out, "\"/>");
        }
        kz_buf_str(out, "<path class=\"kk-strong2\" d=\"");
        draw_line(out, &p, own);
        kz_buf_str(out, "\"/>");
        int end = last_known(own, n);
        if (end >= 0)
            kz_svg_dot(out, "kk-dotown", at_x(&p, end), at_y(&p, own[end]), 3.4, NULL, NULL);
    }
    kz_buf_str(out, "</svg>");
}
