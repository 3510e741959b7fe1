-- Who may log in, and see what. A site that keeps its people elsewhere replaces credentials and may_see_queue (create
-- or replace), with the same arguments, results, and attributes: security definer, and a fixed search_path. Migrations
-- leave both alone.

-- A customer and everyone above it. `union` drops what was seen already, so a cycle ends the walk.
-- Without settings of its own, so that the planner can put it into the query that calls it.
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

-- What the responder asks about a person who wants to log in: no row for an unknown one. active: the person may log in,
-- and neither its customer nor anyone above is deleted. user_access: the role's access for the privilege `user`, 0 when
-- there is none.
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

-- Whether a person may see a queue's statistics: those of the person's own customer; with the privilege `reseller`
-- those of every customer below it; with `system` all. Never a deleted queue's or a deleted customer's.
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

-- Seeded roles, as in Enswitch's own list. Sites add theirs; nothing here refers to a role by its id.
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
