#include "geo/chart_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *colour(const kz_chart *c, int step)
{
    static const char *const AMOUNT[] = { "kk-q1", "kk-q2", "kk-q3", "kk-q4", "kk-q5" };
    static const char *const CHANGE[] = { "kk-v1", "kk-v2", "kk-v3", "kk-v4", "kk-v5" };
    if (c->diverging)
        return CHANGE[step];
    return AMOUNT[c->n_steps == 1 ? 2 : step * (KZ_CHART_STEPS - 1) / (c->n_steps - 1)];
}

static bool is_dark(const kz_chart *c, int step)
{
    const char *css = colour(c, step);
    return c->diverging ? css[4] != '3' : css[4] >= '3';
}

void kz_chart_map_shapes(kz_buf *out, const kz_map *map, const char *shapes)
{
    kz_buf_str(
        out,
        "<svg class=\"kk-defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>");
    for (int i = 0; i < map->n; i++)
        kz_html(out, "<path id=\"%s%d\" d=\"%s\"/>", shapes, i, map->areas[i].d);
    kz_html(out, "<path id=\"%sb\" d=\"%s\"/></defs></svg>", shapes, map->parent_borders);
}

static void draw_areas(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes, bool with_words)
{
    int n = c->n < map->n ? c->n : map->n;
    for (int i = 0; i < n; i++) {
        const kz_chart_item *it = &c->items[i];
        const char *css = it->hidden ? "kk-hid" : it->step < 0 ? "kk-none" : colour(c, it->step);
        kz_html(out, "<use href=\"#%s%d\" class=\"%s\"", shapes, i, css);
        if (with_words)
            kz_html(out, " data-a=\"%d\"><title>%s: %s</title></use>", i, it->name, it->words);
        else
            kz_buf_str(out, "/>");
    }
}

static void draw_doubt(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes)
{
    int n = c->n < map->n ? c->n : map->n;
    for (int i = 0; i < n; i++)
        if (c->items[i].unsure && c->items[i].step >= 0)
            kz_html(out, "<use href=\"#%s%d\" class=\"%s\"/>", shapes, i,
                    is_dark(c, c->items[i].step) ? "kk-hatchl" : "kk-hatchd");
}

typedef struct by_size {
    double surface;
    int area;
} by_size;

static int larger_first(const void *pa, const void *pb)
{
    const by_size *a = pa, *b = pb;
    return a->surface != b->surface ? (a->surface < b->surface) - (a->surface > b->surface)
                                    : (a->area > b->area) - (a->area < b->area);
}

typedef struct room {
    double x0, y0, x1, y1;
} room;

static bool meets(const room taken[], int n, room r)
{
    for (int i = 0; i < n; i++)
        if (r.x0 < taken[i].x1 && r.x1 > taken[i].x0 && r.y0 < taken[i].y1 && r.y1 > taken[i].y0)
            return true;
    return false;
}

static void draw_label(kz_buf *out, const kz_map_area *a, const char *css, const char *name, double y)
{
    kz_html(out, "<text class=\"%s\"", css);
    kz_svg_attr(out, "x", a->label_x);
    kz_svg_attr(out, "y", y);
    kz_html(out, " text-anchor=\"middle\">%s</text>", name);
}

