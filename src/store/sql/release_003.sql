-- release.db, version 3: from and until when an area is in its boundaries; '' open.
ALTER TABLE area ADD COLUMN since TEXT NOT NULL DEFAULT '';
ALTER TABLE area ADD COLUMN until TEXT NOT NULL DEFAULT '';
