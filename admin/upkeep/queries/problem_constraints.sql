-- Checks and references that may not hold, triggers that do not run, and indexes that cannot be used.
--
-- One row per problem:
--   problem  text
select format('the constraint %I of %s is not validated: alter table %s validate constraint %I;',
              c.conname, c.conrelid::regclass, c.conrelid::regclass, c.conname)
  from pg_constraint c
 where c.connamespace = 'queue_statistics'::regnamespace and c.conrelid <> 0 and not c.convalidated
union all
select format('triggers of %s do not run, references among them: alter table %s enable trigger all;', t.name, t.name)
  from (select distinct tgrelid::regclass::text as name
          from pg_trigger g
          join pg_class r on r.oid = g.tgrelid
         where r.relnamespace = 'queue_statistics'::regnamespace and g.tgenabled in ('D', 'R')) t
union all
select format('the index %s is not valid: reindex index concurrently %s;',
              i.indexrelid::regclass, i.indexrelid::regclass)
  from pg_index i
  join pg_class r on r.oid = i.indrelid
 where r.relnamespace = 'queue_statistics'::regnamespace and not i.indisvalid
 order by 1
