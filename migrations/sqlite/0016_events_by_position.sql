-- Events lie in the order of their positions, which is their only key beside their place in their aggregate: there was a
-- hidden one, and an index from positions to it, so that each event was written twice in the order of the log, and
-- looked for twice when it was read (docs/decisions/0024). An index ends in the position by itself.
CREATE TABLE events_by_position (
    aggregate_type text NOT NULL,
    aggregate_id   text NOT NULL,
    sequence       integer NOT NULL CHECK (sequence > 0),
    event_type     text NOT NULL,
    event_version  text NOT NULL,
    payload        text NOT NULL,
    metadata       text NOT NULL,
    position       integer NOT NULL PRIMARY KEY,
    recorded_at    integer NOT NULL, -- microseconds since 1970, UTC
    student        text,
    UNIQUE (aggregate_type, aggregate_id, sequence)
) STRICT;
INSERT INTO events_by_position (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata,
                                position, recorded_at, student)
SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, position, recorded_at, student
FROM events ORDER BY position;
-- Its indexes and triggers go with it.
DROP TABLE events;
ALTER TABLE events_by_position RENAME TO events;

CREATE INDEX events_student ON events (position >> 11, student) WHERE student IS NOT NULL; -- docs/decisions/0022
CREATE INDEX events_type ON events (event_type);
CREATE INDEX events_actor ON events (metadata ->> 'actor');

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: UPDATE refused'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events is append-only: DELETE refused'); END;
-- INSERT OR REPLACE would delete the old row without firing the trigger above.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  OR EXISTS (SELECT 1 FROM events WHERE aggregate_type = NEW.aggregate_type
             AND aggregate_id = NEW.aggregate_id AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: events: key exists'); END;
