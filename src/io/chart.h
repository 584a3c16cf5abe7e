/*
 * chart.h - small honest charts as SVG: plain numbers in, markup out.
 *
 * The charts know nothing of indicators or areas.  A caller fills items (all
 * of them, one may be marked as the own one) and a frame, and gets an <svg>
 * with role=img, title and desc.  Colours are classes of assets/css/kekiz.css;
 * there is no style in the markup.
 *
 *     kz_chart_item items[86] = { { .name = "Nippes", .value = 6.4, .lo = 6.2, .hi = 6.7, .step = 3 }, ... };
 *     kz_chart c = { .id = "lage", .title = "...", .items = items, .n = 86, .own = 0, .city = 5.5,
 *                    .own_label = "Nippes 6,4 %", .city_label = "Köln 5,5 %", .unit = " %" };
 *     kz_chart_strip(out, &c, KZ_CHART_WIDE);
 *
 * One rule carries the set: own = ink, city = dashed ink, all others pale.
 * Wide charts are drawn twice, for a desk and for a phone (KZ_CHART_WIDE,
 * KZ_CHART_NARROW); the stylesheet shows one of them.
 * Nothing is kept, nothing is owned; memory comes from the buffer.  Same
 * numbers, same bytes.  O(n log n), the strip O(n * neighbours).
 * The map stands in geo/chart_map.h.
 */
#ifndef KZ_IO_CHART_H
#define KZ_IO_CHART_H

#include "base/text.h"

typedef enum kz_chart_size { KZ_CHART_WIDE, KZ_CHART_NARROW } kz_chart_size;

enum { KZ_CHART_STEPS = 5, KZ_CHART_ITEMS = 1024 };

typedef struct kz_chart_item {
    const char *name, *words; /* "Nippes", "6,4 % (6,2 bis 6,7)": seen on pointing */
    double value, lo, hi;     /* in the unit of the axis; NaN when there is none   */
    int step;                 /* colour step 0..4; -1: no value                    */
    bool unsure;              /* cannot be told from the city: hatched, hollow      */
    bool hidden;              /* kept secret: dotted                               */
    bool minus;               /* a real decrease: carries a minus sign             */
} kz_chart_item;

typedef struct kz_chart {
    kz_lang lang;
    const char *id; /* unique in the page, letters and digits           */
    const char *title, *desc;
    const char *unit; /* put behind the outermost tick: " %", ""          */
    int n, own;       /* own: -1 when none is marked                      */
    const kz_chart_item *items;
    double city; /* NaN: none                                        */
    const char *city_label, *own_label;
    bool diverging;                    /* palette around zero instead of light to dark     */
    double limits[KZ_CHART_STEPS - 1]; /* upper limits of all steps but the last */
    int n_steps;
} kz_chart;

/* An axis of round numbers that holds lo..hi in at most `most` steps. */
typedef struct kz_axis {
    double lo, hi, step;
    int n, digits; /* ticks, and decimals that their labels need */
} kz_axis;
kz_axis kz_axis_round(double lo, double hi, int most);
double kz_axis_tick(const kz_axis *a, int i);

/* Limits that part the values into five steps of about equal size; equal
 * values never part.  Returns the number of steps (1..5), sets every item's
 * step.  The limits lie halfway between neighbours. */
int kz_chart_quantiles(kz_chart_item items[], int n, double limits[KZ_CHART_STEPS - 1]);
/* Steps by given limits. */
void kz_chart_cut(kz_chart_item items[], int n, const double limits[], int n_steps);

/* The legend: every item a square over the axis, in the colour of its step. */
void kz_chart_legend(kz_buf *out, const kz_chart *c, kz_chart_size size);
/* Every item a dot on one axis, the own one with its interval. */
void kz_chart_strip(kz_buf *out, const kz_chart *c, kz_chart_size size);
/* The same in one text line: for tables.  No labels; title only. */
void kz_chart_line(kz_buf *out, const kz_chart *c);
/* Interval and dot of one item in a table cell, on the axis lo..hi of all rows; hollow when unsure.
 * Decorative: the numbers stand in the row. */
void kz_chart_mini(kz_buf *out, const kz_chart_item *it, double lo, double hi, double city);

/* Lines over time. */
typedef struct kz_chart_series {
    kz_lang lang;
    const char *id, *title, *desc, *unit;
    int n_times, n_lines;
    const char *const *times;            /* labels: "2005" …                             */
    const double *lines;                 /* [line][time], NaN: gap; drawn thin            */
    const double *own, *own_lo, *own_hi; /* [time], NULL: none                    */
    const double *city;                  /* [time], NULL: none                           */
    const char *own_name, *own_value, *city_name, *city_value; /* end labels      */
    bool zero; /* the axis shall show zero                     */
} kz_chart_series;
void kz_chart_series_draw(kz_buf *out, const kz_chart_series *s, kz_chart_size size);
/* Own and city in a table cell, both against their first value.  Decorative. */
void kz_chart_spark(kz_buf *out, int n, const double own[], const double city[]);
/* The same on one axis in the unit of the values, with the interval as a band; lo, hi, city may be NULL.  Decorative:
 * words beside it say what happened. */
void kz_chart_course(kz_buf *out, int n, const double own[], const double lo[], const double hi[], const double city[]);

/* Who lives here by age: area of a bar = people, for groups of unequal width. */
typedef struct kz_chart_age {
    int from, to;      /* years; `to` is not in the group any more          */
    double own, city;  /* of 1,000 people, all years of the group together  */
    const char *words; /* "unter 3: 1.205 Menschen"                         */
    bool child;
} kz_chart_age;
typedef struct kz_chart_ages {
    kz_lang lang;
    const char *id, *title, *desc, *age_label, *own_name, *city_label;
    int n;
    const kz_chart_age *ages; /* youngest first, no holes */
} kz_chart_ages;
void kz_chart_ages_draw(kz_buf *out, const kz_chart_ages *a, kz_chart_size size);

/* --- for chart_*.c and geo/chart_map.c ------------------------------------ */

/* A path in relative steps of a tenth; errors do not add up. */
typedef struct kz_pen {
    double x, y;
} kz_pen;
void kz_pen_move(kz_buf *out, kz_pen *pen, double x, double y);
void kz_pen_line(kz_buf *out, kz_pen *pen, double x, double y);
/* " x=" and the coordinate: for attributes. */
void kz_svg_attr(kz_buf *out, const char *name, double v);
/* anchor: "" start, "middle", "end". */
void kz_svg_text(kz_buf *out, const char *css, double x, double y, const char *anchor, const char *text);
void kz_svg_rule(kz_buf *out, const char *css, double x0, double y0, double x1, double y1);
void kz_svg_dot(kz_buf *out, const char *css, double x, double y, double r, const char *name,
                const char *words);
void kz_svg_open(kz_buf *out, const char *css, const char *id, const char *suffix, double w, double h,
                 const char *title, const char *desc);
/* Width of a text in Fira Sans, near enough to keep labels apart. */
double kz_svg_width(const char *text, double font_size);

#endif
