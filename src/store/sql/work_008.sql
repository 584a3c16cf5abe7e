-- work.db, version 8: boundary states. An area is valid from area.valid_from to area.valid_to, both days
-- included; '' is open.  The areas of a level that are valid on a day are its state on that day.

-- A day on which a level got new boundaries.
CREATE TABLE area_state (
    id       INTEGER PRIMARY KEY,
    level    INTEGER NOT NULL REFERENCES level (id),
    day      TEXT NOT NULL,             -- first day of the new boundaries
    file     TEXT NOT NULL,
    at       TEXT NOT NULL,
    by_user  TEXT NOT NULL,
    revision INTEGER NOT NULL,          -- newest of its flows
    UNIQUE (level, day)
) STRICT;

-- What became of what. Several revisions: the newest holds, undo takes it away.
CREATE TABLE area_flow (
    id         INTEGER PRIMARY KEY,
    state      INTEGER NOT NULL REFERENCES area_state (id),
    revision   INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('rename', 'renumber', 'split', 'merge', 'redraw', 'new', 'end')),
    from_area  INTEGER REFERENCES area (id),  -- NULL: new
    to_area    INTEGER REFERENCES area (id),  -- NULL: end
    overlap_m2 REAL,                    -- common land; NULL: an outline is missing
    weight     REAL                     -- part of from_area that somebody stated; NULL: nobody did
) STRICT;
CREATE INDEX area_flow_state ON area_flow (state, revision);

-- An area that goes on, as it was until the day: for undo, and for the parents of earlier periods.
CREATE TABLE area_before (
    state   INTEGER NOT NULL REFERENCES area_state (id),
    area    INTEGER NOT NULL REFERENCES area (id),
    name    TEXT NOT NULL,
    parent  INTEGER REFERENCES area (id),
    lon     REAL,
    lat     REAL,
    area_m2 REAL,
    outline BLOB,
    PRIMARY KEY (state, area)
) STRICT, WITHOUT ROWID;
