-- Students are in order within each part of 2,048 positions (docs/decisions/0022): over the whole log, each event of
-- another student made its commit write a page of its own.
DROP INDEX events_student;
CREATE INDEX events_student ON events (position >> 11, student) WHERE student IS NOT NULL;
