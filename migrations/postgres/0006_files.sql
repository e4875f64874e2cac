-- Files: the bytes lie in the store of files; what a file is called lies in person_texts.
CREATE TABLE files (
    id          text PRIMARY KEY,
    sender      text NOT NULL,
    state       text NOT NULL CHECK (state IN ('received', 'claimed', 'gone')),
    received_at bigint NOT NULL,
    kind        text,
    size        bigint,
    sha256      text,
    person      text,
    thesis      text,
    name        text
);
CREATE INDEX files_person ON files (person);
CREATE INDEX files_to_sweep ON files (state, received_at) WHERE state <> 'claimed';

-- What the texts of theses are compared by; made from the files, and gone with them.
CREATE TABLE fingerprints (
    shingle bigint NOT NULL,
    thesis  text NOT NULL,
    PRIMARY KEY (shingle, thesis)
);
CREATE INDEX fingerprints_thesis ON fingerprints (thesis);

-- The theses whose texts are known.
CREATE TABLE checked_works (
    thesis text PRIMARY KEY
);
