-- Functions that lost what protects them, for instance because a site replaced them.
--
-- One row per problem:
--   problem  text
select format('the function %s ' || wrong.what, f.signature, f.signature)
  from (values ('queue_statistics.credentials(text)', true),
               ('queue_statistics.username_of(bigint)', true),
               ('queue_statistics.customer_of(bigint)', true),
               ('queue_statistics.may_see_queue(bigint, bigint)', true),
               ('queue_statistics.login_token(text, integer)', true),
               ('queue_statistics.token_holds(bigint, bigint, text, bigint, text)', true),
               ('queue_statistics.visible_customers(bigint, bigint[])', true),
               ('queue_statistics.is_deleted(bigint)', false)) f (signature, is_definer)
  left join pg_proc p on p.oid = to_regprocedure(f.signature)
 cross join lateral (
   values (p.oid is null, 'is missing. Create it again as in migration 1.'),
          (f.is_definer and not p.prosecdef,
           'is not SECURITY DEFINER: the responder cannot run it. alter function %s security definer;'),
          (f.is_definer and not exists (select from unnest(p.proconfig) c where c like 'search\_path=%'),
           'has no search_path of its own: its caller could make it use other tables. '
           'alter function %s set search_path = pg_catalog, pg_temp;'),
          (has_function_privilege('public', p.oid, 'execute'),
           'may be executed by everyone. revoke all on function %s from public;')) wrong (is_so, what)
 where wrong.is_so and (p.oid is not null or wrong.what like 'is missing%')
 order by f.signature, wrong.what
