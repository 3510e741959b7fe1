-- Schema 1. A migration is a folder. Its files run in the order of their names, in one transaction, as the owner of the
-- schema (`queue-statistics migrate`, or `cat 0001/*.sql | psql -1`). PostgreSQL 15 or later, UTF-8. A released
-- migration is never edited: a change is a new migration. No migration touches a function that a site may replace
-- (06_access.sql).
--
-- The keys of destinations, calls and sums begin with the queue, so that these tables can be partitioned or distributed
-- by queue one day. Only a destination is also found by its id alone. Text that is compared or ordered is bytewise
-- (collate "C"): the same on every system.

create schema queue_statistics;

-- One row per migration. works_with: the oldest schema number of a program that still works with this schema. A program
-- serves every schema from its own oldest one up to one whose works_with is not above the program's newest.
create table queue_statistics.schema_version (
  version    integer primary key check (version > 0),
  applied    timestamptz not null default now(),
  works_with integer not null check (works_with between 1 and version)
);

insert into queue_statistics.schema_version (version, works_with) values (1, 1);
