-- For PostgreSQL alone: here no batch is ever on its way to a server.
SELECT 1;
