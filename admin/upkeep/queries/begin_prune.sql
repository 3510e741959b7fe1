-- Keeps events of phone systems from inserting calls that are to be pruned, and from being folded when they are as old
-- as the events that are to be pruned.
--
-- $1 date  calls that started before this day, UTC; null: none
-- $2 date  events from before this day, UTC; null: none
select queue_statistics.begin_prune($1::date::timestamp at time zone 'UTC', $2::date::timestamp at time zone 'UTC')
