-- Customers that are above themselves.
--
-- One row, or no row:
--   problem  text
with recursive above (id, ancestor) as (
  select id, parent from queue_statistics.customers where parent is not null
  union
  select a.id, c.parent
    from above a
    join queue_statistics.customers c on c.id = a.ancestor
   where c.parent is not null
)
select format('customers are above themselves, so that who is above whom has no end: %s. Correct their parent.',
              string_agg(id::text, ', ' order by id))
  from above
 where id = ancestor
having count(*) > 0
