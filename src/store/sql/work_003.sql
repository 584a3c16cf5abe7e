-- work.db, version 3: computed cells and releases.

CREATE TABLE indicator (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE       -- data/indicators.tsv
) STRICT;

CREATE TABLE indicator_group (
    id        INTEGER PRIMARY KEY,
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    code      TEXT NOT NULL,        -- data/indicator_groups.tsv; Total is the whole
    UNIQUE (indicator, code)
) STRICT;

-- Every cell that the observations give, before any protection.
CREATE TABLE cell (
    indicator   INTEGER NOT NULL REFERENCES indicator (id),
    grp         INTEGER NOT NULL REFERENCES indicator_group (id),
    period      INTEGER NOT NULL REFERENCES period (id),
    area        INTEGER NOT NULL REFERENCES area (id),
    numerator   INTEGER,
    denominator INTEGER,
    value       REAL,
    lo          REAL,
    hi          REAL,
    state       INTEGER NOT NULL,   -- kz_cell_state
    import      INTEGER REFERENCES import (id), -- the newest among the inputs; NULL: none came
    PRIMARY KEY (indicator, grp, period, area)
) STRICT, WITHOUT ROWID;

CREATE TABLE release (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    state        TEXT NOT NULL CHECK (state IN ('draft', 'protected', 'approved', 'published')),
    drafted_by   TEXT NOT NULL,
    drafted_at   TEXT NOT NULL,
    protected_at TEXT NOT NULL DEFAULT '',
    approved_by  TEXT NOT NULL DEFAULT '',
    publish_at   TEXT NOT NULL DEFAULT '',
    n_cells      INTEGER NOT NULL DEFAULT 0,
    n_primary    INTEGER NOT NULL DEFAULT 0,
    n_secondary  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The fixed content of a release: a copy, so that a later import changes nothing in it.
CREATE TABLE release_cell (
    release     INTEGER NOT NULL REFERENCES release (id),
    indicator   INTEGER NOT NULL REFERENCES indicator (id),
    grp         INTEGER NOT NULL REFERENCES indicator_group (id),
    period      INTEGER NOT NULL REFERENCES period (id),
    area        INTEGER NOT NULL REFERENCES area (id),
    numerator   INTEGER,
    denominator INTEGER,
    value       REAL,
    lo          REAL,
    hi          REAL,
    state       INTEGER NOT NULL,
    num_mask    INTEGER,            -- kz_mask of the counts; NULL: not protected yet
    den_mask    INTEGER,
    PRIMARY KEY (release, indicator, grp, period, area)
) STRICT, WITHOUT ROWID;
