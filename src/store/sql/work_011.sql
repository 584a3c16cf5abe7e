-- work.db, version 11: the proofs of a release: for each part of its system the witnesses of what is hidden.
-- Internal: a witness tells which counts hang together.

CREATE TABLE release_proof (
    release INTEGER NOT NULL REFERENCES release (id),
    part    INTEGER NOT NULL,
    shape   INTEGER NOT NULL,       -- of the system it was made for
    entries INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,       -- unpacked
    packed  BLOB NOT NULL,          -- src/monitor/release_proof.h
    period  INTEGER NOT NULL REFERENCES period (id),
    unit    TEXT NOT NULL,          -- '' areas, else the kind of institution
    codes   TEXT NOT NULL,          -- what is counted, a line each: hints for later releases
    areas   TEXT NOT NULL,          -- ids, a line each
    PRIMARY KEY (release, part)
) STRICT, WITHOUT ROWID;
