-- Passwords, sessions, one-time accesses and failed sign-ins: secrets never enter the log.
CREATE TABLE credentials (
    person        text COLLATE "C" PRIMARY KEY REFERENCES persons (id),
    password_hash text NOT NULL,
    changed_at    bigint NOT NULL
);
CREATE TABLE sessions (
    token_sha256 text COLLATE "C" PRIMARY KEY,
    person       text NOT NULL,
    created_at   bigint NOT NULL,
    expires_at   bigint NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE access_codes (
    code_sha256 text COLLATE "C" PRIMARY KEY,
    person      text NOT NULL CONSTRAINT access_codes_person UNIQUE,
    expires_at  bigint NOT NULL
);
-- How often a sign-in failed of late, by login and by address.
CREATE TABLE sign_in_failures (
    subject  text COLLATE "C" PRIMARY KEY,
    failures bigint NOT NULL,
    last_at  bigint NOT NULL
);
CREATE INDEX sign_in_failures_last ON sign_in_failures (last_at);
