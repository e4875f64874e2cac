-- From which table each view (name and version) is served: it is built anew into another one, and swapped by
-- its row here.
CREATE TABLE view_pointers (
    view      text COLLATE "C" PRIMARY KEY,
    stored_in text COLLATE "C" NOT NULL UNIQUE
);

-- Since when nothing is folded into a table any more, because another one took its place.
ALTER TABLE view_checkpoints ADD COLUMN retired_at bigint; -- microseconds since 1970, UTC

-- Which aggregates feed a document, beside those that its key names: so that the events of one document are
-- found without reading the whole log. Views that were made before this have no such rows, and no pointer:
-- they are built anew at the next start.
CREATE TABLE view_sources (
    stored_in      text COLLATE "C" NOT NULL,
    key            text COLLATE "C" NOT NULL,
    aggregate_type text COLLATE "C" NOT NULL,
    aggregate_id   text COLLATE "C" NOT NULL,
    PRIMARY KEY (stored_in, key, aggregate_type, aggregate_id)
);
