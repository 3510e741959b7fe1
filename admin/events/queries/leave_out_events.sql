-- Leaves events out of an import by their time. Lines that could not be read stay.
--
-- $1 timestamptz  those before this moment; null: none
-- $2 timestamptz  those from this moment on; null: none
--
-- Reads the import's temporary tables only.
delete from pg_temp.imported_events
 where problem is null and ((event)."time" < $1::timestamptz or (event)."time" >= $2::timestamptz)
