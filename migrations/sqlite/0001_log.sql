-- The log: events in the shape of sqlite-es, with what it lacks in columns of our own
-- (DESIGN.md section 3).
CREATE TABLE events (
    aggregate_type text NOT NULL,
    aggregate_id   text NOT NULL,
    sequence       integer NOT NULL CHECK (sequence > 0),
    event_type     text NOT NULL,
    event_version  text NOT NULL,
    payload        text NOT NULL,
    metadata       text NOT NULL,
    position       integer NOT NULL UNIQUE,
    recorded_at    integer NOT NULL, -- microseconds since 1970, UTC
    student        text,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
) STRICT;
CREATE INDEX events_student ON events (student, position) WHERE student IS NOT NULL;
CREATE INDEX events_type ON events (event_type, position);
CREATE INDEX events_actor ON events (metadata ->> 'actor', position);

-- One row a commit; `chain` proves all before it.
CREATE TABLE log_batches (
    first       integer NOT NULL PRIMARY KEY,
    last        integer NOT NULL UNIQUE CHECK (last >= first),
    recorded_at integer NOT NULL,
    sha256      blob NOT NULL,
    chain       blob NOT NULL
) STRICT;

-- One row: where the log ends.
CREATE TABLE log_head (
    singleton   integer PRIMARY KEY DEFAULT 1 CHECK (singleton = 1),
    position    integer NOT NULL,
    recorded_at integer NOT NULL,
    chain       blob NOT NULL
) STRICT;
INSERT INTO log_head (position, recorded_at, chain) VALUES (0, 0, zeroblob(32));

-- What was asked under an idempotency key, and what came of it.
CREATE TABLE commands (
    actor          text NOT NULL,
    key            text NOT NULL,
    request_sha256 text NOT NULL,
    position       integer NOT NULL,
    result_ids     text NOT NULL, -- a JSON list
    recorded_at    integer NOT NULL,
    PRIMARY KEY (actor, key)
) STRICT;

CREATE INDEX commands_age ON commands (recorded_at);

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: UPDATE refused'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: DELETE refused'); END;
-- INSERT OR REPLACE would delete the old row without firing the trigger above.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  OR EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid) -- a hidden key that REPLACE heeds too
  OR EXISTS (SELECT 1 FROM events WHERE aggregate_type = NEW.aggregate_type
             AND aggregate_id = NEW.aggregate_id AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: events: key exists'); END;
CREATE TRIGGER log_batches_no_update BEFORE UPDATE ON log_batches
BEGIN SELECT RAISE(ABORT, 'log_batches is append-only: UPDATE refused'); END;
CREATE TRIGGER log_batches_no_delete BEFORE DELETE ON log_batches
BEGIN SELECT RAISE(ABORT, 'log_batches is append-only: DELETE refused'); END;
CREATE TRIGGER log_batches_no_replace BEFORE INSERT ON log_batches
WHEN EXISTS (SELECT 1 FROM log_batches WHERE first = NEW.first OR last = NEW.last)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: log_batches: key exists'); END;
