-- For SQLite alone, where each commit writes whole pages (docs/decisions/0022).
SELECT 1;
