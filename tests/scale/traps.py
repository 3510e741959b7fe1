"""What PL/Proxy does wrong by itself. See `run`."""

import time


def traps(said, router, shard):
    """The set-up works around it. Where a later version is better, docs/scaling.md and the set-up may ask for less."""
    version = router.run("select extversion from pg_extension where extname = 'plproxy';")
    slow = "select * from queue_statistics.destinations(7);"
    body = shard.run("select pg_get_functiondef('queue_statistics.destinations(bigint)'::regprocedure);")
    shard.run("""create or replace function queue_statistics.destinations(of_queue bigint)
        returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
        language plpgsql as $$ begin perform pg_catalog.pg_sleep(2.5); end $$;""")

    def asked(before):
        """The SQLSTATE of an answer on the router, and its time. A session of its own."""
        began = time.monotonic()
        return router.state(f"{before} {slow}"), time.monotonic() - began

    shard.run("alter role queue_statistics_router in database shard1 set statement_timeout = 300;")
    shard.run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'queue_statistics_router';")
    ends = []
    while len(ends) < 60 and not any(seconds > 1.2 for _, seconds in ends):
        ends.append(asked("set statement_timeout = 1500;"))
    said.check(f"PL/Proxy {version} waits in vain where the shard's limit is below the router's", True,
               ends[-1][1] > 1.2)
    said.check("the router's limit ends them all", [{"57014"}, True],
               [{state for state, _ in ends}, all(seconds < 2.5 for _, seconds in ends)])
    shard.command("grant", "router", "queue_statistics_router")

    router.run("alter server queue_statistics options (add query_timeout '1');")
    state, seconds = asked("")
    said.check(f"PL/Proxy {version}: its query_timeout of 1 s does not end a silence of 2.5 s", ["", True],
               [state, seconds > 2.4])
    router.run("alter server queue_statistics options (drop query_timeout);")
    said.check("the router's own limit does end it", ["57014", True],
               (lambda end: [end[0], end[1] < 2])(asked("set statement_timeout = 1000;")))
    shard.run(f"{body};")

    shard.crash()
    said.check("PL/Proxy's own errors are of the class of bugs", "XX000", router.state(
        "select queue_statistics_shards.answer(1::smallint, array['destinations', '7']);"))
    said.check("the router's functions say what it is", "08006", asked("")[0])
    shard.start()
    said.check("and answer again", "", asked("")[0])
