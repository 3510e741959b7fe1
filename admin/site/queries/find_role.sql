-- A role by its name.
-- $1 text
-- id bigint
select id from queue_statistics.roles where name = $1
