-- Whether a day has begun, in UTC.
--
-- $1 date
--
-- One row: boolean. 22007 and 22008: there is no such day.
select $1::date <= (now() at time zone 'UTC')::date
