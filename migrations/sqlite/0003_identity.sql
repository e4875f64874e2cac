-- Passwords, sessions, one-time accesses and failed sign-ins: secrets never enter the log.
CREATE TABLE credentials (
    person        text PRIMARY KEY REFERENCES persons (id),
    password_hash text NOT NULL,
    changed_at    integer NOT NULL
) STRICT;
CREATE TABLE sessions (
    token_sha256 text PRIMARY KEY,
    person       text NOT NULL,
    created_at   integer NOT NULL,
    expires_at   integer NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE access_codes (
    code_sha256 text PRIMARY KEY,
    person      text NOT NULL UNIQUE,
    expires_at  integer NOT NULL
) STRICT;
-- How often a sign-in failed of late, by login and by address.
CREATE TABLE sign_in_failures (
    subject  text PRIMARY KEY,
    failures integer NOT NULL,
    last_at  integer NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);
