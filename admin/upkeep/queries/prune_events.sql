-- Deletes old events in a stretch of phone_events: those more than a day older than a day. That day is left because a
-- caller who entered before it still meets late events.
--
-- $1 tid      from this row
-- $2 tid      up to this row, which is not in the stretch
-- $3 date     the day, UTC
-- $4 boolean  events that wait for a queue of their name go up to the day itself: they have no call, and shall make
--             none
delete from queue_statistics.phone_events
 where ctid >= $1::tid and ctid < $2::tid
   and ("time" < ($3::date - 1)::timestamp at time zone 'UTC'
        or $4::boolean and queue is null and "time" < $3::date::timestamp at time zone 'UTC')
