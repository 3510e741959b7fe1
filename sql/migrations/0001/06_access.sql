-- Who may log in, and who may see a queue. A file of its own because a site that keeps its people elsewhere replaces
-- the functions credentials, username_of, customer_of, may_see_queue and visible_customers by `create or replace`. A
-- replacement keeps the arguments, the result columns, and the attributes: security definer, and a search_path of its
-- own. No later migration redefines these functions. `queue-statistics status` reports a replacement that lost an
-- attribute.
--
-- may_see_queue and visible_customers say the same of a queue: the first serves statistics, which ask about one queue
-- and must cost little; the second serves lists, which ask about many customers at once. A site replaces both or none.

-- Whether a customer is deleted: it or a customer above it has the mark `deleted`. Also true for a customer that does
-- not exist. A cycle in `parent` ends the walk. It takes no lock beyond those of a select.
create function queue_statistics.is_deleted(customer bigint)
  returns boolean
  language plpgsql stable
  as $$
declare
  above  bigint := customer;
  gone   boolean;
  walked bigint[] := '{}';
begin
  loop
    walked := walked || above;
    select c.parent, c.deleted into above, gone from queue_statistics.customers c where c.id = above;
    if not found or gone then
      return true;
    end if;
    exit when above is null or above = any (walked);
  end loop;
  return false;
end
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
           p.active and not queue_statistics.is_deleted(p.customer),
           r.login, coalesce(u.access, 0::smallint)
      from queue_statistics.people p
      join queue_statistics.roles r on r.id = p.role
      left join queue_statistics.role_privileges u on u.role = p.role and u.privilege = 'user'
     where p.username = credentials.username;
end
  $$;

-- The name of a person (id), which the person of a token is asked for; null when there is no such person. No role but
-- the owner may call it: else the responder's role could list people.
create function queue_statistics.username_of(person bigint)
  returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
  select p.username from queue_statistics.people p where p.id = person
  $$;

-- The customer of a person (id), for the answer of user/login and for lists; null when there is no such person.
create function queue_statistics.customer_of(person bigint)
  returns bigint
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
  select p.customer from queue_statistics.people p where p.id = person
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
declare
  own        bigint;
  above      bigint;
  reseller   boolean;
  seen       boolean;
  gone       boolean;
  walked     bigint[] := '{}';
begin
  select p.customer, q.customer, coalesce(r.access, 0) > 0, p.customer = q.customer or coalesce(s.access, 0) > 0
    into own, above, reseller, seen
    from queue_statistics.people p
    join queue_statistics.queues q on q.id = may_see_queue.queue and not q.deleted
    left join queue_statistics.role_privileges r on r.role = p.role and r.privilege = 'reseller'
    left join queue_statistics.role_privileges s on s.role = p.role and s.privilege = 'system'
   where p.id = may_see_queue.person;
  if not found then
    return false;
  end if;
  -- From the queue's customer upwards.
  loop
    walked := walked || above;
    seen := seen or reseller and above = own;
    select c.parent, c.deleted into above, gone from queue_statistics.customers c where c.id = above;
    if gone then
      return false;
    end if;
    exit when above is null or above = any (walked);
  end loop;
  return seen;
end
  $$;

-- Those of the customers (ids) whose queues a person (id) may see, each once, in no order. The rules are those of
-- may_see_queue. No row for an unknown or deleted customer, or for an unknown person. It takes no lock beyond those of
-- a select.
create function queue_statistics.visible_customers(person bigint, customers bigint[])
  returns setof bigint
  language plpgsql stable security definer rows 10
  set search_path = pg_catalog, pg_temp
  as $$
declare
  own      bigint;
  reseller boolean;
  everyone boolean;
begin
  select p.customer, coalesce(r.access, 0) > 0, coalesce(s.access, 0) > 0
    into own, reseller, everyone
    from queue_statistics.people p
    left join queue_statistics.role_privileges r on r.role = p.role and r.privilege = 'reseller'
    left join queue_statistics.role_privileges s on s.role = p.role and s.privilege = 'system'
   where p.id = visible_customers.person;
  return query
    with recursive up (customer, id, parent, deleted) as (
      select c.id, c.id, c.parent, c.deleted
        from unnest(customers) asked (id)
       -- `offset 0`: by index, however many customers PostgreSQL expects.
       cross join lateral (select * from queue_statistics.customers k where k.id = asked.id offset 0) c
       where asked.id = own or reseller or everyone  -- most people see their own alone, whatever they ask about
       union                                         -- not `all`, so that a cycle in `parent` ends the walk
      select u.customer, c.id, c.parent, c.deleted
        from up u
       cross join lateral (select * from queue_statistics.customers k where k.id = u.parent offset 0) c
    )
    select u.customer
      from up u
     group by u.customer
    having not bool_or(u.deleted) and (everyone or bool_or(u.id = own));
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
