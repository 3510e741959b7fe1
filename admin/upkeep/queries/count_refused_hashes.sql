-- The active people whose stored hash the responder refuses. No hash leaves the database.
--
-- One row:
--   people  bigint
--   names   text    the first ten usernames, one per line; null for a role that may not read them
select people, names from queue_statistics.refused_hashes
