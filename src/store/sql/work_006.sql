-- work.db, version 6: units and decimals of measures, the cell a value came from, what was accepted.

-- A value is a whole number of 10^-decimals units; measures that do not add up have no sums over areas.
ALTER TABLE measure ADD COLUMN unit TEXT NOT NULL DEFAULT 'Anzahl';
ALTER TABLE measure ADD COLUMN decimals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE measure ADD COLUMN adds INTEGER NOT NULL DEFAULT 1;

-- Column of the file or sheet, from 1; 0: an import of an earlier version, which did not say.
ALTER TABLE observation ADD COLUMN col INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation_replaced ADD COLUMN col INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation_replaced ADD COLUMN new_value INTEGER;           -- what replaced it
ALTER TABLE observation_replaced ADD COLUMN new_state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation_replaced ADD COLUMN new_line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE observation_replaced ADD COLUMN new_col INTEGER NOT NULL DEFAULT 0;

-- Names of the columns that values of an import stand in.
CREATE TABLE import_column (
    import INTEGER NOT NULL REFERENCES import (id),
    col    INTEGER NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (import, col)
) STRICT, WITHOUT ROWID;

ALTER TABLE import ADD COLUMN map_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE import ADD COLUMN map_version INTEGER NOT NULL DEFAULT 0;    -- of the maps of this source, from 1
ALTER TABLE import ADD COLUMN accepted TEXT NOT NULL DEFAULT '';         -- warnings that somebody ticked: rule=number …
