-- Whether a token holds, and what the database stores about its person, as credentials.sql says it.
--
-- $1 bigint  the token's claim sub: the person
-- $2 bigint  its claim exp: when it ends, Unix seconds
-- $3 text    its claim fp: the fingerprint of the person's stored hash
-- $4 bigint  its claim jti: the id in the table tokens; null when it has none
-- $5 text    SHA-256 of the whole token, in lower-case hexadecimal digits
-- $6 inet    address of the client, as $2 of credentials.sql
--
-- One row:
--   signed    boolean  the token was signed by the key of now
--   username  text     whose token it is; null unless it holds
--   ends      bigint   when it ends, Unix seconds; null unless it holds
-- and the columns of credentials.sql, of the person of that name.
--
-- Served by schema_version_pkey, tokens_pkey, people_pkey, people_username_key, roles_pkey, role_privileges_pkey,
-- customers_pkey.
select s.version, s.works_with, e.epoch as token_epoch, t.signed, t.username, t.ends, c.person,
       coalesce(c.password, '') as password,
       coalesce(cardinality(c.source) = 0 or $6::inet <<= any (c.source), false) as source_allowed,
       coalesce(c.active, false) as active, coalesce(c.login, false) as login,
       coalesce(c.user_access, 0) as user_access
  from queue_statistics.token_holds($1::bigint, $2::bigint, $3::text, $4::bigint, $5::text) t
  left join (select v.version, v.works_with
               from queue_statistics.schema_version v
              order by v.version desc
              limit 1) s on true
  left join queue_statistics.token_epoch e on true
  left join queue_statistics.credentials(t.username) c on true
