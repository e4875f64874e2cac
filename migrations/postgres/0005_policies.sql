-- How far each policy has read the log.
CREATE TABLE policy_checkpoints (
    policy   text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);
