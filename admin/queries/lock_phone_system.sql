-- Waits until the transaction that folds events of a phone system has ended.
--
-- $1 text  source
--
-- Served by phone_systems_pkey.
select queue_statistics.lock_phone_systems(array[$1])
