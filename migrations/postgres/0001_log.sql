-- The log: events in the shape of postgres-es, with what it lacks in columns of our own
-- (DESIGN.md section 3).
CREATE TABLE events (
    aggregate_type text COLLATE "C" NOT NULL,
    aggregate_id   text COLLATE "C" NOT NULL,
    sequence       bigint NOT NULL CHECK (sequence > 0),
    event_type     text COLLATE "C" NOT NULL,
    event_version  text NOT NULL,
    payload        json NOT NULL,
    metadata       json NOT NULL,
    position       bigint NOT NULL,
    recorded_at    bigint NOT NULL, -- microseconds since 1970, UTC
    student        text COLLATE "C",
    PRIMARY KEY (aggregate_type, aggregate_id, sequence),
    CONSTRAINT events_position UNIQUE (position)
);
CREATE INDEX events_student ON events (student, position) WHERE student IS NOT NULL;
CREATE INDEX events_type ON events (event_type, position);
CREATE INDEX events_actor ON events ((metadata ->> 'actor'), position);

-- One row a commit; `chain` proves all before it.
CREATE TABLE log_batches (
    first       bigint PRIMARY KEY,
    last        bigint NOT NULL UNIQUE CHECK (last >= first),
    recorded_at bigint NOT NULL,
    sha256      bytea NOT NULL,
    chain       bytea NOT NULL
);

-- One row: where the log ends. Its lock gives commits and positions one order.
CREATE TABLE log_head (
    singleton   boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    position    bigint NOT NULL,
    recorded_at bigint NOT NULL,
    chain       bytea NOT NULL
);
INSERT INTO log_head (position, recorded_at, chain) VALUES (0, 0, decode(repeat('00', 32), 'hex'));

-- What was asked under an idempotency key, and what came of it.
CREATE TABLE commands (
    actor          text NOT NULL,
    key            text NOT NULL,
    request_sha256 text NOT NULL,
    position       bigint NOT NULL,
    result_ids     text NOT NULL, -- a JSON list
    recorded_at    bigint NOT NULL,
    CONSTRAINT commands_key PRIMARY KEY (actor, key)
);

CREATE INDEX commands_age ON commands (recorded_at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE events ENABLE ALWAYS TRIGGER events_append_only;
CREATE TRIGGER log_batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_batches ENABLE ALWAYS TRIGGER log_batches_append_only;
