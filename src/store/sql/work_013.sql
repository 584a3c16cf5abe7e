-- work.db, version 13: with which definition the cells of an indicator were made, and those of a release.

-- '' and 0: made before this was kept.
ALTER TABLE computed ADD COLUMN definition TEXT NOT NULL DEFAULT '';        -- src/monitor/definition.h
ALTER TABLE computed ADD COLUMN version INTEGER NOT NULL DEFAULT 0;         -- of the catalogue

CREATE TABLE release_definition (
    release    INTEGER NOT NULL REFERENCES release (id),
    indicator  INTEGER NOT NULL REFERENCES indicator (id),
    definition TEXT NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (release, indicator)
) STRICT, WITHOUT ROWID;
