-- work.db, version 4: which sheet an import read, and where its original is kept.

ALTER TABLE import ADD COLUMN sheet TEXT NOT NULL DEFAULT '';    -- of a spreadsheet
ALTER TABLE import ADD COLUMN original TEXT NOT NULL DEFAULT ''; -- in the workspace: files/<sha256>; '' none
