/* The register of residents: people, households, events, births. */
/* lint: allow-file german, because these are the words in an office's file, not what the program says. */
#include "demo/extract.h"

static kz_quill_kind encoding(int year)
{
    return year < 2015 ? KZ_QUILL_CP1252 : KZ_QUILL_UTF8;
}

static const char *const MIG[] = { "ohne", "Deutsche mit MH", "Ausländer" };

static void put_person(const kz_extract *x, kz_quill *p, const kz_person *who, const kz_household *h,
                       int origin, int year)
{
    static const char *const FAMILY[] = { "LD", "VH", "VW", "GS", "LP" };
    static const char *const MOVE[] = { "nein", "innerorts", "Zuzug" };
    kz_quill_digits(p, who->id, 8);
    kz_quill_digits(p, h->id, 8);
    kz_put_name(x, p, who, h->id, origin);
    kz_quill_date(p, who->birth);
    kz_quill_text(p, kz_word_sex[who->sex]);
    kz_quill_text(p, kz_nationality(who));
    kz_quill_text(p, MIG[who->mig]);
    kz_quill_text(p, who->second_home ? "NW" : "HW");
    kz_quill_text(p, FAMILY[who->family]);
    kz_quill_text(p, MOVE[who->move]);
    kz_quill_int(p, year - who->since);
    kz_put_place(x, p, h->address, who->id, year);
    kz_quill_line(p);
}

static kz_status people(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(kz_extract_open(
        x, "ewo", year, encoding(year),
        "PID;HHNR;Name;Vorname;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Migrationshintergrund;"
        "Wohnstatus;Familienstand;Umzug;Wohndauer;Strasse;Hausnr;Zusatz;PLZ",
        &p, err));
    for (int i = 0; i < x->life->n_homes; i++) {
        const kz_household *h = &x->life->home[i];
        int origin = -1;
        for (int k = 0; k < h->n; k++)
            if (x->life->person[h->first + k].role == KZ_HEAD &&
                x->life->person[h->first + k].mig == KZ_MIG_FOREIGN)
                origin = x->life->person[h->first + k].origin;
        for (int k = 0; k < h->n; k++)
            put_person(x, p, &x->life->person[h->first + k], h, origin, year);
    }
    return kz_quill_close_take(p, err);
}

static kz_status households(kz_extract *x, int year, kz_err *err)
{
    static const char *const KIND[] = { "Einpersonenhaushalt", "Paar ohne Kinder", "Paar mit Kindern",
                                        "alleinerziehend", "sonstiger Mehrpersonenhaushalt" };
    kz_quill *p;
    int32_t day = kz_day(year, 12, 31);
    KZ_TRY(kz_extract_open(x, "haushalte", year, encoding(year),
                           "HHNR;Personen;Kinder unter 18;Haushaltstyp;Viertel", &p, err));
    for (int i = 0; i < x->life->n_homes; i++) {
        const kz_household *h = &x->life->home[i];
        kz_quill_digits(p, h->id, 8);
        kz_quill_int(p, h->n);
        kz_quill_int(p, kz_children_in(x->life, h, day));
        kz_quill_text(p, KIND[kz_kind_of_home(x->life, h, day)]);
        kz_put_quarter(x, p, h->quarter);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

static kz_status events(kz_extract *x, int year, kz_err *err)
{
    static const char *const KIND[] = { "Zuzug", "Fortzug", "Umzug", "Geburt", "Sterbefall" };
    kz_quill *p;
    KZ_TRY(kz_extract_open(x, "bewegungen", year, encoding(year),
                           "Ereignis;Ereignisdatum;Geburtsdatum;Geschlecht;Migrationshintergrund;Viertel", &p,
                           err));
    for (int i = 0; i < x->life->n_events; i++) {
        const kz_event *e = &x->life->event[i];
        kz_quill_text(p, KIND[e->kind]);
        kz_quill_date(p, e->day);
        kz_quill_date(p, e->who.birth);
        kz_quill_text(p, kz_word_sex[e->who.sex]);
        kz_quill_text(p, MIG[e->who.mig]);
        kz_put_quarter(x, p, e->quarter);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

static kz_status births(kz_extract *x, int year, kz_err *err)
{
    kz_quill *p;
    KZ_TRY(kz_extract_open(x, "geburten", year, encoding(year),
                           "Geburtsdatum;Geschlecht;Geburtsgewicht;Alter der Mutter;Mehrling;Viertel", &p,
                           err));
    for (int i = 0; i < x->life->n_events; i++) {
        const kz_event *e = &x->life->event[i];
        if (e->kind != KZ_EVENT_BIRTH)
            continue;
        kz_quill_date(p, e->who.birth);
        kz_quill_text(p, kz_word_sex[e->who.sex]);
        kz_quill_int(p, e->who.weight);
        kz_quill_int(p, e->who.mother_age);
        kz_quill_text(p, kz_word_yes[e->who.twin]);
        kz_put_quarter(x, p, e->quarter);
        kz_quill_line(p);
    }
    return kz_quill_close_take(p, err);
}

kz_status kz_extract_register(kz_extract *x, int year, kz_err *err)
{
    KZ_TRY(people(x, year, err));
    KZ_TRY(households(x, year, err));
    KZ_TRY(events(x, year, err));
    return births(x, year, err);
}
