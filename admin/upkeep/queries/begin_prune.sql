-- Keeps events of phone systems from inserting calls that are to be pruned.
--
-- $1 date  calls that started before this day, UTC
select queue_statistics.begin_prune($1::date::timestamp at time zone 'UTC')
