-- People: what the law may ask us to forget lies here, never in the log (DESIGN.md section 3).
CREATE TABLE persons (
    id           text PRIMARY KEY,
    login        text UNIQUE,
    iin          text UNIQUE,
    source       text,
    external_id  text,
    given_name   text NOT NULL,
    family_name  text NOT NULL,
    middle_name  text,
    email        text,
    phone        text,
    sort_key     text NOT NULL,
    UNIQUE (source, external_id)
) STRICT;
CREATE INDEX persons_by_external_id ON persons (external_id);
CREATE INDEX persons_by_name ON persons (sort_key, id);

-- What was known of a person before a change, as JSON.
CREATE TABLE person_history (
    person      text NOT NULL REFERENCES persons (id),
    replaced_at integer NOT NULL,
    details     text NOT NULL
) STRICT;
CREATE INDEX person_history_person ON person_history (person, replaced_at);

-- Free texts about people; the log holds their id and digest.
CREATE TABLE person_texts (
    id     text PRIMARY KEY,
    person text NOT NULL,
    salt   text NOT NULL,
    body   text NOT NULL
) STRICT;
CREATE INDEX person_texts_person ON person_texts (person);
