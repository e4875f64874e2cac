-- For SQLite alone: PostgreSQL does not write whole pages at a commit.
SELECT 1;
