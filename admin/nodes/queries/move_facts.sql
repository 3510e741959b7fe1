-- What a move needs to know of either shard.
--
-- $1 text  name of the subscription
--
-- One row:
--   version        integer  of the schema
--   may_publish    boolean  this role may make a publication here, of the owner's tables
--   may_replicate  boolean  ... and follow one
--   subscription   boolean  the subscription is here
--   may_drop       boolean  ... and this role may drop it
--   published      bigint[] the queues of the publication queue_statistics_move; null: there is none
--   slot           boolean  the subscription's replication slot is here
select (select max(v.version) from queue_statistics.schema_version v),
       has_database_privilege(current_database(), 'create')
       and pg_has_role((select n.nspowner from pg_namespace n where n.nspname = 'queue_statistics'), 'usage'),
       r.rolreplication or r.rolsuper,
       u.oid is not null,
       r.rolsuper or pg_has_role(u.subowner, 'usage') and current_setting('server_version_num')::integer >= 160000,
       (select substring(pg_get_expr(p.prqual, p.prrelid) from '\{[0-9,]*\}')
          from pg_publication_rel p
         where p.prpubid = (select b.oid from pg_publication b where b.pubname = 'queue_statistics_move')
           and p.prrelid = 'queue_statistics.queue_calls'::regclass),
       exists (select from pg_replication_slots s where s.slot_name = $1)
  from pg_roles r
  left join pg_subscription u on u.subname = $1
                             and u.subdbid = (select oid from pg_database where datname = current_database())
 where r.rolname = current_user
