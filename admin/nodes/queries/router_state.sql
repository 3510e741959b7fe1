-- What `shard add` needs to know of the database that is a router, or becomes one.
--
-- $1 integer  number of a shard
--
-- One row:
--   wal_level   text     `logical` when shards can follow
--   has_plproxy boolean  this server has the extension's files
--   has_calls   boolean  this database has destinations or callers
--   has_server  boolean  stubs.sql ran
--   may_change  boolean  this role may give the server addresses, or run stubs.sql where it has not run
--   shards      integer  how many addresses there are
--   address     text     that of shard $1; null: none
--   owner       text     of the schema, quoted as an identifier where it must be
--   major       text     of the PostgreSQL server
select current_setting('wal_level') as wal_level,
       exists (select from pg_available_extensions where name = 'plproxy') as has_plproxy,
       exists (select from queue_statistics.queue_destinations) or exists (select from queue_statistics.queue_calls)
         as has_calls,
       s.oid is not null as has_server,
       case when s.oid is null then current_setting('is_superuser')::boolean else pg_has_role(s.srvowner, 'usage') end
         as may_change,
       (select count(*) from pg_options_to_table(s.srvoptions) o where o.option_name ~ '^p[0-9]+$')::integer as shards,
       (select o.option_value from pg_options_to_table(s.srvoptions) o where o.option_name = 'p' || $1::integer)
         as address,
       (select n.nspowner::regrole::text from pg_namespace n where n.nspname = 'queue_statistics') as owner,
       current_setting('server_version_num')::integer / 10000 as major
  from (select) one
  left join pg_foreign_server s on s.srvname = 'queue_statistics'
