/* Kitas on 1 March, and the health office's school-entry examination. */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

enum { TRAIT_LUNCH = 2, TRAIT_SUPPORT };

static kz_status kitas(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    int month = kz_month(year, 3);
    KZ_TRY(kz_extract_open(
        x, "kita", year, KZ_QUILL_UTF8,
        "Kind-ID;Geburtsdatum;Geschlecht;Einrichtung;Betreuungsart;Herkunft Ausland;Deutsch zu Hause;"
        "Wochenstunden;Mittagessen;Eingliederungshilfe;Aufnahme;Strasse;Hausnr;Zusatz;PLZ",
        &p, err));
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *c = &x->life->person[i];
        if (!kz_in_kita(c, month))
            continue;
        bool minder = kz_with_child_minder(c, month);
        kz_quill_digits(p, c->id, 8);
        kz_quill_date(p, c->birth);
        kz_quill_text(p, kz_word_sex[c->sex]);
        kz_quill_text(p, minder || c->kita < 0 ? "" : x->city->house[c->kita].key);
        kz_quill_text(p, minder ? "Tagespflege" : "Kita");
        kz_quill_text(p, kz_word_yes[kz_from_abroad(x->life, c)]);
        kz_quill_text(p, kz_word_yes[!c->other_language]);
        kz_quill_int(p, c->kita_hours);
        kz_quill_text(p, kz_word_yes[c->kita_hours > 25 || kz_trait(x->life, c->id, TRAIT_LUNCH, 0.3)]);
        kz_quill_text(p,
                      kz_word_yes[kz_trait(x->life, c->id, TRAIT_SUPPORT, c->sex == KZ_MALE ? 0.035 : 0.02)]);
        kz_quill_date(p, kz_day(c->kita_month / 12, c->kita_month % 12 + 1, 1));
        kz_put_place(x, p, x->life->home[c->home].address, c->id, year);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

static const char HEADER[] = "Kind-ID;Geburtsdatum;Untersuchungsdatum;Geschlecht;Kita-Nr;Grundschule;Kita-"
                             "Monate;Kita-Eintrittsalter;Erstsprache;"
                             "Elternbildung;Familienform;Geschwister;SGB "
                             "II;U-Heft;U3;U4;U5;U6;U7;U7a;U8;U9;Impfausweis;MMR;Geburtsgewicht;BMI;"
                             "Aufmerksamkeit;Zahlen;Visuomotorik;Visuelle "
                             "Wahrnehmung;Sprache;Koordination;Deutsch;Sehen;Hören;Sportverein;Musik;"
                             "Medien;Therapie;Empfehlung;Strasse;Hausnr;Zusatz;PLZ";

/* What was not asked, or not answered, is empty. */
static void answer(kz_quill *p, kz_rng *r, double missing, const char *text)
{
    kz_quill_text(p, kz_happens(r, missing) ? "" : text);
}

static void result(kz_quill *p, kz_rng *r, const kz_exam *e, kz_effect effect, double border)
{
    bool untested = kz_happens(r, 0.012), near = kz_happens(r, border);
    kz_quill_text(p, untested           ? "nicht untersucht"
                     : e->drawn[effect] ? "auffällig"
                     : near             ? "grenzwertig"
                                        : "unauffällig");
}

static void early_detection(kz_quill *p, kz_rng *r, const kz_exam *e)
{
    int missed = e->drawn[KZ_EFFECT_U_MISSED] ? (int)kz_rng_below(r, 6) : -1;
    bool second = kz_happens(r, 0.3);
    int also = (int)kz_rng_below(r, 6);
    kz_quill_text(p, kz_word_yes[e->drawn[KZ_EFFECT_BOOKLET]]);
    for (int u = 0; u < 8; u++) {
        bool done = u == 6   ? e->drawn[KZ_EFFECT_U8]
                    : u == 7 ? e->drawn[KZ_EFFECT_U9]
                             : u != missed && !(missed >= 0 && second && u == also);
        kz_quill_text(p, e->drawn[KZ_EFFECT_BOOKLET] ? kz_word_yes[done] : "");
    }
}

static void finding(kz_quill *p, kz_rng *r, bool found)
{
    bool known = kz_happens(r, 0.42);
    kz_quill_text(p, !found ? "ohne Befund" : known ? "bekannter Befund" : "neuer Befund");
}

static void body(kz_quill *p, kz_rng *r, const kz_exam *e)
{
    bool card = e->drawn[KZ_EFFECT_VACC_CARD], once = kz_happens(r, 0.6), thin = kz_happens(r, 0.06);
    kz_quill_text(p, kz_word_yes[card]);
    if (card)
        kz_quill_int(p, e->drawn[KZ_EFFECT_MMR2] ? 2 : once);
    else
        kz_quill_empty(p);
    kz_quill_int(p, e->who.weight);
    kz_quill_text(p, e->drawn[KZ_EFFECT_OBESE]        ? "adipös"
                     : e->drawn[KZ_EFFECT_OVERWEIGHT] ? "übergewichtig"
                     : thin                           ? "untergewichtig"
                                                      : "normalgewichtig");
}

static const char *recommendation(kz_rng *r, const kz_exam *e)
{
    static const kz_effect LOOKED_AT[] = { KZ_EFFECT_GERMAN, KZ_EFFECT_VISUOMOTOR, KZ_EFFECT_ATTENTION,
                                           KZ_EFFECT_NUMBER, KZ_EFFECT_LANGUAGE,   KZ_EFFECT_COORDINATION };
    int low = 0;
    for (int k = 0; k < 6; k++)
        low += e->drawn[LOOKED_AT[k]];
    bool support = kz_happens(r, low >= 2 ? 0.75 : low == 1 ? 0.2 : 0.02);
    return e->who.deferred ? "Zurückstellung" : support ? "Förderung" : "keine";
}

static kz_status examinations(kz_extract *x, int year, kz_err *err)
{
    static const char *const EDU[] = { "niedrig", "mittel", "hoch" }, *const FORM[] = { "beide Eltern",
                                                                                        "alleinerziehend",
                                                                                        "andere" };
    kz_quill *p;
    KZ_TRY(kz_extract_open(x, "seu", year, year < 2014 ? KZ_QUILL_CP1252 : KZ_QUILL_UTF8, HEADER, &p, err));
    for (int i = 0; i < x->life->n_exams; i++) {
        const kz_exam *e = &x->life->exam[i];
        const kz_person *c = &e->who;
        kz_rng r = kz_life_rng(x->life, KZ_FOR_EXAM, 1, c->id);
        kz_quill_digits(p, c->id, 8);
        kz_quill_date(p, c->birth);
        kz_quill_date(p, e->day);
        kz_quill_text(p, kz_word_sex[c->sex]);
        kz_quill_text(p, e->kita_months > 0 && c->kita >= 0 ? x->city->house[c->kita].key : "");
        kz_quill_text(p, x->city->house[e->school].key);
        kz_quill_int(p, e->kita_months);
        if (e->kita_months > 0)
            kz_quill_int(p, kz_age_months(c->birth, kz_day(c->kita_month / 12, c->kita_month % 12 + 1, 1)));
        else
            kz_quill_empty(p);
        kz_quill_text(p, c->other_language ? "andere" : "deutsch");
        answer(p, &r, 0.06, EDU[c->edu]);
        answer(p, &r, 0.02, FORM[e->family_form]);
        kz_quill_int(p, e->siblings);
        answer(p, &r, 0.04, kz_word_yes[e->sgb2]);
        early_detection(p, &r, e);
        body(p, &r, e);
        result(p, &r, e, KZ_EFFECT_ATTENTION, 0.13);
        result(p, &r, e, KZ_EFFECT_NUMBER, 0.12);
        result(p, &r, e, KZ_EFFECT_VISUOMOTOR, 0.12);
        result(p, &r, e, KZ_EFFECT_VISUAL, 0.1);
        result(p, &r, e, KZ_EFFECT_LANGUAGE, 0.15);
        result(p, &r, e, KZ_EFFECT_COORDINATION, 0.13);
        result(p, &r, e, KZ_EFFECT_GERMAN, 0.08);
        finding(p, &r, e->drawn[KZ_EFFECT_VISION]);
        finding(p, &r, e->drawn[KZ_EFFECT_HEARING]);
        answer(p, &r, 0.05, kz_word_yes[e->drawn[KZ_EFFECT_SPORTS]]);
        answer(p, &r, 0.05, kz_word_yes[e->drawn[KZ_EFFECT_MUSIC]]);
        answer(p, &r, 0.07,
               e->drawn[KZ_EFFECT_MEDIA2] ? "2 Stunden und mehr"
               : kz_happens(&r, 0.5)      ? "1 bis unter 2 Stunden"
                                          : "unter 1 Stunde");
        kz_quill_text(p, kz_word_yes[e->drawn[KZ_EFFECT_THERAPY]]);
        kz_quill_text(p, recommendation(&r, e));
        kz_put_place(x, p, e->address, c->id, year);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

kz_status kz_extract_spring(kz_extract *x, int year, kz_err *err)
{
    KZ_TRY(kitas(x, year, err));
    return examinations(x, year, err);
}
