-- What the database stores about a person who wants to log in, and the number of its schema.
--
-- $1 text  username, exact
-- $2 inet  address of the client; null when it is unknown, which only a person without networks may have
--
-- One row, for an unknown person too:
--   version, works_with  integer   of the newest migration; null when no migration was applied; see sql/store.hpp
--   token_epoch          bigint    changes whenever a token may have ended before its time
--   person               bigint    null when the person does not exist; then no column below counts
--   password             text      crypt(3) string
--   source_allowed       boolean   $2 lies in one of the person's networks, or the person has no networks
--   active, login        boolean
--   user_access          integer   0 none, 1 full, 2 read-only
-- A null that a site's own credentials() returns counts as a no.
--
-- Served by schema_version_pkey, people_username_key, roles_pkey, role_privileges_pkey, customers_pkey.
select s.version, s.works_with, e.epoch as token_epoch, c.person, coalesce(c.password, '') as password,
       coalesce(cardinality(c.source) = 0 or $2::inet <<= any (c.source), false) as source_allowed,
       coalesce(c.active, false) as active, coalesce(c.login, false) as login,
       coalesce(c.user_access, 0) as user_access
  from (values (true)) always
  left join (select v.version, v.works_with
               from queue_statistics.schema_version v
              order by v.version desc
              limit 1) s on true
  left join queue_statistics.token_epoch e on true
  left join queue_statistics.credentials($1::text) c on true
