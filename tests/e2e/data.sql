-- The data that the cases ask about. Loaded once. Times are Unix seconds around 1700000000 (14 November 2023).
-- Every password is `secret` and cheap to verify, unless a comment says otherwise.
begin;
set local search_path = queue_statistics;
\set secret '$6$rounds=1000$amy$urCHHJHNqobg1v5bM/AwdXruEN1tpGHyMSuigd9GEB3aeQ8/Ngok9VVZ6Edk9zFa2gVEMMCG/aSOQ5QymLICu.'

insert into customers (id, parent, name, deleted) values
  (1, null, 'House', false),
  (10, 1, 'Reseller', false),
  (11, 10, 'Alpha', false),
  (12, 10, 'Beta', false),
  (13, 11, 'Alpha branch', false),
  (20, 1, 'Foreign reseller', false),
  (21, 20, 'Gamma', false),
  (30, 10, 'Deleted', true),
  (31, 30, 'Below the deleted', false),
  (40, null, 'Ring one', false),
  (41, 40, 'Ring two', false);
update customers set parent = 41 where id = 40;

-- The roles that migration 1 does not seed.
insert into roles (id, name, login) values
  (100, 'May not log in', false),
  (101, 'Without user', true),
  (102, 'User 0', true),
  (103, 'User 2', true),
  (104, 'Reseller 2', true),
  (105, 'Reseller 0', true),
  (106, 'System 2', true),
  (107, 'System 0', true),
  (108, 'System without user', true);
insert into role_privileges (role, privilege, access) values
  (100, 'user', 1), (100, 'system', 1),
  (101, 'reseller', 1), (101, 'administrator', 1),
  (102, 'user', 0),
  (103, 'user', 2),
  (104, 'user', 1), (104, 'reseller', 2),
  (105, 'user', 1), (105, 'reseller', 0),
  (106, 'user', 1), (106, 'system', 2),
  (107, 'user', 1), (107, 'system', 0),
  (108, 'system', 1);

insert into people (customer, role, username, password, source, active)
select p.customer, r.id, p.username, :'secret', p.source::cidr[], p.active
  from (values
    (11, 'User', 'amy', '{}', true),
    (11, 'Administrator', 'adam', '{}', true),
    (12, 'User', 'bob', '{}', true),
    (13, 'Reseller', 'brenda', '{}', true),
    (10, 'Reseller', 'rita', '{}', true),
    (10, 'User', 'rob', '{}', true),
    (10, 'Reseller 2', 'rosa', '{}', true),
    (10, 'Reseller 0', 'rolf', '{}', true),
    (20, 'Reseller', 'frank', '{}', true),
    (1, 'Reseller', 'helen', '{}', true),
    (1, 'System owner', 'olga', '{}', true),
    (12, 'System 2', 'oscar', '{}', true),
    (12, 'System 0', 'otto', '{}', true),
    (30, 'System owner', 'gone', '{}', true),
    (31, 'User', 'gone_below', '{}', true),
    (40, 'Reseller', 'ring_one', '{}', true),
    (41, 'User', 'ring_two', '{}', true),
    (11, 'User', 'locked', '{}', false),
    (11, 'May not log in', 'no_login', '{}', true),
    (11, 'Without user', 'no_user', '{}', true),
    (11, 'User 0', 'user_0', '{}', true),
    (11, 'User 2', 'user_2', '{}', true),
    (11, 'System without user', 'system_only', '{}', true),
    (11, 'User', 'from_loopback', '{127.0.0.0/30}', true),
    (11, 'User', 'from_two', '{127.0.0.2/32,2001:db8::/32}', true),
    (11, 'User', 'from_elsewhere', '{192.0.2.0/24}', true),
    (11, 'User', 'josé', '{}', true),
    (11, 'User', 'semi;colon&equals=plus+', '{}', true),
    (11, 'User', 'name:colon', '{}', true),
    (11, 'User', ' spaced ', '{}', true)
  ) p (customer, role, username, source, active)
  join roles r on r.name = p.role;
