-- release.db, version 1: what is public, and nothing else.
-- Ids of levels, areas, periods and indicators are their places in the atlas.
-- "None" has no row or NULL; a hidden count is nowhere in this file.

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,         -- name, key, fictional, credits, version
    value TEXT NOT NULL
) STRICT;

CREATE TABLE level (
    id             INTEGER PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE,
    one            TEXT NOT NULL,
    many           TEXT NOT NULL,
    map_width      REAL,            -- NULL: no outlines
    map_height     REAL,
    map_km         REAL,
    parent_borders TEXT
) STRICT;

CREATE TABLE area (
    id       INTEGER PRIMARY KEY,   -- level by level, DIN 5007-1 by name
    level    INTEGER NOT NULL REFERENCES level (id),
    key      TEXT NOT NULL,
    name     TEXT NOT NULL,
    slug     TEXT NOT NULL UNIQUE,
    parent   INTEGER REFERENCES area (id),
    lon      REAL,
    lat      REAL,
    area_km2 REAL,
    d        TEXT,                  -- its place on the map (geo/svgmap.h)
    label_x  REAL,
    label_y  REAL,
    label_width REAL,
    x0       REAL,
    y0       REAL,
    x1       REAL,
    y1       REAL,
    surface  REAL
) STRICT;

CREATE TABLE period (
    id    INTEGER PRIMARY KEY,      -- years, school years and so on; oldest first of each form
    code  TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL
) STRICT;

CREATE TABLE indicator (
    id                INTEGER PRIMARY KEY,
    code              TEXT NOT NULL UNIQUE,
    title             TEXT NOT NULL,
    short_title       TEXT NOT NULL,
    subtitle          TEXT NOT NULL,
    sentence          TEXT NOT NULL,
    counted           TEXT NOT NULL,
    numerator_label   TEXT NOT NULL,
    denominator_label TEXT NOT NULL,
    source            TEXT NOT NULL,
    protection        TEXT NOT NULL,
    theme             TEXT NOT NULL,
    caveat            TEXT NOT NULL,
    kind              INTEGER NOT NULL,
    direction         INTEGER NOT NULL,
    per               INTEGER NOT NULL,
    digits            INTEGER NOT NULL,
    release           TEXT NOT NULL,
    published_at      TEXT NOT NULL
) STRICT;

CREATE TABLE indicator_group (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    id        INTEGER NOT NULL,     -- 0 is the whole, code Total
    code      TEXT NOT NULL,
    label     TEXT NOT NULL,
    parent    INTEGER,
    PRIMARY KEY (indicator, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
    indicator   INTEGER NOT NULL,
    grp         INTEGER NOT NULL,
    area        INTEGER NOT NULL,
    period      INTEGER NOT NULL,
    state       INTEGER NOT NULL,   -- kz_cell_state
    numerator   INTEGER,
    denominator INTEGER,
    value       REAL,
    lo          REAL,
    hi          REAL,
    PRIMARY KEY (indicator, grp, area, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE news (
    id   INTEGER PRIMARY KEY,
    date TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
