-- work.db, version 5: which files in facts/ hold the person rows of which delivery. No person in here.

CREATE TABLE segment (
    id          INTEGER PRIMARY KEY,
    file        TEXT NOT NULL UNIQUE,                       -- facts/<file>
    source      TEXT NOT NULL,                              -- data/sources
    period      INTEGER NOT NULL REFERENCES period (id),
    import      INTEGER NOT NULL REFERENCES import (id),
    n_rows      INTEGER NOT NULL,
    replaced_by INTEGER REFERENCES import (id)              -- NULL: in use; else a later delivery of the period
) STRICT;
CREATE INDEX segment_source ON segment (source, period);
