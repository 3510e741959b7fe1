-- Whether a day has begun, in UTC.
--
-- $1 date
--
-- One row; error 22007 or 22008 when the day does not exist:
--   is_past  boolean  the day has begun
select $1::date <= (now() at time zone 'UTC')::date