static void draw_labels(kz_buf *out, const kz_chart *c, const kz_map *map)
{
    enum { MOST = 512 };
    by_size order[MOST] = { 0 };
    room taken[MOST + 1];
    int n = c->n < map->n ? c->n : map->n, n_taken = 0;
    n = n < MOST ? n : MOST;
    for (int i = 0; i < n; i++)
        order[i] = (by_size){ map->areas[i].surface, i };
    qsort(order, (size_t)n, sizeof *order, larger_first);

    if (c->own >= 0 && c->own < map->n) {
        const kz_map_area *a = &map->areas[c->own];
        double half = kz_svg_width(c->items[c->own].name, 15) / 2, y = a->y0 - 7;
        taken[n_taken++] = (room){ a->label_x - half - 3, y - 16, a->label_x + half + 3, y + 6 };
        taken[n_taken++] = (room){ a->x0, a->y0, a->x1, a->y1 };
    }
    for (int k = 0; k < n && n_taken < MOST; k++) {
        int i = order[k].area;
        const kz_map_area *a = &map->areas[i];
        double tw = kz_svg_width(c->items[i].name, 12.5);
        room r = { a->label_x - tw / 2 - 2, a->label_y - 9, a->label_x + tw / 2 + 2, a->label_y + 7 };
        if (i == c->own || c->items[i].minus || tw > 0.86 * a->label_width || meets(taken, n_taken, r))
            continue;
        taken[n_taken++] = r;
        draw_label(out, a, "kk-lb", c->items[i].name, a->label_y + 4);
    }
}

static void draw_scale(kz_buf *out, const kz_map *map, double h, const char *label, double km)
{
    if (!(map->km > 0))
        return;
    double right = map->width - 6, left = right - km * map->km;
    kz_svg_rule(out, "kk-ax", left, h - 9, right, h - 9);
    kz_svg_text(out, "kk-t", left - 8, h - 4, "end", label);
}

void kz_chart_map(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes,
                  const char *scale_label, double scale_km)
{
    double h = map->height + 26;
    kz_svg_open(out, "kk-map", c->id, "", map->width, h, c->title, c->desc);
    kz_buf_str(out, "<g class=\"kk-a\">");
    draw_areas(out, c, map, shapes, true);
    kz_buf_str(out, "</g><g class=\"kk-over\">");
    draw_doubt(out, c, map, shapes);
    kz_html(out, "<use href=\"#%sb\" class=\"kk-bez\"/>", shapes);
    bool own = c->own >= 0 && c->own < map->n;
    if (own)
        kz_html(out, "<use href=\"#%s%d\" class=\"kk-own0\"/><use href=\"#%s%d\" class=\"kk-own\"/>", shapes,
                c->own, shapes, c->own);
    draw_labels(out, c, map);
    for (int i = 0; i < c->n && i < map->n; i++)
        if (c->items[i].minus)
            draw_label(out, &map->areas[i], "kk-sign", "\xE2\x88\x92", map->areas[i].label_y + 5);
    if (own)
        draw_label(out, &map->areas[c->own], "kk-lb kk-lbown", c->items[c->own].name,
                   map->areas[c->own].y0 - 7);
    draw_scale(out, map, h, scale_label, scale_km);
    kz_buf_str(out, "</g></svg>");
}

void kz_chart_map_circles(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes,
                          const char *scale_label, double scale_km)
{
    double h = map->height + 26, most = 0;
    int n = c->n < map->n ? c->n : map->n;
    for (int i = 0; i < n; i++)
        most = fmax(most, c->items[i].value);
    /* The largest is as wide as a usual area, however many there are. */
    double r = fmin(46, 0.34 * sqrt(map->width * map->height / (n > 0 ? n : 1)));

    kz_svg_open(out, "kk-map", c->id, "", map->width, h, c->title, c->desc);
    kz_buf_str(out, "<g class=\"kk-a\">");
    for (int i = 0; i < n; i++)
        kz_html(out, "<use href=\"#%s%d\" class=\"%s\" data-a=\"%d\"><title>%s: %s</title></use>", shapes, i,
                c->items[i].hidden ? "kk-hid" : "kk-land", i, c->items[i].name, c->items[i].words);
    kz_buf_str(out, "</g><g class=\"kk-over\">");
    kz_html(out, "<use href=\"#%sb\" class=\"kk-bez\"/>", shapes);
    for (int i = 0; i < n; i++)
        if (c->items[i].value > 0)
            kz_svg_dot(out, i == c->own ? "kk-coinown" : "kk-coin", map->areas[i].label_x,
                       map->areas[i].label_y, r * sqrt(c->items[i].value / most), NULL, NULL);
    if (c->own >= 0 && c->own < map->n)
        draw_label(out, &map->areas[c->own], "kk-lb kk-lbown", c->items[c->own].name,
                   map->areas[c->own].y0 - 7);
    draw_scale(out, map, h, scale_label, scale_km);
    kz_buf_str(out, "</g></svg>");
}

