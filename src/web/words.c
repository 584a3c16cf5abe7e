#include "web/words.h"

#include "base/fmt.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *keep(kz_request *rq, const kz_buf *b)
{
    const char *s = kz_arena_strndup(rq->arena, kz_buf_text(b), b->n);
    return s ? s : "";
}

const char *kz_words_fmt(kz_request *rq, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    KZ_ASSERT(n >= 0 && (size_t)n < sizeof text);
    const char *s = kz_arena_strndup(rq->arena, text, (size_t)n);
    return s ? s : "";
}

const char *kz_words_say_(kz_request *rq, const char *id, const kz_arg args[])
{
    kz_auto(kz_buf) b = kz_buf_init(16384);
    kz_say_(&b, rq->lang, id, args, false);
    return keep(rq, &b);
}

const char *kz_words_int(kz_request *rq, int64_t n)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    kz_fmt_int(&b, rq->lang, n);
    return keep(rq, &b);
}

const char *kz_words_dec(kz_request *rq, double x, int digits)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    kz_fmt_dec(&b, rq->lang, x, digits);
    return keep(rq, &b);
}

const char *kz_words_signed(kz_request *rq, double x, int digits)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    kz_fmt_signed(&b, rq->lang, x, digits);
    return keep(rq, &b);
}

double kz_words_scale(const kz_atlas_indicator *ind)
{
    return ind->kind == KZ_KIND_COUNT ? 1 : ind->kind == KZ_KIND_CHANGE ? 100 : ind->per > 0 ? ind->per : 100;
}

bool kz_words_is_signed(const kz_atlas_indicator *ind)
{
    return ind->kind == KZ_KIND_CHANGE || ind->kind == KZ_KIND_DIFFERENCE || ind->kind == KZ_KIND_INDEX;
}

const char *kz_words_unit(kz_request *rq, const kz_atlas_indicator *ind)
{
    double scale = kz_words_scale(ind);
    if (ind->symbol && *ind->symbol)
        return kz_words_fmt(rq, "\u00A0%s", ind->symbol);
    return scale == 100 ? "\u00A0%" : scale == 1000 ? "\u00A0‰" : "";
}

const char *kz_words_unit_head(kz_request *rq, const kz_atlas_indicator *ind)
{
    double scale = kz_words_scale(ind);
    if (ind->symbol && *ind->symbol)
        return strncmp(ind->symbol, "je ", 3) == 0 ? ind->symbol
                                                   : kz_words_say(rq, "page.head.in", kz_s("unit", ind->symbol));
    return kz_text(rq->lang, scale == 100    ? "page.head.percent"
                             : scale == 1000 ? "page.head.permille"
                             : ind->kind == KZ_KIND_COUNT ? "page.head.count"
                                                          : "page.head.number");
}

const char *kz_words_sign(const kz_cell *c)
{
    return c ? kz_cell_state_sign((kz_cell_state)c->state) : kz_cell_state_sign(KZ_CELL_LATER);
}

static const char *number(kz_request *rq, const kz_atlas_indicator *ind, double x, int digits)
{
    x *= kz_words_scale(ind);
    return kz_words_is_signed(ind) ? kz_words_signed(rq, x, digits) : kz_words_dec(rq, x, digits);
}

const char *kz_words_number(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c)
{
    if (!kz_cell_has_value(c) || isnan(c->value))
        return kz_words_sign(c);
    const char *n = number(rq, ind, c->value, ind->digits);
    switch (c->state) {
    case KZ_CELL_LIMITED: return kz_words_fmt(rq, "(%s)", n);
    case KZ_CELL_PRELIMINARY:
    case KZ_CELL_REVISED:
    case KZ_CELL_ESTIMATED: return kz_words_fmt(rq, "%s\u00A0%s", n, kz_words_sign(c));
    default: return n;
    }
}

