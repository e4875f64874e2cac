-- States of aggregates with many events, so that a load reads the newest of them alone: in the shape of
-- sqlite-es, made from the log, and never believed beyond it.
CREATE TABLE snapshots (
    aggregate_type   text NOT NULL,
    aggregate_id     text NOT NULL,
    last_sequence    integer NOT NULL CHECK (last_sequence > 0),
    current_snapshot integer NOT NULL CHECK (current_snapshot > 0),
    payload          text NOT NULL,
    format           integer NOT NULL, -- of the state: one of another is not read
    PRIMARY KEY (aggregate_type, aggregate_id)
) STRICT;
