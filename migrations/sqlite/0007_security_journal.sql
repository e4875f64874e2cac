-- Who signed in, who failed to, and who was turned away: kept for a set time, outside the log.
CREATE TABLE security_journal (
    id      integer PRIMARY KEY AUTOINCREMENT,
    at      integer NOT NULL, -- microseconds since 1970, UTC
    kind    text NOT NULL,
    person  text,
    address text NOT NULL,
    client  text,
    asked   text
) STRICT;
CREATE INDEX security_journal_person ON security_journal (person, id);
CREATE INDEX security_journal_at ON security_journal (at);
