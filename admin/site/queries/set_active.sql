-- $1 text     username
-- $2 boolean
-- was_active boolean: before. No row: there is no such person.
with before as (
  select id, active from queue_statistics.people where username = $1 for no key update
)
update queue_statistics.people p set active = $2::boolean from before where p.id = before.id returning before.active
