#include "monitor/locate_point.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

enum { SAMPLE = 20000 };

static bool has(kz_view v, char c)
{
    return v.n > 0 && memchr(v.p, c, v.n) != NULL;
}

/* Degrees have no thousands: a sign in the number is the decimal sign. */
static bool degrees(kz_view v, double *ret)
{
    char text[32];
    if (has(v, ',') && has(v, '.'))
        return false;
    if (v.n >= sizeof text)
        return false;
    for (size_t i = 0; i < v.n; i++)
        text[i] = v.p[i] == ',' ? '.' : v.p[i];
    if (v.n > 0 && text[0] == '+')
        return false;
    /* 7.123 alone is a number in both styles; with digits behind it is not. */
    double x = 0;
    char *point = memchr(text, '.', v.n);
    if (!point)
        return kz_parse_real(v, KZ_NUM_POINT, ret) == KZ_PARSED;
    if (memchr(point + 1, '.', v.n - (size_t)(point + 1 - text)))
        return false;
    if (kz_parse_real(kz_view_from(text, v.n), KZ_NUM_POINT, &x) != KZ_PARSED)
        return false;
    *ret = x;
    return true;
}

static bool number(const kz_locate *l, kz_view v, int axis, double *ret)
{
    if (l->crs.kind == KZ_CRS_DEGREES)
        return degrees(v, ret);
    kz_number_style style = l->style[axis];
    if (style == KZ_NUM_ASK || style == KZ_NUM_CONFLICT) /* metres: 356.789 has a sign for thousands */
        style = has(v, ',') ? KZ_NUM_POINT : KZ_NUM_COMMA;
    return kz_parse_real(v, style, ret) == KZ_PARSED;
}

static bool nothing(kz_view v)
{
    kz_view rest;
    kz_sign s = kz_sign_find(v, &rest);
    return s == KZ_SIGN_EMPTY || s == KZ_SIGN_ZERO || s == KZ_SIGN_HIDDEN || s == KZ_SIGN_LATER ||
           s == KZ_SIGN_MEANINGLESS || s == KZ_SIGN_UNRELIABLE || s == KZ_SIGN_MISSING;
}

locate_point locate_read(const kz_locate *l, kz_view x, kz_view y, kz_point *ret)
{
    kz_point p;
    x = kz_view_trim(x);
    y = kz_view_trim(y);
    if (nothing(x) && nothing(y))
        return LOCATE_NONE;
    if (!number(l, x, 0, &p.x) || !number(l, y, 1, &p.y))
        return nothing(x) || nothing(y) ? LOCATE_NONE : LOCATE_BAD;
    if (p.x == 0 && p.y == 0)
        return LOCATE_NONE;
    *ret = p;
    return LOCATE_POINT;
}

/* ---- is it the system that was said? ------------------------------------------------ */

typedef struct guess {
    kz_crs crs;
    bool swapped;
    int64_t near;
} guess;

static bool is_near(const kz_locate *l, const kz_crs *crs, kz_point p, bool swapped)
{
    if (swapped)
        p = (kz_point){ p.y, p.x };
    return kz_pointmap_near(&l->map, kz_crs_move(crs, &l->map.crs, p));
}

bool locate_swapped(const kz_locate *l, kz_point p)
{
    return is_near(l, &l->crs, p, true);
}

/* Numbers that all systems read the same way: as degrees when they may be, else in the style of the column. */
static bool plain_number(const kz_locate *l, kz_view v, int axis, double *ret)
{
    kz_locate other = { .crs = { .kind = KZ_CRS_TRANSVERSE }, .style = { l->style[0], l->style[1] } };
    if (degrees(v, ret) && fabs(*ret) <= 180)
        return true;
    return number(&other, v, axis, ret);
}

static kz_status refuse(const kz_locate *l, const guess *g, int64_t n, kz_err *err)
{
    char code[32];
    snprintf(code, sizeof code, "EPSG:%d", g->crs.epsg);
    bool same = g->crs.kind == l->crs.kind && g->crs.epsg == l->crs.epsg;
    const char *id = same ? "locate.swapped"
                     : g->crs.epsg == 0 ? "locate.false_easting"
                     : g->swapped ? "locate.wrong_crs_swapped" : "locate.wrong_crs";
    return kz_fail(err, KZ_E_INPUT, id, kz_s("file", l->order->file), kz_n("near", g->near), kz_n("n", n),
                   kz_vw("x", l->header[l->x]), kz_vw("y", l->header[l->y]), kz_s("crs", code),
                   kz_s("what", kz_text(KZ_LANG_DE, g->crs.name)));
}

static kz_status check_system(const kz_locate *l, const kz_point p[], int64_t n, kz_err *err)
{
    int64_t said = 0;
    guess best = { 0 };
    kz_crs crs;
    for (int64_t i = 0; i < n; i++)
        said += is_near(l, &l->crs, p[i], false);
    if (n == 0 || 2 * said >= n)
        return KZ_OK;
    for (int k = -1; k < 0 || kz_crs_nth(k, &crs); k++) /* first what was said, exchanged */
        for (int swapped = k < 0; swapped < 2; swapped++) {
            guess g = { .crs = k < 0 ? l->crs : crs, .swapped = swapped };
            for (int64_t i = 0; i < n; i++)
                g.near += is_near(l, &g.crs, p[i], swapped);
            if (g.near > best.near)
                best = g;
        }
    return 10 * best.near >= 8 * n ? refuse(l, &best, n, err) : KZ_OK;
}

/* ---- all rows once ------------------------------------------------------------------- */

kz_status locate_look(kz_locate *l, kz_err *err)
{
    kz_number_column seen[2] = { 0 };
    kz_csv_row row;
    int64_t rows = 0, n = 0;
    while (kz_csv_next(&l->csv, &row)) {
        rows++;
        for (int axis = 0; axis < 2; axis++) {
            kz_view v = kz_view_trim(row.field[axis ? l->y : l->x]);
            kz_number_see(&seen[axis], v, row.line);
            l->comma = l->comma || (has(v, ',') && !has(v, '.'));
        }
    }
    KZ_TRY(kz_csv_end(&l->csv, err));
    for (int axis = 0; axis < 2; axis++)
        l->style[axis] = kz_number_decide(&seen[axis]);
    for (int axis = 0; axis < 2; axis++)
        if (l->style[axis] == KZ_NUM_ASK &&
            (l->style[1 - axis] == KZ_NUM_COMMA || l->style[1 - axis] == KZ_NUM_POINT))
            l->style[axis] = l->style[1 - axis];

    kz_point *p = kz_arena_new(&l->arena, kz_point, SAMPLE + 1);
    if (!p)
        return kz_fail(err, KZ_E_LIMIT, "area.memory");
    int64_t step = rows / SAMPLE + 1, i = 0;
    for (kz_csv_rewind(&l->csv); kz_csv_next(&l->csv, &row); i++) {
        if (i % step != 0)
            continue;
        kz_view x = kz_view_trim(row.field[l->x]), y = kz_view_trim(row.field[l->y]);
        if (plain_number(l, x, 0, &p[n].x) && plain_number(l, y, 1, &p[n].y) && (p[n].x != 0 || p[n].y != 0))
            n++;
    }
    KZ_TRY(kz_csv_end(&l->csv, err));
    kz_csv_rewind(&l->csv);
    return check_system(l, p, n, err);
}
