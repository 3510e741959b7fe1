-- Changes what a person may see, where the person may come from, and the person's name.
--
-- $1 text    username
-- $2 bigint  customer; null: as before
-- $3 bigint  role; null: as before
-- $4 text    networks, as an array literal; null: as before
-- $5 text    new username; null: as before
--
-- No row when the person does not exist. Otherwise one row, after the change:
--   customer  bigint
--   role      text    its name
--   source    text    networks between commas; empty: any address
--   active    boolean
--
-- Served by people_username_key.
update queue_statistics.people p
   set customer = coalesce($2::bigint, p.customer), role = coalesce($3::bigint, p.role),
       source = coalesce($4::cidr[], p.source), username = coalesce($5, p.username)
 where p.username = $1
returning p.customer, (select r.name from queue_statistics.roles r where r.id = p.role),
          array_to_string(p.source, ', '), p.active
