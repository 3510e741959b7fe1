-- Which phone system (PBX) a database role is: what `queue-statistics grant phone-system` says. A file of its own
-- because these tables alone decide what a role may write, whatever its rows say. They are tables and no settings of
-- the roles, so that a dump of the database has them.

-- One row per role that was granted the rights of a phone system. A `regrole` follows a role that is renamed, and a
-- dump has it as the role's name.
--   source    the role's events are of this phone system; null: of `asterisk` in queue_log, and of `freeswitch` in
--             freeswitch_events
--   customer  its events are of queues of this customer and of those below it alone; null: of any queue
--   timezone  the zone of `time` in queue_log where the text has no offset; null: that of the role's session
create table queue_statistics.phone_system_roles (
  role     regrole primary key,
  source   text collate "C" check (char_length(source) between 1 and 255),
  customer bigint references queue_statistics.customers on update restrict on delete restrict,
  timezone text
);

-- From where each role has written the events of a source: the address of its sessions (`local`: a Unix socket), and
-- when they wrote last, to the hour. Several Asterisks with one source end each other's calls when they start, and only
-- this table tells that there are several. It has the addresses of the last month.
create table queue_statistics.phone_system_addresses (
  role    regrole,
  source  text collate "C",
  address text collate "C",
  seen    timestamptz not null default now(),
  primary key (role, source, address)
);

-- The row of the session's role in phone_system_roles, else of the one role with a row that the session's role is a
-- member of. All null for the owner of the schema, superusers, and members of the owner: nothing binds them. SQLSTATE
-- 42501 when there is no such row, or there are several, because any choice could be another phone system. The
-- session's role is the one that logged in: no SET ROLE changes it. For functions that run with the owner's rights.
create function queue_statistics.phone_system_role()
  returns queue_statistics.phone_system_roles language plpgsql stable
  as $$
declare
  own     queue_statistics.phone_system_roles;
  several queue_statistics.phone_system_roles[];
begin
  if pg_has_role(session_user, current_user, 'member') then
    return null;
  end if;
  select * into own from queue_statistics.phone_system_roles r where r.role = quote_ident(session_user)::regrole;
  if found then
    return own;
  end if;
  several := array(select r from queue_statistics.phone_system_roles r
                    where pg_has_role(session_user, r.role, 'member'));
  if cardinality(several) = 1 then
    return several[1];
  end if;
  raise insufficient_privilege using
    message = format(case when several = '{}' then 'role %I is bound to no phone system'
                          else 'role %I is a member of the roles of several phone systems' end, session_user),
    hint = 'Run: queue-statistics grant phone-system ROLE. Each phone system logs in as a role of its own.';
end
  $$;

-- The source of the session's role; null when there is none. The default of the inboxes' column `source`, so the roles
-- of phone systems may execute it: it tells a role of itself alone.
create function queue_statistics.phone_system_source()
  returns text language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
  as $$
begin
  return (queue_statistics.phone_system_role()).source;
end
  $$;

-- Notes that the session writes events of a source now. It never fails and waits for nobody: what another open
-- transaction notes need not be noted again. fold_inbox() calls it once per session and hour.
create function queue_statistics.note_address(of_role regrole, of_source text)
  returns void language plpgsql
  set lock_timeout = '1ms'
  as $$
begin
  insert into queue_statistics.phone_system_addresses (role, source, address)
  values (of_role, of_source, coalesce(host(inet_client_addr()), 'local'))
      on conflict on constraint phone_system_addresses_pkey do update set seen = excluded.seen;
  delete from queue_statistics.phone_system_addresses a
   where a.role = of_role and a.source = of_source and a.seen < now() - interval '30 days';
exception when others then
  null;
end
  $$;
