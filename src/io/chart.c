#include "io/chart.h"

#include "base/fmt.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

kz_axis kz_axis_round(double lo, double hi, int most)
{
    if (!(hi > lo)) {
        double pad = lo == 0 || !isfinite(lo) ? 1 : fabs(lo) * 0.1;
        lo = isfinite(lo) ? lo - pad : 0;
        hi = lo + 2 * pad;
    }
    double raw = (hi - lo) / (most > 0 ? most : 1);
    double unit = pow(10, floor(log10(raw)));
    static const double NICE[] = { 1, 2, 2.5, 5, 10, 20, 25, 50 };
    kz_axis a = { 0 };
    for (size_t i = 0; i < sizeof NICE / sizeof *NICE; i++) {
        a.step = NICE[i] * unit;
        a.lo = floor(lo / a.step + 1e-9) * a.step;
        a.hi = ceil(hi / a.step - 1e-9) * a.step;
        a.n = (int)lround((a.hi - a.lo) / a.step) + 1;
        if (a.n <= most + 1)
            break;
    }
    for (double s = a.step; a.digits < 6 && fabs(s - round(s)) > 1e-6 * s; s *= 10)
        a.digits++;
    return a;
}

double kz_axis_tick(const kz_axis *a, int i)
{
    double v = a->lo + a->step * i;
    return fabs(v) < a->step * 1e-6 ? 0 : v;
}

static int by_value(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

void kz_chart_cut(kz_chart_item items[], int n, const double limits[], int n_steps)
{
    for (int i = 0; i < n; i++) {
        items[i].step = -1;
        if (isnan(items[i].value))
            continue;
        items[i].step = 0;
        while (items[i].step < n_steps - 1 && items[i].value > limits[items[i].step])
            items[i].step++;
    }
}

int kz_chart_quantiles(kz_chart_item items[], int n, double limits[KZ_CHART_STEPS - 1])
{
    double sorted[KZ_CHART_ITEMS] = { 0 };
    int m = 0;
    for (int i = 0; i < n && m < KZ_CHART_ITEMS; i++)
        if (!isnan(items[i].value))
            sorted[m++] = items[i].value;
    qsort(sorted, (size_t)m, sizeof *sorted, by_value);

    int steps = 1;
    for (int k = 1; k < KZ_CHART_STEPS && m > 1; k++) {
        int at = (int)lround((double)m * k / KZ_CHART_STEPS);
        while (at < m && at > 0 && sorted[at] == sorted[at - 1])
            at++;
        if (at <= 0 || at >= m)
            continue;
        double limit = (sorted[at - 1] + sorted[at]) / 2;
        if (steps == 1 || limit > limits[steps - 2])
            limits[steps++ - 1] = limit;
    }
    kz_chart_cut(items, n, limits, steps);
    return steps;
}

static double tenth(double v)
{
    return floor(v * 10 + 0.5) / 10;
}

static void put_step(kz_buf *out, double v, bool first)
{
    if (!first && !(v < -0.04))
        kz_buf_char(out, ' ');
    kz_buf_coord(out, v, 1);
}

void kz_pen_move(kz_buf *out, kz_pen *pen, double x, double y)
{
    *pen = (kz_pen){ tenth(x), tenth(y) };
    kz_buf_char(out, 'M');
    put_step(out, pen->x, true);
    put_step(out, pen->y, false);
}

void kz_pen_line(kz_buf *out, kz_pen *pen, double x, double y)
{
    x = tenth(x);
    y = tenth(y);
    double dx = x - pen->x, dy = y - pen->y;
    if (fabs(dy) < 0.05) {
        kz_buf_char(out, 'h');
        put_step(out, dx, true);
    } else if (fabs(dx) < 0.05) {
        kz_buf_char(out, 'v');
        put_step(out, dy, true);
    } else {
        kz_buf_char(out, 'l');
        put_step(out, dx, true);
        put_step(out, dy, false);
    }
    *pen = (kz_pen){ x, y };
}

void kz_svg_attr(kz_buf *out, const char *name, double v)
{
    kz_html(out, " %s=\"", name);
    kz_buf_coord(out, v, 1);
    kz_buf_char(out, '"');
}

void kz_svg_text(kz_buf *out, const char *css, double x, double y, const char *anchor, const char *text)
{
    kz_html(out, "<text class=\"%s\"", css);
    kz_svg_attr(out, "x", x);
    kz_svg_attr(out, "y", y);
    if (*anchor)
        kz_html(out, " text-anchor=\"%s\"", anchor);
    kz_html(out, ">%s</text>", text);
}

void kz_svg_rule(kz_buf *out, const char *css, double x0, double y0, double x1, double y1)
{
    kz_pen pen;
    kz_html(out, "<path class=\"%s\" d=\"", css);
    kz_pen_move(out, &pen, x0, y0);
    kz_pen_line(out, &pen, x1, y1);
    kz_buf_str(out, "\"/>");
}

void kz_svg_dot(kz_buf *out, const char *css, double x, double y, double r, const char *name,
                const char *words)
{
    kz_html(out, "<circle class=\"%s\"", css);
    kz_svg_attr(out, "cx", x);
    kz_svg_attr(out, "cy", y);
    kz_svg_attr(out, "r", r);
    if (name)
        kz_html(out, "><title>%s: %s</title></circle>", name, words ? words : "");
    else
        kz_buf_str(out, "/>");
}

void kz_svg_open(kz_buf *out, const char *css, const char *id, const char *suffix, double w, double h,
                 const char *title, const char *desc)
{
    kz_html(out, "<svg class=\"%s\" viewBox=\"0 0 ", css);
    kz_buf_coord(out, w, 1);
    kz_buf_char(out, ' ');
    kz_buf_coord(out, h, 1);
    kz_html(out, "\" role=\"img\" aria-labelledby=\"%s%st%s%s%s\"><title id=\"%s%st\">%s</title>", id, suffix,
            desc ? " " : "", desc ? id : "", desc ? suffix : "", id, suffix, title);
    if (desc)
        kz_html(out, "<desc id=\"%s%s\">%s</desc>", id, suffix, desc);
}

double kz_svg_width(const char *text, double font_size)
{
    double em = 0;
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if ((c & 0xC0) == 0x80)
            continue;
        em += strchr("ijltfrI.,:;|/ ()", c) ? 0.34
              : strchr("mwMW", c)           ? 0.84
              : c >= 'A' && c <= 'Z'        ? 0.63
                                            : 0.55;
    }
    return em * font_size;
}