const char *kz_words_value(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c)
{
    if (!kz_cell_has_value(c) || isnan(c->value))
        return kz_words_sign(c);
    return kz_words_fmt(rq, "%s%s", kz_words_number(rq, ind, c), kz_words_unit(rq, ind));
}

int64_t kz_words_count(const kz_cell *c)
{
    return kz_cell_has_value(c) ? c->numerator : -1;
}

int64_t kz_words_of(const kz_cell *c)
{
    return kz_cell_has_value(c) ? c->denominator : -1;
}

bool kz_words_has_range(const kz_cell *c)
{
    return kz_cell_has_value(c) && !isnan(c->lo) && !isnan(c->hi) && c->hi > c->lo;
}

const char *kz_words_range(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c)
{
    if (!kz_words_has_range(c))
        return kz_cell_has_value(c) ? "" : kz_words_sign(c);
    return kz_words_fmt(rq, "%s–%s", number(rq, ind, c->lo, ind->digits),
                        number(rq, ind, c->hi, ind->digits));
}

const char *kz_words_full(kz_request *rq, const kz_atlas_indicator *ind, const kz_cell *c)
{
    if (c && c->state == KZ_CELL_HIDDEN)
        return kz_text(rq->lang, "page.hidden");
    if (!kz_words_has_range(c))
        return kz_words_value(rq, ind, c);
    return kz_words_say(rq, "page.full", kz_s("x", kz_words_value(rq, ind, c)),
                        kz_s("lo", number(rq, ind, c->lo, ind->digits)),
                        kz_s("hi", number(rq, ind, c->hi, ind->digits)));
}

const char *kz_words_range_how(const kz_request *rq, const kz_atlas_indicator *ind)
{
    return kz_text(rq->lang, ind->kind == KZ_KIND_SHARE   ? "page.def.range_share"
                             : ind->kind == KZ_KIND_RATIO ? "page.def.range_events"
                                                          : "page.def.range_made");
}

int kz_words_digits(const kz_atlas_indicator *ind, const kz_cell *c)
{
    double scale = kz_words_scale(ind);
    if (ind->kind == KZ_KIND_COUNT || !kz_cell_has_value(c))
        return ind->digits;
    if (fabs(c->value) * scale < 10)
        return ind->digits > 0 ? 1 : 0;
    if (kz_words_has_range(c) && floor(c->lo * scale + 0.5) == floor(c->hi * scale + 0.5))
        return ind->digits > 0 ? 1 : 0;
    return 0;
}

int kz_words_verdict(const kz_atlas *a, const kz_cell *c)
{
    const kz_atlas_indicator *ind = &a->indicators[c->indicator];
    if (ind->kind == KZ_KIND_COUNT || c->area == 0 || !kz_cell_has_value(c))
        return 0;
    if (kz_words_has_range(c))
        return kz_atlas_against_city(a, c);
    const kz_cell *city = kz_atlas_cell(a, (int)c->indicator, (int)c->group, 0, (int)c->period);
    if (!kz_cell_has_value(city))
        return 0;
    double unit = pow(10, ind->digits) * kz_words_scale(ind);
    double x = floor(c->value * unit + 0.5), y = floor(city->value * unit + 0.5);
    return (x > y) - (x < y);
}

/* The template of the data with {area} and {x} set in bold; what is not filled in stays visible. */
static void fill(kz_request *rq, const char *template, const kz_arg args[])
{
    for (const char *t = template; *t;) {
        size_t plain = strcspn(t, "{");
        kz_html_escape(rq->out, t, plain);
        t += plain;
        if (!*t)
            break;
        const char *end = strchr(t, '}');
        const kz_arg *a = args;
        while (a->name && end &&
               (strlen(a->name) != (size_t)(end - t - 1) || memcmp(a->name, t + 1, strlen(a->name)) != 0))
            a++;
        if (!end || !a->name) {
            kz_html_escape(rq->out, t++, 1);
            continue;
        }
        bool bold = strcmp(a->name, "area") == 0 || strcmp(a->name, "x") == 0;
        /* "29 von 100" is one fact. */
        const char *of = kz_text(rq->lang, "page.of_hundred");
        bool with_of = bold && a->name[0] == 'x' && strncmp(end + 1, of, strlen(of)) == 0;
        if (bold)
            kz_html(rq->out, "<b>%s%s</b>", a->text, with_of ? of : "");
        else
            kz_html(rq->out, "%s", a->text);
        t = end + 1 + (with_of ? strlen(of) : 0);
    }
}

