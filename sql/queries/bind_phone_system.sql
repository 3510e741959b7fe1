-- Says which phone system a role is. What is null stays as it is.
--
-- $1 text     name of the role, exact
-- $2 text     source
-- $3 bigint   customer
-- $4 boolean  the role is no longer bound to a customer
-- $5 text     time zone, as find_time_zone names it
--
-- Served by pg_authid_rolname_index and phone_system_roles_pkey.
insert into queue_statistics.phone_system_roles as p (role, source, customer, timezone)
select r.oid, $2, $3::bigint, $5 from pg_roles r where r.rolname = $1
    on conflict (role) do update set source = coalesce(excluded.source, p.source),
                                     customer = case when not $4 then coalesce(excluded.customer, p.customer) end,
                                     timezone = coalesce(excluded.timezone, p.timezone)
