-- Enables or disables a person.
--
-- $1 text     username
-- $2 boolean  active
--
-- No row when the person does not exist. Otherwise one row:
--   was_active  boolean  before
--
-- Served by people_username_key.
with before as (
  select id, active from queue_statistics.people where username = $1 for no key update
)
update queue_statistics.people p set active = $2::boolean from before where p.id = before.id returning before.active
