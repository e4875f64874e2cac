-- People: what the law may ask us to forget lies here, never in the log (DESIGN.md section 3).
CREATE TABLE persons (
    id           text COLLATE "C" PRIMARY KEY,
    login        text CONSTRAINT persons_login UNIQUE,
    iin          text CONSTRAINT persons_iin UNIQUE,
    source       text,
    external_id  text,
    given_name   text NOT NULL,
    family_name  text NOT NULL,
    middle_name  text,
    email        text,
    phone        text,
    sort_key     text COLLATE "C" NOT NULL,
    CONSTRAINT persons_external_id UNIQUE (source, external_id)
);
CREATE INDEX persons_by_external_id ON persons (external_id);
CREATE INDEX persons_by_name ON persons (sort_key, id);

-- What was known of a person before a change, as JSON.
CREATE TABLE person_history (
    person      text NOT NULL REFERENCES persons (id),
    replaced_at bigint NOT NULL,
    details     text NOT NULL
);
CREATE INDEX person_history_person ON person_history (person, replaced_at);

-- Free texts about people; the log holds their id and digest.
CREATE TABLE person_texts (
    id     text COLLATE "C" PRIMARY KEY,
    person text NOT NULL,
    salt   text NOT NULL,
    body   text NOT NULL
);
CREATE INDEX person_texts_person ON person_texts (person);
