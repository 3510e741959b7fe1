-- What is stored about a person who wants to log in, and which schema this is.
--
-- $1 text  username, exact
-- $2 inet  the client's address; null: unknown, which only a person without networks may have
--
-- One row, also for an unknown person:
--   version, works_with  of the newest migration (integer; null: none); see sql/store.hpp
--   person               bigint; null: no such person, and then nothing that follows counts
--   password             crypt(3) string
--   source_allowed       $2 lies in one of the person's networks, or there are none
--   active, login        boolean
--   user_access          0 none, 1 full, 2 read-only
-- What a site's own credentials() leaves null counts as a no.
--
-- Served by schema_version_pkey, people_username_key, roles_pkey, role_privileges_pkey, customers_pkey.
select s.version, s.works_with, c.person, coalesce(c.password, '') as password,
       coalesce(cardinality(c.source) = 0 or $2::inet <<= any (c.source), false) as source_allowed,
       coalesce(c.active, false) as active, coalesce(c.login, false) as login,
       coalesce(c.user_access, 0) as user_access
  from (values (true)) always
  left join (select v.version, v.works_with
               from queue_statistics.schema_version v
              order by v.version desc
              limit 1) s on true
  left join queue_statistics.credentials($1::text) c on true
