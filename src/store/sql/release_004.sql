-- release.db, version 4: an indicator brings its whole data sheet, its phase of life and its history.

CREATE TABLE phase (
    id         INTEGER PRIMARY KEY,     -- in the order of data/phases.tsv
    code       TEXT NOT NULL UNIQUE,
    label      TEXT NOT NULL,
    ages       TEXT NOT NULL,
    from_month INTEGER NOT NULL,
    to_month   INTEGER NOT NULL,
    course     INTEGER NOT NULL,        -- 1: a row of the life course
    leicht     TEXT NOT NULL            -- its name in Leichte Sprache
) STRICT;

-- Ages in completed years, -1: all.  Texts that an older release has not are ''.
ALTER TABLE indicator ADD COLUMN phase INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator ADD COLUMN is_key INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator ADD COLUMN age_from INTEGER NOT NULL DEFAULT -1;
ALTER TABLE indicator ADD COLUMN age_to INTEGER NOT NULL DEFAULT -1;
ALTER TABLE indicator ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE indicator ADD COLUMN pool INTEGER NOT NULL DEFAULT 1;
ALTER TABLE indicator ADD COLUMN min_denominator INTEGER NOT NULL DEFAULT 0;
ALTER TABLE indicator ADD COLUMN variant_of TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN unit TEXT NOT NULL DEFAULT '';       -- '' areas, else the level of the institutions
ALTER TABLE indicator ADD COLUMN symbol TEXT NOT NULL DEFAULT '';     -- behind the number: €, m², je 1.000
ALTER TABLE indicator ADD COLUMN numerator TEXT NOT NULL DEFAULT '';  -- as expression
ALTER TABLE indicator ADD COLUMN denominator TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN interpretation TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN leicht_title TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN leicht TEXT NOT NULL DEFAULT '';     -- a thought a line
ALTER TABLE indicator ADD COLUMN leicht_of TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator ADD COLUMN leicht_sentence TEXT NOT NULL DEFAULT '';
ALTER TABLE indicator_group ADD COLUMN condition TEXT NOT NULL DEFAULT '';

CREATE TABLE indicator_change (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    id        INTEGER NOT NULL,         -- newest first
    version   INTEGER NOT NULL,
    date      TEXT NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (indicator, id)
) STRICT, WITHOUT ROWID;
