/* theme_table.c - all areas of the level, sorted by a link, with where each stands to the city. */
#include "web/theme.h"

#include "web/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double count_of(const kz_cell *c)
{
    return kz_words_count(c) >= 0 ? (double)kz_words_count(c) : -INFINITY;
}

typedef struct row {
    double key; /* largest first; areas without a value at the end */
    int item;
} row;

static int by_key(const void *pa, const void *pb)
{
    const row *a = pa, *b = pb;
    return a->key != b->key ? (a->key < b->key) - (a->key > b->key)
                            : (a->item > b->item) - (a->item < b->item);
}

static kz_status sorted(kz_request *rq, const kz_theme *t, const row **ret)
{
    const kz_figures *f = &t->f;
    row *rows = kz_arena_new(rq->arena, row, f->n);
    if (!rows)
        return kz_fail(&rq->err, KZ_E_LIMIT, "page.too_large");
    for (int i = 0; i < f->n; i++) {
        double key = 0;
        switch (t->sort) {
        case KZ_SORT_NAME_UP: key = -i; break;
        case KZ_SORT_NAME_DOWN: key = i; break;
        case KZ_SORT_COUNT_DOWN: key = count_of(f->cells[i]); break;
        case KZ_SORT_COUNT_UP: key = isinf(count_of(f->cells[i])) ? -INFINITY : -count_of(f->cells[i]); break;
        case KZ_SORT_VALUE_DOWN: key = isnan(f->items[i].value) ? -INFINITY : f->items[i].value; break;
        case KZ_SORT_VALUE_UP: key = isnan(f->items[i].value) ? -INFINITY : -f->items[i].value; break;
        }
        rows[i] = (row){ key, i };
    }
    qsort(rows, (size_t)f->n, sizeof *rows, by_key);
    *ret = rows;
    return KZ_OK;
}

/* A head that sorts: the open order is marked, a second click turns it round. */
static void put_head(kz_request *rq, const kz_theme *t, const char *css, const char *text, const char *unit,
                     kz_theme_sort first, const char *first_name, kz_theme_sort second,
                     const char *second_name)
{
    bool is_first = t->sort == first, is_open = is_first || t->sort == second;
    bool ascending = t->sort == KZ_SORT_NAME_UP || t->sort == KZ_SORT_VALUE_UP || t->sort == KZ_SORT_COUNT_UP;
    kz_html(rq->out, "<th scope=\"col\" class=\"%s\"", css);
    if (is_open)
        kz_html(rq->out, " aria-sort=\"%s\"", ascending ? "ascending" : "descending");
    kz_buf_str(rq->out, "><a href=\"");
    kz_theme_query(rq, t, is_first ? second_name : first_name);
    kz_html(rq->out, "#tabelle\">%s</a>", text);
    if (unit)
        kz_html(rq->out, "<span class=\"u\">%s</span>", unit);
    kz_buf_str(rq->out, "</th>");
}

static void put_plain_head(kz_request *rq, const char *css, const char *text, const char *unit)
{
    kz_html(rq->out, "<th scope=\"col\" class=\"%s\">%s<span class=\"u\">%s</span></th>", css, text, unit);
}

static void put_cell(kz_request *rq, const kz_cell *c, const char *text)
{
    if (c && c->state == KZ_CELL_HIDDEN)
        kz_html(rq->out, "<td class=\"r\"><abbr title=\"%s\">%s</abbr></td>",
                kz_text(rq->lang, "page.hidden_why"), text);
    else
        kz_html(rq->out, "<td class=\"r\">%s</td>", text);
}

static const char *count_words(kz_request *rq, const kz_cell *c, int64_t n)
{
    return n >= 0 ? kz_words_int(rq, n) : kz_words_sign(c);
}

static bool is_ranged(const kz_figures *f)
{
    return f->ind->kind == KZ_KIND_SHARE || f->ind->kind == KZ_KIND_PROFILE ||
           (f->ind->kind == KZ_KIND_RATIO && kz_words_has_range(f->city));
}

/* Beside the value stands how many it is made of. */
static bool is_counted(const kz_atlas_indicator *ind)
{
    return ind->kind == KZ_KIND_SHARE || ind->kind == KZ_KIND_RATIO || ind->kind == KZ_KIND_CHANGE;
}

static void put_values(kz_request *rq, const kz_theme *t, const kz_cell *c, const kz_chart_item *it,
                       bool is_city)
{
    const kz_figures *f = &t->f;
    const kz_atlas_indicator *ind = f->ind;
    bool ranged = is_ranged(f), count = ind->kind == KZ_KIND_COUNT;

    put_cell(rq, c, kz_words_number(rq, ind, c));
    if (ranged)
        put_cell(rq, c, kz_words_range(rq, ind, c));
    if (!count) {
        kz_buf_str(rq->out, "<td class=\"mini kk-hidephone\">");
        if (it && !isnan(it->value))
            kz_chart_mini(rq->out, it, f->lo, f->hi, f->chart.city);
        kz_buf_str(rq->out, "</td>");
    }
    if (is_city) {
        kz_buf_str(rq->out, "<td></td>");
    } else if (!kz_cell_has_value(c)) {
        put_cell(rq, c, kz_words_sign(c));
    } else {
        int best, worst, of;
        kz_atlas_rank(rq->atlas, c, &best, &worst, &of);
        kz_html(rq->out, best == worst ? "<td class=\"r\">%d</td>" : "<td class=\"r\">%d–%d</td>", best,
                worst);
    }
    if (is_counted(ind))
        put_cell(rq, c, count_words(rq, c, kz_words_count(c)));
    if (ind->kind == KZ_KIND_CHANGE)
        put_cell(rq, c, count_words(rq, c, kz_words_of(c)));
}

