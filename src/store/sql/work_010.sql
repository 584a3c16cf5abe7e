-- work.db, version 10: counts of person rows by area, what cells were made from, levels of institutions.

-- What an expression over person rows gives in a period, by area. Numbers, no persons.
CREATE TABLE counted (
    atom   TEXT NOT NULL,                           -- canonical text of the count
    period INTEGER NOT NULL REFERENCES period (id),
    source TEXT NOT NULL,                           -- data/sources
    stamp  TEXT NOT NULL,                           -- segments and areas it was counted with
    import INTEGER NOT NULL REFERENCES import (id), -- the newest of the deliveries
    counts BLOB NOT NULL,                           -- src/monitor/counted.h
    PRIMARY KEY (atom, period)
) STRICT;
CREATE INDEX counted_source ON counted (source, period);

-- With what the cells of an indicator were made: the same stamp, the same cells.
CREATE TABLE computed (
    indicator INTEGER PRIMARY KEY REFERENCES indicator (id),
    stamp     TEXT NOT NULL
) STRICT;

-- 1: Kitas, schools: points, observed beside the areas, never parts of them.
ALTER TABLE level ADD COLUMN institution INTEGER NOT NULL DEFAULT 0;