void kz_words_sentence(kz_request *rq, int indicator, const kz_cell *c)
{
    const kz_atlas *a = rq->atlas;
    const kz_atlas_indicator *ind = &a->indicators[indicator];
    if (!c)
        return;
    const char *area = a->areas[c->area].name;
    if (!kz_cell_has_value(c)) {
        kz_say_html(rq->out, rq->lang,
                    c->state == KZ_CELL_HIDDEN ? "page.sentence.hidden" : "page.sentence.none",
                    kz_s("area", area), kz_s("sign", kz_words_sign(c)));
        return;
    }
    int digits = kz_words_digits(ind, c);
    const kz_arg args[] = {
        kz_s("area", area),
        kz_s("x", number(rq, ind, c->value, digits)),
        kz_s("lo", kz_words_has_range(c) ? number(rq, ind, c->lo, digits) : ""),
        kz_s("hi", kz_words_has_range(c) ? number(rq, ind, c->hi, digits) : ""),
        kz_s("group", ind->groups[c->group].label),
        { .kind = KZ_ARG_END },
    };
    const char *template = c->group == 0 ? ind->sentence : kz_text(rq->lang, "page.sentence.group");
    /* Without an interval the bracket goes. */
    const char *bracket = strstr(template, " ({lo}");
    if (bracket && !kz_words_has_range(c)) {
        const char *after = strchr(bracket, ')');
        template = kz_words_fmt(rq, "%.*s%s", (int)(bracket - template), template, after ? after + 1 : "");
    }
    fill(rq, template, args);

    const kz_cell *city = kz_atlas_cell(a, indicator, (int)c->group, 0, (int)c->period);
    if (c->area == 0 || ind->kind == KZ_KIND_COUNT || !kz_cell_has_value(city))
        return;
    int verdict = kz_words_verdict(a, c);
    const char *id;
    if (kz_words_has_range(c))
        id = verdict > 0 ? "page.verdict.more" : verdict < 0 ? "page.verdict.less" : "page.verdict.same";
    else
        id = verdict > 0   ? "page.verdict.count_more"
             : verdict < 0 ? "page.verdict.count_less"
                           : "page.verdict.count_same";
    kz_buf_char(rq->out, ' ');
    kz_say_html(rq->out, rq->lang, id, kz_s("city", number(rq, ind, city->value, digits)));
}

const char *kz_words_dative(kz_request *rq, const char *plural)
{
    size_t n = strlen(plural);
    bool has = n > 0 && (plural[n - 1] == 'n' || plural[n - 1] == 's');
    return has ? plural : kz_words_fmt(rq, "%sn", plural);
}

/* Kita, Schule, Gemeinde, Siedlung; not Stadtteil, Bezirk, Viertel. */
static bool is_feminine(const char *one)
{
    size_t n = strlen(one);
    return n > 2 && (one[n - 1] == 'a' || one[n - 1] == 'e' || strcmp(one + n - 3, "ung") == 0);
}

const char *kz_words_in_areas(kz_request *rq, const kz_atlas_level *level, int n)
{
    if (n <= 1 && is_feminine(level->one))
        return kz_words_say(rq, n == 1 ? "page.in_one_f" : "page.in_none_f", kz_s("one", level->one));
    if (n <= 1)
        return kz_words_say(rq, n == 1 ? "page.in_one" : "page.in_none", kz_s("one", level->one));
    return kz_words_fmt(rq, "%s %s", kz_words_int(rq, n), kz_words_dative(rq, level->many));
}
