-- The newest batches, by their SHA-256, that were looked for in the log after their line was lost, and were
-- not there: one that is still on its way comes too late.
ALTER TABLE log_head ADD COLUMN shut_out BYTEA[] NOT NULL DEFAULT '{}';
