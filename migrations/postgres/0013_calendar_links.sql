-- Private links to a timetable, for calendar programs: of each only the SHA-256 of its secret.
CREATE TABLE calendar_links (
    id           text COLLATE "C" PRIMARY KEY,
    token_sha256 text COLLATE "C" NOT NULL CONSTRAINT calendar_links_token UNIQUE,
    person       text NOT NULL,
    created_at   bigint NOT NULL,
    last_used_at bigint
);
CREATE INDEX calendar_links_person ON calendar_links (person);
