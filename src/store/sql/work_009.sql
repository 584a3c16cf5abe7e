-- work.db, version 9: sign-in, sessions, events and long work of the internal pages. Secrets are here as hashes only.

CREATE TABLE sign_in_link (
    hash    BLOB PRIMARY KEY,           -- SHA-256 of the token in the link
    account TEXT NOT NULL REFERENCES account (name),
    made    INTEGER NOT NULL            -- seconds since 1970; a link that was used is gone
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    hash    BLOB PRIMARY KEY,           -- SHA-256 of the token in the cookie
    account TEXT NOT NULL REFERENCES account (name),
    began   INTEGER NOT NULL,
    seen    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what: added to, never changed. Object ids only, no content.
CREATE TABLE event (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,              -- UTC
    account TEXT NOT NULL,              -- '' a guest
    role    TEXT NOT NULL,
    verb    TEXT NOT NULL,
    object  TEXT NOT NULL,
    result  TEXT NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
    hash    BLOB NOT NULL               -- SHA-256 of the hash before and of this row
) STRICT;
CREATE TRIGGER event_not_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are not changed'); END;
CREATE TRIGGER event_not_deleted BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are not deleted'); END;

-- Long work that was begun by a page. What is 'running' when a server starts was interrupted.
CREATE TABLE task (
    id      INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('check', 'apply', 'undo')),
    account TEXT NOT NULL,
    source  TEXT NOT NULL,
    file    TEXT NOT NULL,
    began   TEXT NOT NULL,
    ended   TEXT NOT NULL DEFAULT '',
    state   TEXT NOT NULL CHECK (state IN ('running', 'done', 'refused', 'stopped', 'interrupted')),
    import  INTEGER NOT NULL DEFAULT 0, -- what it made, or took back
    reason  TEXT NOT NULL DEFAULT ''    -- why the warnings were accepted
) STRICT;