void kz_chart_map_thumb(kz_buf *out, const kz_chart *c, const kz_map *map, const char *shapes)
{
    kz_html(out,
            "<svg class=\"kk-thumb\" viewBox=\"0 0 %.0f %.0f\" aria-hidden=\"true\" focusable=\"false\"><g "
            "class=\"kk-a\">",
            map->width, map->height);
    draw_areas(out, c, map, shapes, false);
    kz_buf_str(out, "</g></svg>");
}

/* A path redrawn `scale` times as large without the points that nobody would see.  Reads what svgmap.h writes
 * (M L H V Z in both cases); an unknown letter ends it. */
static void draw_coarse(kz_buf *out, const char *d, double scale)
{
    double x = 0, y = 0, start_x = 0, start_y = 0;
    kz_pen pen = { 0 };
    char op = 0;
    while (*d) {
        while (*d == ' ' || *d == ',')
            d++;
        if ((*d >= 'a' && *d <= 'z') || (*d >= 'A' && *d <= 'Z'))
            op = *d++;
        if (op == 'z' || op == 'Z') {
            kz_buf_char(out, 'z');
            x = start_x, y = start_y;
            op = 0;
            continue;
        }
        if (!op || !strchr("MmLlHhVv", op) || !*d)
            return;
        double v[2] = { 0, 0 };
        int want = strchr("HhVv", op) ? 1 : 2;
        for (int i = 0; i < want; i++) {
            while (*d == ' ' || *d == ',')
                d++;
            bool minus = *d == '-';
            double unit = 0, whole = 0;
            for (d += minus; (*d >= '0' && *d <= '9') || (*d == '.' && unit == 0); d++) {
                if (*d == '.')
                    unit = 1;
                else if (unit > 0)
                    whole += (*d - '0') * (unit /= 10);
                else
                    whole = whole * 10 + (*d - '0');
            }
            v[i] = minus ? -whole : whole;
        }
        bool relative = op >= 'a';
        double nx = op == 'V' || op == 'v' ? x : relative ? x + v[0] : v[0];
        double ny = op == 'H'   ? y
                    : op == 'h' ? y
                    : op == 'V' ? v[0]
                    : op == 'v' ? y + v[0]
                    : relative  ? y + v[1]
                                : v[1];
        x = nx, y = ny;
        if (op == 'M' || op == 'm') {
            start_x = x, start_y = y;
            kz_pen_move(out, &pen, x * scale, y * scale);
            op = op == 'M' ? 'L' : 'l';
        } else if (hypot(x * scale - pen.x, y * scale - pen.y) >= 1.4) {
            kz_pen_line(out, &pen, x * scale, y * scale);
        }
    }
}

void kz_chart_map_place(kz_buf *out, const kz_map *map, int own)
{
    double scale = 220 / map->width;
    kz_html(out,
            "<svg class=\"kk-loc\" viewBox=\"0 0 220 %.1f\" aria-hidden=\"true\" focusable=\"false\"><path "
            "class=\"kk-a0\" d=\"",
            map->height * scale);
    for (int i = 0; i < map->n; i++)
        if (i != own)
            draw_coarse(out, map->areas[i].d, scale);
    kz_buf_str(out, "\"/>");
    if (own >= 0 && own < map->n) {
        kz_buf_str(out, "<path class=\"kk-here\" d=\"");
        draw_coarse(out, map->areas[own].d, scale);
        kz_buf_str(out, "\"/>");
    }
    kz_buf_str(out, "</svg>");
}
