-- How far the copy of a subscription is.
--
-- $1 text  name of the subscription
--
-- One row:
--   copied  bigint  tables
--   tables  bigint
select count(*) filter (where t.srsubstate = 'r'), count(*)
  from pg_subscription u
  join pg_subscription_rel t on t.srsubid = u.oid
 where u.subname = $1 and u.subdbid = (select oid from pg_database where datname = current_database())
