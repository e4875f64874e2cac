-- Private links to a timetable, for calendar programs: of each only the SHA-256 of its secret.
CREATE TABLE calendar_links (
    id           text PRIMARY KEY,
    token_sha256 text NOT NULL UNIQUE,
    person       text NOT NULL,
    created_at   integer NOT NULL,
    last_used_at integer
) STRICT;
CREATE INDEX calendar_links_person ON calendar_links (person);
