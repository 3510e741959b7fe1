-- Gives a person the hash that was copied into pg_temp.new_password. The hash is not a parameter, because the server's
-- log may show parameters.
--
-- $1 bigint  person
--
-- Served by people_pkey.
update queue_statistics.people set password = (select hash from pg_temp.new_password) where id = $1::bigint
