-- Deletes old events in a stretch of phone_events: those more than a day older than the oldest calls that are kept. The
-- day is left because a caller who entered before it still meets late events.
--
-- $1 tid   from this row
-- $2 tid   up to this row, which is not in the stretch
-- $3 date  calls are kept that started from this day on, UTC
delete from queue_statistics.phone_events
 where ctid >= $1::tid and ctid < $2::tid and "time" < ($3::date - 1)::timestamp at time zone 'UTC'
