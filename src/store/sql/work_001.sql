-- work.db, version 1: areas, imported tables, indicators' cells, releases, users. No person.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Levels from the whole municipality (rank 0) to the smallest areas.
CREATE TABLE level (
    id     INTEGER PRIMARY KEY,
    code   TEXT NOT NULL UNIQUE,    -- folded: lower case, for instance stadtteil
    one    TEXT NOT NULL,           -- Stadtteil
    many   TEXT NOT NULL,           -- Stadtteile
    "rank" INTEGER NOT NULL         -- 0 city; grows with the number of areas
) STRICT;

CREATE TABLE area (
    id         INTEGER PRIMARY KEY,
    level      INTEGER NOT NULL REFERENCES level (id),
    key        TEXT NOT NULL,
    name       TEXT NOT NULL,
    parent     INTEGER REFERENCES area (id),
    valid_from TEXT NOT NULL DEFAULT '',
    valid_to   TEXT NOT NULL DEFAULT '',
    lon        REAL,
    lat        REAL,
    area_m2    REAL,
    outline    BLOB,                -- WKB MultiPolygon in metres, setting 'crs'
    UNIQUE (level, key, valid_from)
) STRICT;
CREATE INDEX area_parent ON area (parent);

-- What was brought in, when, by whom, from which file by which mapping.
CREATE TABLE import (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL,
    file       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    map_name   TEXT NOT NULL,
    map_text   TEXT NOT NULL,
    at         TEXT NOT NULL,
    by_user    TEXT NOT NULL,
    rows_read  INTEGER NOT NULL,
    rows_kept  INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('applied', 'undone'))
) STRICT;

CREATE TABLE period (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,      -- 2012
    day  TEXT NOT NULL              -- reference day, 2012-12-31
) STRICT;

-- A counted thing: pop, age_00_03, mig_total (data/measures.tsv).
CREATE TABLE measure (
    id    INTEGER PRIMARY KEY,
    code  TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL
) STRICT;

CREATE TABLE observation (
    measure INTEGER NOT NULL REFERENCES measure (id),
    period  INTEGER NOT NULL REFERENCES period (id),
    area    INTEGER NOT NULL REFERENCES area (id),
    value   INTEGER,                -- NULL only with a state that has no value
    state   INTEGER NOT NULL,       -- kz_cell_state
    import  INTEGER NOT NULL REFERENCES import (id),
    line    INTEGER NOT NULL,       -- row of the file
    PRIMARY KEY (measure, period, area)
) STRICT, WITHOUT ROWID;

-- Values that a later import replaced: what undo puts back.
CREATE TABLE observation_replaced (
    by_import INTEGER NOT NULL REFERENCES import (id),
    measure   INTEGER NOT NULL,
    period    INTEGER NOT NULL,
    area      INTEGER NOT NULL,
    value     INTEGER,
    state     INTEGER NOT NULL,
    import    INTEGER NOT NULL,
    line      INTEGER NOT NULL,
    PRIMARY KEY (by_import, measure, period, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    name     TEXT PRIMARY KEY,
    role     TEXT NOT NULL,
    created  TEXT NOT NULL,
    disabled TEXT NOT NULL DEFAULT ''
) STRICT;
