-- The schema, and the table that says which migrations a database has. This file comes first because every other file
-- puts its objects into the schema.
--
-- A migration is a folder. Its files run in the order of their names, in one transaction, as the owner of the schema:
-- by `queue-statistics migrate`, or by `cat 0001/*.sql | psql -1`. PostgreSQL 15 or later, encoding UTF-8. A released
-- migration is never edited: a change is a new migration. A later migration never redefines a function that a site may
-- have replaced (06_access.sql).
--
-- Two rules hold for the tables:
-- - Each primary key of the tables of destinations, calls and sums begins with the queue, so that these tables can be
--   partitioned or distributed by queue one day. A destination also has a unique id without the queue.
-- - Text that is a key or is ordered has collate "C": it is compared byte by byte, which gives the same result on every
--   system.

create schema queue_statistics;

-- One row per migration; the row of the highest version says which schema this is. A program knows the oldest and the
-- newest schema number that it serves, and works with this schema when `version` is not below the oldest and
-- `works_with` is not above the newest. So `works_with` is the schema number of the oldest program that still works
-- with this schema.
create table queue_statistics.schema_version (
  version    integer primary key check (version > 0),
  applied    timestamptz not null default now(),
  works_with integer not null check (works_with between 1 and version)
);

insert into queue_statistics.schema_version (version, works_with) values (1, 1);
