#include "monitor/address_columns.h"

#include "monitor/address.h"

/* Names as kz_street_key() writes them: Straße and Strasse are both "str".  Of one role the more telling first. */
static const struct {
    const char *name;
    kz_address_role role;
} NAMES[] = {
    { "str", KZ_ROLE_STREET },              { "strassenname", KZ_ROLE_STREET },
    { "strname", KZ_ROLE_STREET },          { "street", KZ_ROLE_STREET },
    { "strassenbezeichnung", KZ_ROLE_STREET }, { "streetname", KZ_ROLE_STREET },
    { "hausnr", KZ_ROLE_NUMBER },           { "hausnummer", KZ_ROLE_NUMBER },
    { "hnr", KZ_ROLE_NUMBER },              { "hsnr", KZ_ROLE_NUMBER },
    { "nr", KZ_ROLE_NUMBER },               { "nummer", KZ_ROLE_NUMBER },
    { "number", KZ_ROLE_NUMBER },           { "housenumber", KZ_ROLE_NUMBER },
    { "von", KZ_ROLE_NUMBER },              { "hausnrvon", KZ_ROLE_NUMBER },
    { "hausnummervon", KZ_ROLE_NUMBER },    { "nrvon", KZ_ROLE_NUMBER },
    { "vonnr", KZ_ROLE_NUMBER },            { "vonhausnr", KZ_ROLE_NUMBER },
    { "vonhausnummer", KZ_ROLE_NUMBER },    { "hausnummern", KZ_ROLE_NUMBER },
    { "bis", KZ_ROLE_TO },                  { "hausnrbis", KZ_ROLE_TO },
    { "hausnummerbis", KZ_ROLE_TO },        { "nrbis", KZ_ROLE_TO },
    { "bisnr", KZ_ROLE_TO },                { "bishausnr", KZ_ROLE_TO },
    { "bishausnummer", KZ_ROLE_TO },
    { "zusatz", KZ_ROLE_SUFFIX },           { "hausnrzusatz", KZ_ROLE_SUFFIX },
    { "hausnummernzusatz", KZ_ROLE_SUFFIX }, { "hausnummerzusatz", KZ_ROLE_SUFFIX },
    { "hnrzusatz", KZ_ROLE_SUFFIX },        { "nrzusatz", KZ_ROLE_SUFFIX },
    { "buchstabe", KZ_ROLE_SUFFIX },        { "suffix", KZ_ROLE_SUFFIX },
    { "hausnrzus", KZ_ROLE_SUFFIX },        { "zusatzvon", KZ_ROLE_SUFFIX },
    { "vonzusatz", KZ_ROLE_SUFFIX },        { "zusatzbis", KZ_ROLE_SUFFIX_TO },
    { "biszusatz", KZ_ROLE_SUFFIX_TO },
    { "seite", KZ_ROLE_SIDE },              { "strassenseite", KZ_ROLE_SIDE },
    { "geradeungerade", KZ_ROLE_SIDE },     { "gu", KZ_ROLE_SIDE },
    { "side", KZ_ROLE_SIDE },               { "parity", KZ_ROLE_SIDE },
    { "gerade", KZ_ROLE_SIDE },
    { "plz", KZ_ROLE_POSTCODE },            { "postleitzahl", KZ_ROLE_POSTCODE },
    { "postcode", KZ_ROLE_POSTCODE },       { "zip", KZ_ROLE_POSTCODE },
    { "lon", KZ_ROLE_X },                   { "long", KZ_ROLE_X },
    { "longitude", KZ_ROLE_X },             { "laenge", KZ_ROLE_X },
    { "laengengrad", KZ_ROLE_X },           { "x", KZ_ROLE_X },
    { "rechtswert", KZ_ROLE_X },            { "ostwert", KZ_ROLE_X },
    { "east", KZ_ROLE_X },                  { "easting", KZ_ROLE_X },
    { "ost", KZ_ROLE_X },                   { "xkoordinate", KZ_ROLE_X },
    { "koordx", KZ_ROLE_X },                { "geolaenge", KZ_ROLE_X },
    { "lat", KZ_ROLE_Y },                   { "latitude", KZ_ROLE_Y },
    { "breite", KZ_ROLE_Y },                { "breitengrad", KZ_ROLE_Y },
    { "y", KZ_ROLE_Y },                     { "hochwert", KZ_ROLE_Y },
    { "nordwert", KZ_ROLE_Y },              { "north", KZ_ROLE_Y },
    { "northing", KZ_ROLE_Y },              { "nord", KZ_ROLE_Y },
    { "ykoordinate", KZ_ROLE_Y },           { "koordy", KZ_ROLE_Y },
    { "geobreite", KZ_ROLE_Y },
    { "adresse", KZ_ROLE_WHOLE },           { "anschrift", KZ_ROLE_WHOLE },
    { "address", KZ_ROLE_WHOLE },
};

/* Place in the table above; SIZE_MAX: not there. */
static size_t rank_of(kz_view name)
{
    char key[KZ_STREET_KEY];
    kz_street_key(name, key);
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (strcmp(NAMES[i].name, key) == 0)
            return i;
    return SIZE_MAX;
}

kz_address_role kz_address_role_of(kz_view name)
{
    size_t i = rank_of(name);
    return i == SIZE_MAX ? KZ_N_ADDRESS_ROLES : NAMES[i].role;
}

void kz_address_columns(const kz_view header[], size_t n, size_t at[static KZ_N_ADDRESS_ROLES])
{
    size_t best[KZ_N_ADDRESS_ROLES];
    for (int r = 0; r < KZ_N_ADDRESS_ROLES; r++)
        at[r] = best[r] = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        size_t rank = rank_of(header[i]);
        if (rank == SIZE_MAX || rank >= best[NAMES[rank].role])
            continue;
        best[NAMES[rank].role] = rank;
        at[NAMES[rank].role] = i;
    }
}

bool kz_area_column(kz_view name, const kz_area_level *level)
{
    static const char *const BEHIND[] = { "",   "nr",         "nummer", "schluessel", "key",
                                          "id", "kennziffer", "code",   "schl",       "kz" };
    char key[KZ_STREET_KEY], code[KZ_STREET_KEY];
    kz_street_key(name, key);
    size_t n = kz_street_key(kz_view_of(level->code), code);
    if (n == 0 || strncmp(key, code, n) != 0)
        return false;
    for (size_t i = 0; i < sizeof BEHIND / sizeof *BEHIND; i++)
        if (strcmp(key + n, BEHIND[i]) == 0)
            return true;
    return false;
}
