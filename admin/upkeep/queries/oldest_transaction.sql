-- The oldest open transaction that changed something, in any database of the server. Only a superuser or a member of
-- pg_monitor sees the transactions of others.
--
-- No row when no such transaction is open. Otherwise one row:
--   description  text
select description
  from (select a.backend_xid as xid,
               format('process %s of %s in database %s, %s, since %s', a.pid, a.usename, a.datname,
                 coalesce(a.state, 'unknown state'), to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
               as description
          from pg_stat_activity a
         where a.backend_xid is not null
         union all
        select p.transaction, format('prepared transaction %s of %s in database %s, since %s', p.gid, p.owner,
                                     p.database, to_char(p.prepared at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
          from pg_prepared_xacts p) t
 order by age(xid) desc
 limit 1