insert into people (customer, role, username, password)
select 11, r.id, p.username, p.password
  from (values
    -- The longest name that is allowed: 255 bytes.
    (repeat('n', 255), :'secret'),
    -- People with another password, which stands behind the name.
    ('punctuation',  -- a&b;c=d
     '$6$rounds=1000$odd$gakGV5W8pF4Bb86liL4IY3S9EMUofPdHUFju.2uJ5lq7AJVhhDjyPE4BjRcrnlopE.A1a/t39kX/CffM8au0m/'),
    ('composed',  -- Über, composed (NFC)
     '$6$rounds=1000$comp$fV1p1EFgLyiT3xwshnK54xC/c.yzVy0vCRk6J/68PVcFmcHPyX4gvdlfFnbVFXMuyvAau/Klvzk26ZO18I9RU1'),
    ('percent',  -- %41
     '$6$rounds=1000$perc$eA2pXXgC.Xd.QhqEfNpplfsHMgqfLIZhusod8gSrptU.aavGxFp6gI.R69/ffNMLQO6g8ZXvqNOdwcUy.qud90'),
    ('plus',  -- a+b c
     '$6$rounds=1000$plus$VXnZedawFScbguKD1RipD4lJAXfpJotr7R6TRb0et1jh6BtLctwlB2xaGtZ4xkLN8JPSmtyR0RoWmjjhzGdCo/'),
    ('equals',  -- a=b==
     '$6$rounds=1000$equa$j/bXSI3iQicjMgV8s72bOJIhypBUmnKzS5Z7vNAK9l7q7y3L96VWlqZDS38qUbVNvexuyIGl8SsZ8u3PtlRwK/'),
    ('colon',  -- :a:b
     '$6$rounds=1000$colo$PEmvPLmJ3ovHhWduJybTxoCX9uTvxl7ZWA3U.8GgtycVhZWTA8XFMSUZ8D.rxvRlupTBd3hcQxfzDMSsDyJWR1'),
    ('longest',  -- p, 511 times
     '$6$rounds=1000$long$NnyYz6VP5ewPa664HDT4X0Ku/7jAtgwwBO.wiuak72g7jKj.uomLfm5HLdET.pgboLs6sD0RX824nOgW7lA9O.'),
    ('bcrypt_72',  -- b, 72 times
     '$2b$05$abcdefghijklmnopqrstuuANo2D/0RygHrRNJnDB9bVrQ6P0Ljn/a'),
    ('spaced_password',  -- secret between two spaces
     '$6$rounds=1000$spac$NWXkHnz/ti.91L67f/DClxjcojCmfsk0X4voJKyiWyTEDzYl1crfesbwRaK7V3a2OGZsaUr0imdRjje1VZDBF0'),
    -- Hashes that are verified.
    ('sha256', '$5$rounds=1000$sha256$Ht04zSVxgQ3c6ygFUJ97fMgzyddqX2zOKVfTh8bR9P0'),
    ('bcrypt', '$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a'),
    ('bcrypt_12', '$2b$12$abcdefghijklmnopqrstuuT1Iwu6o8Wx7BoOyIMHfgVJq6JO/IJhW'),
    ('yescrypt', '$y$j9T$abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlEu9'),
    ('yescrypt_64_mib', '$y$jBT$abcdefgh$g5kNaMLn3FQgER2OYaDTl107jknol.RlF09MbEKWtzB'),
    ('scrypt_64_mib', '$7$CU..../....abcdefgh$XWs9HxtpA2.6U5CDBBbcW.h3o9pYlC.MIIb8JqMgZx6'),
    ('sha512_500000',
     '$6$rounds=500000$dear$YnGiG/1SCc9cxqg72TIrl0u9DCVUeyZARaOYGnq6yqoUNQHR.giCeIf3/22z2GI1X9XO0RJwejZa.xoVcTFQe0'),
    -- Hashes that match no password.
    ('hash_empty', ''),
    ('hash_star', '*'),
    ('hash_bang', '!'),
    ('hash_star_0', '*0'),
    ('hash_star_1', '*1'),
    ('hash_locked', '!' || :'secret'),
    ('hash_plain', 'secret'),
    ('hash_unknown_scheme', '$9$abcdefgh$secret'),
    ('hash_setting_only', '$6$rounds=1000$amy$'),
    ('hash_truncated', left(:'secret', 60)),
    ('hash_truncated_by_one', left(:'secret', -1)),
    ('hash_with_more', :'secret' || 'x'),
    ('hash_truncated_bcrypt', '$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdc'),
    ('hash_truncated_yescrypt', '$y$j9T$abcdefgh$IUWJt2doU4Kf6E/JP1UkAT3S5O3Q7SSA8SJirXIlE'),
    -- Hashes of the right password by schemes that are too weak or too expensive.
    ('hash_des', 'abNANd1rDfiNc'),
    ('hash_bsdi_des', '_J9..abcd/H6HLCcf7nw'),
    ('hash_md5', '$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1'),
    ('hash_sun_md5', '$md5$abcdefgh$039tO8IKli6fTXViofrkG1'),
    ('hash_sha1', '$sha1$1000$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG'),
    ('hash_nt', '$3$$878d8014606cda29677a44efa1353fc7'),
    ('hash_bcrypt_13', '$2b$13$abcdefghijklmnopqrstuuyd9ipDgNyTEie103vumVuve9x.2WtxW'),
    ('hash_sha512_500001',
     '$6$rounds=500001$dear$ngAi0Tqwc5DMPaw222Qs20br304jmFMsSxYfM/FEw3.z10vJdnahCGxuok2JGk6JsFTElnG4HLogSMxg4MwcI1'),
    ('hash_sha256_500001', '$5$rounds=500001$dear$FldeDjdbr/1rZnfDO4niit9.m9C2rQuQdcVmqOtZmYA'),
    ('hash_scrypt_128_mib', '$7$DU..../....abcdefgh$UyrRMG5MoAT9tuqWlDJs1XK70KjL6eGps6eZyhgWxp.'),
    ('hash_yescrypt_128_mib', '$y$jCT$abcdefgh$NzR47oRXLLTnP8FdcJq2NBFYcG/wVSO1XMnxQhJ1um8')
  ) p (username, password)
  join roles r on r.name = 'User';

