-- For SQLite alone, whose tables lie in the order of a key (docs/decisions/0024).
SELECT 1;
