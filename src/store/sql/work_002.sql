-- work.db, version 2: what an import did, and by which header its map is recognised again.

ALTER TABLE import ADD COLUMN header TEXT NOT NULL DEFAULT '';        -- fingerprint of the column names
ALTER TABLE import ADD COLUMN only_period TEXT NOT NULL DEFAULT '';   -- --period, if it was given
ALTER TABLE import ADD COLUMN cells_new INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN cells_changed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN cells_same INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN areas INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN periods INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN warnings INTEGER NOT NULL DEFAULT 0;

CREATE INDEX import_sha256 ON import (sha256);
CREATE INDEX observation_import ON observation (import);