insert into queues (id, customer, name, deleted) values
  (100, 11, 'Sales', false),
  (101, 11, 'Without destinations', false),
  (102, 11, 'Deleted', true),
  (103, 12, 'Beta', false),
  (104, 21, 'Gamma', false),
  (105, 30, 'Of a deleted customer', false),
  (106, 31, 'Below a deleted customer', false),
  (107, 40, 'Ring one', false),
  (108, 41, 'Ring two', false),
  (109, 11, 'Averages', false),
  (110, 11, 'Odd names', false),
  (111, 11, 'Order', false),
  (112, 12, 'Deleted, of Beta', true),
  (113, 13, 'Alpha branch', false),
  (114, 10, 'Of the reseller', false),
  (115, 1, 'Of the house', false),
  (116, 12, 'Unavailable', false),
  (9223372036854775806, 11, 'Largest', false);

insert into queue_destinations (id, queue, dtype, dnumber, removed) values
  (1001, 100, 'phone', '1234567', null),
  (1002, 100, 'phone', '1234568', null),
  (1003, 100, 'forward', '491701234567', '2023-11-20 00:00:00+00'),
  (1004, 100, 'phone', '1234569', '2023-11-20 00:00:00+00'),
  (1021, 102, 'phone', '1', null),
  (1031, 103, 'phone', '1', null),
  (1041, 104, 'phone', '1', null),
  (1051, 105, 'phone', '1', null),
  (1061, 106, 'phone', '1', null),
  (1071, 107, 'phone', '1', null),
  (1081, 108, 'phone', '1', null),
  (1091, 109, 'phone', '1', null),
  (1092, 109, 'phone', '2', null),
  (1093, 109, 'phone', '3', null),
  (1094, 109, 'phone', '4', null),
  (1095, 109, 'phone', '5', null),
  (1101, 110, 'phone', E'quote " backslash \\ slash /', null),
  (1102, 110, 'phone', E'tab \t line \n bell \x07 delete \x7f', null),
  (1103, 110, E'sip "uri"\r', E'sip:josé@example.com 😀 </script> \u2028', null),
  (1111, 111, 'phone', 'b', null),
  (1112, 111, 'phone', 'B', null),
  (1113, 111, 'phone', 'é', null),
  (1114, 111, 'phone', '10', null),
  (1115, 111, 'phone', '9', null),
  (1116, 111, 'Phone', 'z', null),
  (1117, 111, 'peer', 'z', null),
  (1121, 112, 'phone', '1', null),
  (1131, 113, 'phone', '1', null),
  (1141, 114, 'phone', '1', null),
  (1151, 115, 'phone', '1', null),
  (9223372036854775806, 9223372036854775806, 'phone', '1', null);

insert into queue_destinations (id, queue, dtype, dnumber, available, priority) values
  (1161, 116, 'phone', '0', false, -32768);

insert into queue_destination_calls
       (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome, in_progress)
select c.queue, c.destination, 'call ' || row_number() over (), to_timestamp(c.start),
       c.ringtime, c.holdtime, c.talktime, c.outcome::call_outcome, c.in_progress
  from (values
    -- Every outcome; a talk time that is still to come, and one that was never learnt; a start between two seconds.
    (100, 1001, 1700000000.0, 5, 20, 60, 'answered', false),
    (100, 1001, 1700000100.7, 7, 31, 65, 'answered', false),
    (100, 1001, 1700000200.0, 3, 10, null, 'answered', true),
    (100, 1001, 1700000300.0, null, null, null, 'answered', false),
    (100, 1001, 1700000400.0, 20, null, null, 'no_answer', false),
    (100, 1001, 1700000500.0, null, null, null, 'busy', false),
    (100, 1001, 1700000600.0, 4, null, null, 'cancelled', false),
    (100, 1001, 1700000700.0, 6, null, null, 'answered_elsewhere', false),
    (100, 1001, 1700000800.9, null, null, null, 'failed', false),
    -- A removed destination.
    (100, 1003, 1700000050.0, 12, 40, 0, 'answered', false),
    -- A destination that was only busy: no time is known.
    (109, 1095, 1700000000.0, null, null, null, 'busy', false)
  ) c (queue, destination, start, ringtime, holdtime, talktime, outcome, in_progress);

