-- work.db, version 7: the gazetteer: which house lies in which area. Streets and numbers, no person.

-- One line a delivery of addresses; what it brought is undone with its import.
CREATE TABLE gazetteer (
    import      INTEGER PRIMARY KEY REFERENCES import (id),
    level       INTEGER NOT NULL REFERENCES level (id),   -- of the areas that it names
    replaced_by INTEGER REFERENCES import (id)            -- NULL: in use
) STRICT;

CREATE TABLE street (
    id     INTEGER PRIMARY KEY,
    import INTEGER NOT NULL REFERENCES import (id),
    key    TEXT NOT NULL,                                 -- monitor/address.h: kz_street_key()
    name   TEXT NOT NULL,                                 -- as the delivery writes it
    UNIQUE (import, key)
) STRICT;

CREATE TABLE address (
    id          INTEGER PRIMARY KEY,
    street      INTEGER NOT NULL REFERENCES street (id),
    postcode    INTEGER NOT NULL,                         -- 0: the delivery has none
    number_from INTEGER NOT NULL,                         -- 0: the whole street
    number_to   INTEGER NOT NULL,
    side        INTEGER NOT NULL,                         -- 0 as the numbers say, 1 odd, 2 even, 3 both
    suffix_from TEXT NOT NULL,
    suffix_to   TEXT NOT NULL,
    area        INTEGER NOT NULL REFERENCES area (id),
    line        INTEGER NOT NULL                          -- row of the file
) STRICT;
CREATE INDEX address_street ON address (street);
