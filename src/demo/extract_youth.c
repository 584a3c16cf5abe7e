/*
 * The youth office: Hilfen zur Erziehung, its other cases, and counselling around birth.
 *
 * Counselling follows what the evaluation of the programme found: families under strain are reached by
 * counselling and company better than others, by courses worse.  The chances are those of REACH.
 */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

static void put_help(kz_extract *x, kz_quill *p, const kz_person *c, int kind, bool running, int since,
                     int year)
{
    static const char *const KIND[KZ_N_HELPS] = { "§ 28", "§ 31", "§ 32",  "§ 33",
                                                  "§ 34", "§ 35", "§ 35a", "sonstige" };
    static const char *const BY[] = { "Eltern", "Jugendamt", "Schule/Kita", "Gericht", "sonstige" };
    kz_rng r = kz_life_rng(x->life, KZ_FOR_CASES, since & 0xFFF, c->id + (UINT32_C(1) << 31));
    int until = running ? kz_month(year, 12) : kz_month(year, 1 + (int)kz_rng_below(&r, 12));
    kz_quill_digits(p, c->id, 8);
    kz_quill_date(p, c->birth);
    kz_quill_text(p, KIND[kind - 1]);
    kz_quill_text(p, running ? "laufend" : "beendet");
    kz_quill_text(p, kz_word_sex[c->sex]);
    kz_quill_text(p, kz_word_yes[kz_from_abroad(x->life, c)]);
    kz_quill_text(p, kz_word_yes[!c->other_language]);
    kz_quill_text(
        p,
        BY[kz_draw(&r,
                   kind == 1 ? (double[]){ .7, .08, .15, .03, .04 } : (double[]){ .34, .38, .15, .08, .05 },
                   5)]);
    kz_quill_int(p, until > since ? until - since : 0);
    kz_put_quarter(x, p, x->life->home[c->home].quarter);
    kz_quill_line(p);
}

static kz_status helps(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(kz_extract_open(x, "hze", year, KZ_QUILL_CP1252,
                           "Kind-ID;Geburtsdatum;Hilfeart;Status;Geschlecht;Herkunft Ausland;Deutsch zu "
                           "Hause;Anregung;Dauer;Viertel",
                           &p, err));
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *c = &x->life->person[i];
        if (c->help)
            put_help(x, p, c, c->help, true, c->help_month, year);
        if (c->help_ended)
            put_help(x, p, c, c->help_ended, false, c->help_ended_month, year);
    }
    return kz_quill_close_take(p, err);
}

static void put_case(kz_extract *x, kz_quill *p, const kz_person *c, const char *kind)
{
    kz_quill_digits(p, c->id, 8);
    kz_quill_date(p, c->birth);
    kz_quill_text(p, kind);
    kz_quill_text(p, kz_word_sex[c->sex]);
    kz_put_quarter(x, p, x->life->home[c->home].quarter);
    kz_quill_line(p);
}

static kz_status cases(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    int32_t day = kz_day(year, 12, 31);
    KZ_TRY(kz_extract_open(x, "jugendamt-faelle", year, KZ_QUILL_UTF8,
                           "Kind-ID;Geburtsdatum;Fallart;Geschlecht;Viertel", &p, err));
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *c = &x->life->person[i];
        if (year - kz_birth_year(c->birth) > 21)
            continue;
        const kz_household *h = &x->life->home[c->home];
        kz_rng r = kz_life_rng(x->life, KZ_FOR_CASES, year, c->id);
        int age = kz_age(c->birth, day);
        double need = (h->poor_month > 0 ? 2.4 : 0.75) * (c->help ? 2.5 : 1) * (1 + 0.02 * (year - 2012));
        bool danger = kz_happens(&r, age < 18 ? 0.0072 * need * (age < 6 ? 1.2 : 1) : 0);
        bool taken = kz_happens(&r, age >= 18 ? 0 : danger ? 0.14 : 0.0009 * need * (age >= 14 ? 2 : 0.6));
        bool court = kz_happens(&r, age < 14 || age > 20
                                        ? 0
                                        : 0.034 * (c->sex == KZ_MALE ? 1.55 : 0.42) * (0.7 + 0.3 * need));
        if (danger)
            put_case(x, p, c, "§ 8a");
        if (taken)
            put_case(x, p, c, "Inobhutnahme");
        if (court)
            put_case(x, p, c, "JGH");
    }
    return kz_quill_close_take(p, err);
}

typedef struct {
    const char *kind;
    int since; /* year in which it began */
    double risk, other, referred_risk, referred_other;
} reach;
static const reach REACH[] = {
    { "Schwangerschaftsberatung", 2010, .44, .19, .32, .05 },
    { "Lotsendienst Geburtsklinik", 2013, .66, .61, .46, .05 },
    { "Lotsendienst Praxis", 2018, .24, .13, .40, .06 },
    { "Willkommensbesuch", 2010, .66, .72, .24, .04 },
    { "Familienhebamme", 2012, .23, .012, .30, .10 },
    { "Kurs", 2010, .15, .42, .08, .02 },
};

static kz_status counselling(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(kz_extract_open(x, "beratung", year, KZ_QUILL_UTF8,
                           "Angebot;Belastung;Vermittelt;Geburtsdatum Kind;Strasse;Hausnr;Zusatz;PLZ", &p,
                           err));
    for (int i = 0; i < x->life->n_people; i++) {
        const kz_person *c = &x->life->person[i];
        const kz_household *h = &x->life->home[c->home];
        if (kz_birth_year(c->birth) != year)
            continue;
        bool couple = false;
        for (int k = 0; k < h->n; k++)
            couple |= x->life->person[h->first + k].role == KZ_PARTNER;
        bool risk = h->poor_month > 0 || !couple || c->mother_age < 20 || c->weight < 2000;
        kz_rng r = kz_life_rng(x->life, KZ_FOR_COUNSEL, year, c->id);
        for (size_t k = 0; k < sizeof REACH / sizeof *REACH; k++) {
            bool reached = kz_happens(&r, risk ? REACH[k].risk : REACH[k].other);
            bool on = kz_happens(&r, risk ? REACH[k].referred_risk : REACH[k].referred_other);
            bool seen = kz_happens(&r, risk ? 0.9 : 0.03), lost = kz_happens(&r, 0.004);
            if (!reached || year < REACH[k].since)
                continue;
            kz_quill_text(p, REACH[k].kind);
            kz_quill_text(p, kz_word_yes[seen]);
            kz_quill_text(p, kz_word_yes[on]);
            kz_quill_date(p, c->birth);
            if (lost)
                kz_quill_text(
                    p, "Neubaugebiet Nord;;;"); /* a street that the list of addresses does not have yet */
            else
                kz_put_place(x, p, h->address, c->id, year);
            kz_quill_line(p);
        }
    }
    return kz_quill_close_take(p, err);
}

kz_status kz_extract_youth(kz_extract *x, int year, kz_err *err)
{
    KZ_TRY(helps(x, year, err));
    KZ_TRY(cases(x, year, err));
    return counselling(x, year, err);
}