-- Averages of talk time per destination: 12, 12.5, 12.34, 0.125 (rounds up to 0.13). Averages of hold time in the same
-- order: the greatest integer, 2/3, 0.004 (rounds to 0), 0.005 (rounds to 0.01).
insert into queue_destination_calls (queue, destination, uniqueid, start, ringtime, holdtime, talktime, outcome)
select 109, 1091, 'a' || n, to_timestamp(1700000000 + n), 1, 2147483647, 12, 'answered'::call_outcome
  from generate_series(1, 3) n
union all
select 109, 1092, 'b' || n, to_timestamp(1700000000 + n), 2, (n % 3 > 0)::integer, 11 + n % 2 * 3, 'answered'
  from generate_series(1, 6) n
union all
select 109, 1093, 'c' || n, to_timestamp(1700000000 + n), 0, n / 250, 12 + (n % 50 < 17)::integer, 'answered'
  from generate_series(1, 250) n
union all
select 109, 1094, 'd' || n, to_timestamp(1700000000 + n), 1, n / 200, (n % 8 = 0)::integer, 'answered'
  from generate_series(1, 200) n;

-- Callers. Queue 100: every outcome, unknown waits, an entry between two seconds, refused callers before and after all
-- others. Queue 109: waits at the limits of service levels. Queue 111: nobody whom a service level could be of.
insert into queue_calls (queue, uniqueid, entered, waittime, talktime, outcome, in_progress)
select c.queue, 'caller ' || row_number() over (), to_timestamp(c.entered), c.waittime, c.talktime,
       c.outcome::caller_outcome, c.in_progress
  from (values
    (100, 1699999900.0, null, null, 'refused', false),
    (100, 1700000000.0, 10, 60, 'answered', false),
    (100, 1700000100.7, 20, 65, 'answered', false),
    (100, 1700000200.0, 21, null, 'answered', true),
    (100, 1700000300.0, null, null, 'answered', false),
    (100, 1700000400.0, 4, null, 'abandoned', false),
    (100, 1700000500.0, 20, null, 'abandoned', false),
    (100, 1700000600.0, 300, null, 'timeout', false),
    (100, 1700000700.0, 7, null, 'key', false),
    (100, 1700000800.0, 8, null, 'empty', false),
    (100, 1700000900.0, null, null, 'other', false),
    (100, 1700001000.9, null, null, 'waiting', false),
    (100, 1700001100.0, null, null, 'waiting', false),
    (100, 1700001200.0, null, null, 'refused', false),
    (102, 1700000000.0, 1, 1, 'answered', false),
    (111, 1700000000.0, 0, null, 'abandoned', false),
    (111, 1700000001.0, null, null, 'waiting', false)
  ) c (queue, entered, waittime, talktime, outcome, in_progress)
 union all
select 109, 'answered after ' || wait, to_timestamp(1700000000), wait, 5, 'answered', false
  from unnest('{0,3,4,5,6,20,21,900,901}'::integer[]) wait
 union all
select 109, 'abandoned after ' || wait, to_timestamp(1700000000), wait, null, 'abandoned', false
  from unnest('{0,1,3,4}'::integer[]) wait;

-- The first and the last second in which a call can start and a caller can enter, and one from a clock that runs an hour ahead.
insert into queue_destination_calls (queue, destination, uniqueid, start, outcome) values
  (9223372036854775806, 9223372036854775806, 'first', '1970-01-01 00:00:00+00', 'no_answer'),
  (9223372036854775806, 9223372036854775806, 'last', '9999-12-31 23:59:59+00', 'no_answer'),
  (9223372036854775806, 9223372036854775806, 'ahead', now() + interval '1 hour', 'no_answer');
insert into queue_calls (queue, uniqueid, entered, outcome) values
  (9223372036854775806, 'first', '1970-01-01 00:00:00+00', 'abandoned'),
  (9223372036854775806, 'last', '9999-12-31 23:59:59+00', 'waiting'),
  (9223372036854775806, 'ahead', now() + interval '1 hour', 'waiting');
commit;
