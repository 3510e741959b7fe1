-- Gives a person the hash that was copied into pg_temp.new_password.
-- $1 bigint  person
update queue_statistics.people set password = (select hash from pg_temp.new_password) where id = $1::bigint
