-- Students are in order within each part of 1,024 positions (docs/decisions/0022): over the whole log, each event of
-- another student made its commit write a page of its own.
DROP INDEX events_student;
CREATE INDEX events_student ON events (position >> 10, student) WHERE student IS NOT NULL;
