-- The roles of phone systems, and what they are bound to.
--
-- $1 text  name of a role, exact; null: all
--
-- One row per role:
--   bound  text  such as: asterisk2: source pbx2, customer 7 and below, time zone Europe/Berlin, from 192.0.2.20
--
-- Served by phone_system_roles_pkey and phone_system_addresses_pkey.
select format('%s: source %s, %s, time zone %s%s', r.role, coalesce(r.source, 'asterisk or freeswitch'),
              coalesce('customer ' || r.customer || ' and below', 'any customer'),
              coalesce(r.timezone, 'of the session'),
              (select ', from ' || string_agg(distinct a.address, ' ' order by a.address)
                 from queue_statistics.phone_system_addresses a
                where a.role = r.role and a.seen > now() - interval '1 day'))
  from queue_statistics.phone_system_roles r
 where $1::text is null or r.role = (select oid from pg_roles where rolname = $1)
 order by r.role::text