kz_status kz_theme_table(kz_request *rq, const kz_theme *t)
{
    const kz_atlas *a = rq->atlas;
    const kz_figures *f = &t->f;
    const kz_atlas_indicator *ind = f->ind;
    const row *rows;
    KZ_TRY(sorted(rq, t, &rows));

    kz_html(rq->out,
            "<section class=\"kk-sec\" id=\"tabelle\" aria-labelledby=\"tab\"><h2 class=\"kk-h2\" "
            "id=\"tab\">%s</h2>"
            "<p class=\"kk-note kk-files\"><a class=\"kk-more\" href=\"/thema/",
            kz_words_say(rq, "page.table.title", kz_s("many", f->lv->many)));
    kz_buf_url(rq->out, ind->id);
    kz_buf_str(rq->out, ".csv");
    kz_theme_query(rq, t, NULL);
    kz_html(rq->out, "\">%s</a></p>", kz_text(rq->lang, "page.table.csv"));

    kz_buf_str(rq->out, "<div class=\"kk-scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"tabcap\">"
                        "<table class=\"kk-tab\"><caption id=\"tabcap\">");
    kz_say_html(rq->out, rq->lang, f->n == 1 ? "page.table.caption_one" : "page.table.caption",
                kz_n("n", f->n), kz_s("many", f->lv->many), kz_s("one", f->lv->one),
                kz_s("day", a->periods[f->period].label));
    if (f->group > 0)
        kz_html(rq->out, ", %s", ind->groups[f->group].label);
    kz_buf_str(rq->out, "</caption><thead><tr>");
    put_head(rq, t, "n", f->lv->one, NULL, KZ_SORT_NAME_UP, "name", KZ_SORT_NAME_DOWN, "name-ab");
    const char *what = ind->kind == KZ_KIND_SHARE    ? "page.head.share"
                       : ind->kind == KZ_KIND_CHANGE ? "page.head.change"
                                                     : "page.head.number";
    put_head(rq, t, "r", kz_text(rq->lang, what), kz_words_unit_head(rq, ind),
             KZ_SORT_VALUE_DOWN, "wert", KZ_SORT_VALUE_UP, "wert-auf");
    if (is_ranged(f))
        put_plain_head(rq, "r", kz_text(rq->lang, "page.head.range"), kz_text(rq->lang, "page.head.95"));
    if (ind->kind != KZ_KIND_COUNT)
        put_plain_head(rq, "kk-hidephone mini", kz_text(rq->lang, "page.head.place"),
                       kz_words_say(rq, "page.head.dashed", kz_s("city", kz_words_value(rq, ind, f->city))));
    put_plain_head(rq, "r", kz_text(rq->lang, "page.head.rank"), kz_text(rq->lang, "page.head.from_to"));
    if (is_counted(ind))
        put_head(rq, t, "r", kz_text(rq->lang, "page.head.count"),
                 f->group > 0 ? ind->groups[f->group].label : ind->numerator_label, KZ_SORT_COUNT_DOWN,
                 "zahl", KZ_SORT_COUNT_UP, "zahl-auf");
    if (ind->kind == KZ_KIND_CHANGE)
        put_plain_head(rq, "r", kz_text(rq->lang, "page.head.first"), a->periods[ind->first_period].code);
    kz_buf_str(rq->out, "</tr></thead><tbody>");

    for (int k = 0; k < f->n; k++) {
        int i = rows[k].item;
        kz_html(rq->out,
                i == f->chart.own ? "<tr class=\"own\" data-a=\"%d\"><th scope=\"row\">"
                                  : "<tr data-a=\"%d\"><th scope=\"row\">",
                i);
        kz_link(rq, "/gebiet/", a->areas[f->lv->first_area + i].slug, f->items[i].name);
        kz_buf_str(rq->out, "</th>");
        put_values(rq, t, f->cells[i], &f->items[i], false);
        kz_buf_str(rq->out, "</tr>");
    }
    kz_html(rq->out, "</tbody><tfoot><tr><th scope=\"row\">%s</th>", a->name);
    put_values(rq, t, f->city, NULL, true);
    kz_buf_str(rq->out, "</tr></tfoot></table></div><p class=\"kk-cap\">");

    bool zero = false;
    for (int i = 0; i < f->n; i++)
        zero = zero || (f->cells[i] && f->cells[i]->state == KZ_CELL_ZERO);
    if (f->n_hidden > 0) {
        kz_say_html(rq->out, rq->lang, "page.signs.hidden");
        kz_buf_char(rq->out, ' ');
    }
    if (zero) {
        kz_say_html(rq->out, rq->lang, "page.signs.zero");
        kz_buf_char(rq->out, ' ');
    }
    kz_say_html(rq->out, rq->lang, is_ranged(f) ? "page.signs.rank" : "page.signs.rank_plain");
    if (is_ranged(f)) {
        kz_buf_char(rq->out, ' ');
        kz_say_html(rq->out, rq->lang, "page.signs.hollow");
    }
    kz_buf_str(rq->out, "</p></section>\n");
    return KZ_OK;
}
