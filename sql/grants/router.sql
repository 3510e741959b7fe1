-- A router asks a shard its questions by this one function, and reads no table.
grant usage on schema queue_statistics to :"role";
grant execute on function queue_statistics.answer_here(smallint, text[]) to :"role";
