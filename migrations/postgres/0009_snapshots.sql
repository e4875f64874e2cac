-- States of aggregates with many events, so that a load reads the newest of them alone: in the shape of
-- postgres-es, made from the log, and never believed beyond it.
CREATE TABLE snapshots (
    aggregate_type   text COLLATE "C" NOT NULL,
    aggregate_id     text COLLATE "C" NOT NULL,
    last_sequence    bigint NOT NULL CHECK (last_sequence > 0),
    current_snapshot bigint NOT NULL CHECK (current_snapshot > 0),
    payload          json NOT NULL,
    format           bigint NOT NULL, -- of the state: one of another is not read
    PRIMARY KEY (aggregate_type, aggregate_id)
);
