-- How far each policy has read the log.
CREATE TABLE policy_checkpoints (
    policy   text PRIMARY KEY,
    position integer NOT NULL CHECK (position >= 0)
) STRICT;
