-- keys.db, version 1: secrets that turn numbers of persons and households into pseudonyms.  Nothing else is in here, and
-- without this file everything still works: only later deliveries get other pseudonyms.

CREATE TABLE secret (
    family  TEXT NOT NULL,      -- data/sources
    kind    TEXT NOT NULL,      -- person, household
    secret  BLOB NOT NULL,      -- key of SipHash-2-4
    created TEXT NOT NULL,
    PRIMARY KEY (family, kind)
) STRICT, WITHOUT ROWID;
