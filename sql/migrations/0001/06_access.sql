-- Who may log in, and who may see a queue. A file of its own because a site that keeps its people elsewhere replaces
-- the functions credentials and may_see_queue by `create or replace`. A replacement keeps the arguments, the result
-- columns, and the attributes: security definer, and a search_path of its own. No later migration redefines these two
-- functions. `queue-statistics status` reports a replacement that lost an attribute.

-- A customer and every customer above it, each with its own `deleted` mark. No row when the customer does not exist.
--
-- `union` drops rows that were seen before, so a cycle in `parent` ends the walk. The function has no settings (`set
-- ...`) of its own, so that the planner can put it into the query that calls it. It takes no lock beyond those of a
-- select, and writes nothing.
create function queue_statistics.customer_line(customer bigint)
  returns table (id bigint, deleted boolean)
  language sql stable
  as $$
  with recursive line (id, parent, deleted) as (
    select c.id, c.parent, c.deleted from queue_statistics.customers c where c.id = $1
    union
    select c.id, c.parent, c.deleted from line l join queue_statistics.customers c on c.id = l.parent
  )
  select line.id, line.deleted from line
  $$;

-- What the responder asks about a person who wants to log in. `username` is compared byte by byte. No row when nobody
-- has this name; else one row:
--   person       id of the person
--   password     the stored crypt(3) string
--   source       networks that the person may come from; empty: any address
--   active       the person is active, and neither its customer nor any customer above it is deleted
--   login        the role may log in
--   user_access  the role's access for the privilege `user`: 1 full, 2 read-only, 0 none or no such privilege
--
-- The function never compares a password, and never lists people: a hash is given only for an exact name. It takes no
-- lock beyond those of a select.
create function queue_statistics.credentials(username text)
  returns table (person bigint, password text, source cidr[], active boolean, login boolean, user_access smallint)
  language plpgsql stable security definer rows 1
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return query
    select p.id, p.password, p.source,
           p.active and not (select bool_or(l.deleted) from queue_statistics.customer_line(p.customer) l),
           r.login, coalesce(u.access, 0::smallint)
      from queue_statistics.people p
      join queue_statistics.roles r on r.id = p.role
      left join queue_statistics.role_privileges u on u.role = p.role and u.privilege = 'user'
     where p.username = credentials.username;
end
  $$;

-- Whether a person (id) may see the statistics of a queue (id). True in three cases:
-- 1. The queue belongs to the person's own customer.
-- 2. The person's role has the privilege `reseller`, and the queue belongs to a customer below the person's customer.
-- 3. The person's role has the privilege `system`.
--
-- False otherwise, and always false for a deleted queue, for a queue of a deleted customer, and for an unknown or null
-- argument. Never null. It does not ask whether the person may log in: credentials() answers that. It takes no lock
-- beyond those of a select.
create function queue_statistics.may_see_queue(person bigint, queue bigint)
  returns boolean
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return coalesce(
    (select not bool_or(l.deleted)
            and (bool_or(l.id = p.customer and (l.id = q.customer or coalesce(r.access, 0) > 0))
                 or coalesce(s.access, 0) > 0)
       from queue_statistics.people p
       join queue_statistics.queues q on q.id = may_see_queue.queue and not q.deleted
       left join queue_statistics.role_privileges r on r.role = p.role and r.privilege = 'reseller'
       left join queue_statistics.role_privileges s on s.role = p.role and s.privilege = 'system'
      cross join lateral queue_statistics.customer_line(q.customer) l
      where p.id = may_see_queue.person
      group by r.access, s.access), false);
end
  $$;

-- The roles and privileges that every site begins with, named as in Enswitch. A site adds its own. Nothing in the
-- product refers to a role by its id.
with seeded as (
  insert into queue_statistics.roles (name)
  values ('System owner'), ('Reseller'), ('Administrator'), ('User')
  returning id, name
)
insert into queue_statistics.role_privileges (role, privilege, access)
select seeded.id, p.privilege, 1
  from seeded
  join (values ('System owner', 'user'), ('System owner', 'reseller'), ('System owner', 'system'),
               ('Reseller', 'user'), ('Reseller', 'reseller'),
               ('Administrator', 'user'), ('Administrator', 'administrator'),
               ('User', 'user')) p (name, privilege) on p.name = seeded.name;
