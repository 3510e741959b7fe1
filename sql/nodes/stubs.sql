-- The router's way to its shards: functions of PL/Proxy, and the server queue_statistics that has the shards'
-- addresses. Only a superuser can run this, once per router: the first `queue-statistics shard add` does, with the
-- address of shard 0 for :'address'. On the shards the router logs in as queue_statistics_router, unless an address
-- names another user.
--
-- The functions belong to a role that nobody can log in as, and that may use the server and nothing else. So the owner
-- of the schema can ask the shards these questions, and neither read their passwords nor send other statements.

create schema queue_statistics_shards;
create extension if not exists plproxy schema queue_statistics_shards;
do $$
begin
  if not exists (select from pg_roles where rolname = 'queue_statistics_shards') then
    create role queue_statistics_shards nologin;
  end if;
end
  $$;
-- Connections end after half an hour, so that their plans and memory do not grow old. A bit mask is PL/Proxy's default.
create server queue_statistics foreign data wrapper plproxy
  options (modular_mapping '1', connection_lifetime '1800', p0 :'address');
grant usage on foreign server queue_statistics to queue_statistics_shards;
create user mapping for queue_statistics_shards server queue_statistics options (user 'queue_statistics_router');

create function queue_statistics_shards.answer(shard smallint, question text[])
  returns text language plproxy security definer
  as $$
  cluster 'queue_statistics';
  run on shard;
  select queue_statistics.answer_here(shard, question);
  $$;
create function queue_statistics_shards.all_answers(question text[])
  returns setof text language plproxy security definer
  as $$
  cluster 'queue_statistics';
  run on all;
  select queue_statistics.answer_here(null, question);
  $$;
alter function queue_statistics_shards.answer(smallint, text[]) owner to queue_statistics_shards;
alter function queue_statistics_shards.all_answers(text[]) owner to queue_statistics_shards;
revoke all on all functions in schema queue_statistics_shards from public;
do $$
declare
  owner name := (select n.nspowner::regrole from pg_namespace n where n.nspname = 'queue_statistics');
begin
  execute format('grant usage on schema queue_statistics_shards to %I, queue_statistics_shards', owner);
  execute format('grant execute on all functions in schema queue_statistics_shards to %I', owner);
end
  $$;
