-- The responder reads what its statements need, a password's hash only by the username (credentials()), and never the
-- key of tokens. Columns are granted by name, because no statement of the responder needs a call's uniqueid.
grant usage on schema queue_statistics to :"role";
grant execute on function queue_statistics.credentials(text), queue_statistics.customer_of(bigint),
  queue_statistics.may_see_queue(bigint, bigint), queue_statistics.visible_customers(bigint, bigint[]),
  queue_statistics.login_token(text, integer),
  queue_statistics.token_holds(bigint, bigint, text, bigint, text)
  to :"role";
grant select on queue_statistics.token_epoch to :"role";
grant select (version, works_with) on queue_statistics.schema_version to :"role";
grant select (id, customer, name, deleted) on queue_statistics.queues to :"role";
grant select (id, queue, dtype, dnumber, available, priority, removed) on queue_statistics.queue_destinations to :"role";
grant select (queue, destination, start, ringtime, holdtime, talktime, outcome, in_progress)
  on queue_statistics.queue_destination_calls to :"role";
grant select (queue, entered, waittime, talktime, outcome, in_progress) on queue_statistics.queue_calls to :"role";
grant select on queue_statistics.rollup_watermarks, queue_statistics.rollup_dirty, queue_statistics.rollup_sums,
  queue_statistics.rollup_caller_sums to :"role";
grant execute on function queue_statistics.offers(bigint, bigint, bigint[], integer[]),
  queue_statistics.offer_parts(bigint, bigint, bigint[], integer[]),
  queue_statistics.sums_of_calls(bigint, bigint, integer, bigint[], bigint[], integer[], bigint[],
    integer[]),
  queue_statistics.sums_of_sums(bigint, bigint, integer, integer[], integer[], integer[], integer[], bigint[],
    integer[]),
  queue_statistics.callers(bigint, bigint[], integer[]),
  queue_statistics.caller_span(bigint, bigint, bigint),
  queue_statistics.destinations(bigint), queue_statistics.destination(bigint),
  queue_statistics.destination_by_number(bigint, text, text), queue_statistics.destinations_by_number(text, text),
  queue_statistics.destination_offers(bigint, bigint, bigint[], integer[]),
  queue_statistics.caller_parts(bigint, bigint[], integer[]),
  queue_statistics.sums_of_callers(bigint, integer, bigint[], bigint[], integer[], bigint[],
    integer[]),
  queue_statistics.sums_of_caller_sums(bigint, integer, integer[], integer[], integer[], integer[], bigint[],
    integer[]),
  queue_statistics.rollup_ranges(bigint, bigint[]), queue_statistics.rollup_bin(integer),
  queue_statistics.rollup_label(bigint, bigint[], integer[]),
  queue_statistics.total(bigint), queue_statistics.rollup_widths(), queue_statistics.unix_second(timestamptz)
  to :"role";
