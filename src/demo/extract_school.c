/* The school office: pupils on 15 October, and how the school year before ended for those who left a school.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

#include <stdio.h>

enum { TRAIT_OGS = 11 };

/* A school year has two years in its name: schule_2024-25.csv. */
static kz_status open_year(kz_extract *x, const char *source, int year, const char *header, kz_quill **ret,
                           kz_err *err)
{
    char name[80];
    snprintf(name, sizeof name, "%s_%d-%02d.csv", source, year, (year + 1) % 100);
    KZ_TRY(kz_quill_open(x->dir, name, KZ_QUILL_UTF8, ret, err));
    kz_quill_text(*ret, header);
    kz_quill_line(*ret);
    return KZ_OK;
}

static bool all_day(const kz_life *life, const kz_person *p, int year)
{
    double chance = 0.36 + 0.014 * (year - 2010) +
                    (p->edu == KZ_EDU_HIGH  ? 0.08
                     : p->edu == KZ_EDU_LOW ? -0.06
                                            : 0);
    return kz_trait(life, p->id, TRAIT_OGS, chance);
}

static kz_status pupils(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(open_year(x, "schule", year,
                     "Schule;Schulform;Jahrgang;OGS;Einschulung;Geburtsmonat;Geschlecht;Staatsangehoerigkeit;"
                     "Familiensprache;Viertel",
                     &p, err));
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *c = &x->life->person[i];
        if (c->at_school != KZ_AT_SCHOOL)
            continue;
        int grade = kz_grade(c, year);
        const kz_city_house *h = &x->city->house[c->school];
        kz_quill_text(p, h->key);
        kz_quill_text(p, kz_city_kind(h->kind));
        kz_quill_int(p, grade);
        kz_quill_text(p, h->kind == KZ_CITY_PRIMARY ? kz_word_yes[all_day(x->life, c, year)] : "");
        kz_quill_text(p, grade != 1          ? ""
                         : c->deferred       ? "zurückgestellt"
                         : kz_early_entry(c) ? "vorzeitig"
                                             : "regulär");
        int y, m, d;
        kz_civil(c->birth, &y, &m, &d);
        kz_quill_month(p, kz_month(y, m));
        kz_quill_text(p, kz_word_sex[c->sex]);
        kz_quill_text(p, kz_nationality(c));
        kz_quill_text(p, c->other_language ? "andere" : "deutsch");
        kz_put_quarter(x, p, x->life->home[c->home].quarter);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

static kz_status passages(kz_extract *x, int year, kz_err *err)
{
    static const char *const CERTIFICATE[] = { "ohne Abschluss", "Hauptschulabschluss",
                                               "Mittlerer Schulabschluss", "Abitur" };
    kz_quill *p;
    KZ_TRY(open_year(
        x, "uebergang", year - 1,
        "Art;Abgebende Schule;Aufnehmende Schulform;Abschluss;Geschlecht;Staatsangehoerigkeit;Viertel", &p,
        err));
    for (int i = 0; i < x->life->n_passages; i++) {
        const kz_passage *s = &x->life->passage[i];
        kz_quill_text(p, s->leaving ? "Abgang" : "Übergang");
        kz_quill_text(p, x->city->house[s->school].key);
        kz_quill_text(p, s->leaving ? "" : kz_city_kind((kz_city_house_kind)s->to_kind));
        kz_quill_text(p, s->leaving ? CERTIFICATE[s->certificate] : "");
        kz_quill_text(p, kz_word_sex[s->who.sex]);
        kz_quill_text(p, kz_nationality(&s->who));
        kz_put_quarter(x, p, s->quarter);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

kz_status kz_extract_school(kz_extract *x, int year, kz_err *err)
{
    KZ_TRY(pupils(x, year, err));
    return passages(x, year, err);
}
