-- How far each view has folded the log. The tables of the views are made from the code.
CREATE TABLE view_checkpoints (
    view     text COLLATE "C" PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);
