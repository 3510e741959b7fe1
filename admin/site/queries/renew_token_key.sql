-- Makes a new key, which ends all tokens: those that token add made, and those of logins.
--
-- One row, without a value.
select queue_statistics.renew_token_key()
