-- work.db, version 12: cells are renewed period by period.

DROP TABLE computed;
-- With what the cells of an indicator in a period were made: the same stamp, the same cells.
CREATE TABLE computed (
    indicator INTEGER NOT NULL REFERENCES indicator (id),
    period    INTEGER NOT NULL REFERENCES period (id),
    stamp     TEXT NOT NULL,
    PRIMARY KEY (indicator, period)
) STRICT, WITHOUT ROWID;
