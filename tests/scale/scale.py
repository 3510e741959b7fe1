"""What is the same past one machine, and what happens when a part is away. See `run`."""

import itertools
import os
import pathlib
import re
import subprocess
import sys
import time

import moving
import nodes
import traps
from lib import postgresql, psql, verdict
from nodes import Database, Responders, eventually

HERE = pathlib.Path(__file__).parent
PEOPLE = ("olga", "amy", "rita", "helen")
FIRST, LATER = "{1,2,3,4,5,6}", "{7,8,9,10,11,12}"  # queues of shard 0 and of shard 1
T = 1000000000000  # ids of a shard
NOW = 1795514400  # of calls.sql: 2026-11-24 10:00 UTC
DAY = 86400
OFFERS, CALLERS = "queues/destinations/statistics/get", "queues/statistics/get"


def loaded(database, file, **variables):
    values = "".join(f"\\set {name} {value}\n" for name, value in variables.items())
    database.run(f"{values}\\i {HERE}/{file}\n")


def commands(section, step=None):
    """The commands of a section of docs/scaling.md, or of a step of it."""
    text = (psql.TREE / "docs/scaling.md").read_text(encoding="utf-8").partition(f"\n## {section}\n")[2]
    text = text.partition("\n## ")[0]
    if step:
        text = text.partition(f"\n{step}. ")[2].partition(f"\n{step + 1}. ")[0]
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.startswith("       " if step else "    "))


def script_of(section, step=None):
    """These commands, with our names of machines and roles."""
    script = commands(section, step).replace("createuser queue-statistics", "true").replace("reader queue-statistics",
                                                                                            "reader reader")
    script = script.replace("PGSERVICE=primary", "PGSERVICE=single")
    for name in ("router", "shard0", "shard1"):
        script = script.replace(f"host={name} dbname=queue_statistics", nodes.DATABASES[name].conninfo())
    return script


def do(section, step=None):
    """Runs the commands of a section of docs/scaling.md, or of a step of it."""
    subprocess.run(["bash", "-euo", "pipefail", "-c", script_of(section, step)], check=True, stdout=subprocess.DEVNULL,
                   env=os.environ | nodes.commands_environment())


def make(said, single, router, shards):
    """As docs/scaling.md tells: the first machine becomes shard 0 as it stands, and a second one comes."""
    first, second = shards
    psql.run("create role reader login; create role owner login createrole; create database single;"
             " create database router owner owner;")
    second.run("create role owner login createrole; alter database shard1 owner to owner;")
    for database in (single, first):
        database.command("migrate")
        loaded(database, "site.sql")
        loaded(database, "calls.sql", low=0, queues=FIRST)
    single.command("grant", "reader", "reader")
    router.command("migrate", user="owner")
    second.command("migrate", user="owner")
    alone, another = "From one machine to a router and shard 0", "Another shard"
    do(alone, 1)
    do(alone, 2)
    refused_first(said, router, ("shard", "add", 0, first.conninfo()), "create server queue_statistics foreign data")
    do(alone, 3)
    do(alone, 4)
    refused_first(said, router, ("shard", "add", 1, second.conninfo()), "alter server queue_statistics options (add p1")
    refused_first(said, second, ("shard", "init", 1, "--router", router.conninfo("postgres")), "shard add 1 CONNINFO")
    router.command("shard", "add", 1, "host=wrong")  # the address that follows is the right one
    refused_first(said, second, ("shard", "init", 1, "--router", router.conninfo("postgres")), "create subscription")
    do(another)
    for number, customer in zip(range(7, 13), (3, 3, 3, 4, 4, 4)):
        words = ("--customer", customer, f"Queue {number}")
        router.command("queue", "add", "--id", number, *(("--shard", 1) if number == 7 else ()), *words, user="owner")
        single.command("queue", "add", "--id", number, *words)
    queues = "select count(*) from queue_statistics.queues join queue_statistics.queue_shards on queue = id;"
    eventually("copy of the new queues", lambda: second.run(queues) == "12")
    loaded(second, "calls.sql", low=T, queues=LATER)
    loaded(single, "calls.sql", low=T, queues=LATER)
    for database in (single, *shards):
        database.command("roll-up")
        # Late calls, which no sum has.
        database.run("""
            insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome)
            select queue, id, 'late', '2026-10-01 12:00:00.5Z', 'busy'
              from queue_statistics.queue_destinations where id % 100 = 1;""")
        database.run("vacuum analyze;")


def refused_first(said, database, words, statement):
    """The owner of the schema, who is no superuser, is refused, told the SQL, and nothing has changed."""
    state = ("select (select count(*) from pg_foreign_server), (select count(*) from pg_publication),"
             " (select count(*) from pg_subscription), (select count(*) from queue_statistics.shard),"
             " (select array_agg(srvoptions) from pg_foreign_server);")
    before = database.run(state)
    why = database.refusal(*words, user="owner")
    said.check(f"{words[:3]} by the owner", True, statement in why)
    said.check(f"{words[:3]} by the owner changes nothing", before, database.run(state))


def main():
    kind, nodes.BUILD = sys.argv[1:]
    said = verdict.Verdict()
    single, router = Database("single", "data", 5432), Database("router", "data", 5432)
    with nodes.clusters(("shard0", "shard1")) as shards:
        make(said, single, router, shards)
        with Responders(single) as of_single, Responders(router) as of_router:
            compare(said, kind, of_single, of_router)
            compare_by_sql(said, single, router)
            shard_away(said, shards[1], of_router)
            shard_of_no_use(said, shards[1], of_router)
            moved(said, router, shards, of_router)
            if kind == "all":
                slow_shard(said, router, shards[1], of_router)
        wrong_nodes(said, router, shards)
        writing(said, shards)
        importing_events(said, shards)
        roles(said, router, shards)
        following(said, router, shards[1])
        states(said, router, shards)
        moving.moving(said, kind, router, shards, script_of("Moving a phone system's queues").splitlines())
        purged(said, router, shards)
        if kind == "all":
            traps.traps(said, router, shards[1])
            standby(said, router, shards[1])
            read_standby(said, single)
    return said.close()


def questions(kind):
    """Function and parameters."""
    identities = list(range(1, 14))
    destinations = [shard * T + queue * 100 + n for shard, queue in
                    ((0, 1), (0, 2), (0, 4), (0, 5), (0, 6), (1, 7), (1, 10), (1, 12)) for n in (1, 5)]
    destinations += [99, 5 * T + 1, 2 ** 63 - 1]
    periods = [{}, {"start": NOW - DAY, "end": NOW}, {"start": 1600000000, "end": 1790000321},
               {"start": NOW - 300 * DAY, "end": NOW - 2}, {"start": NOW, "end": NOW}, {"start": NOW - 7 * DAY}]
    if kind == "quick":
        periods = periods[:2]
    for period in periods:
        for queue in identities:
            yield OFFERS, {"queue": queue} | period
            yield CALLERS, {"queue": queue, "service_level": "20,60", "short_abandon": 5} | period
        for destination in destinations:
            yield OFFERS, {"destination": destination} | period
    for queue in (1, 7, 3, 12):
        asked = {"queue": queue, "start": NOW - 20 * DAY, "end": NOW, "timezone": "Europe/Berlin"}
        for interval, format in itertools.product(("day", "hour_of_day", "month"), ("json", "csv")):
            yield CALLERS, asked | {"interval": interval, "format": format}
            yield OFFERS, asked | {"interval": interval, "format": format}
            yield CALLERS, {"queue": queue, "interval": "month", "format": format}
        yield OFFERS, {"destination": (queue > 6) * T + queue * 100 + 1, "interval": "week", "start": NOW - 90 * DAY}
        yield "queues/destinations/get", {"queue": queue, "dtype": "phone", "dnumber": "1234567"}
        yield "queues/destinations/get", {"queue": queue, "dtype": "phone", "dnumber": f"1000{queue}"}
    for queue in identities:
        yield "queues/destinations/list", {"queue": queue}
        yield "queues/get", {"id": queue}
    for destination in destinations:
        yield "queues/destinations/get", {"id": destination}
    for dnumber in ("1234567", "10001", "10007", "a,b%5Cc", "none"):
        yield "queues/destinations/list", {"dtype": "phone", "dnumber": dnumber}
    for customer in (1, 2, 3, 4, 5, 6):
        yield "queues/list", {"customer": customer}
        yield "queues/list", {"customer": customer, "count": 1}


def compare(said, kind, of_single, of_router):
    statuses = []
    for person in PEOPLE:
        for function, parameters in questions(kind):
            expected = of_single.ask(function, person, **parameters)
            got = of_router.ask(function, person, **parameters)
            statuses.append(expected[0])
            said.check(f"{person} {function} {parameters}", expected[:2], got[:2])
    good = statuses.count(200)
    said.check(f"most are 200: {good} of {len(statuses)}", True, good > len(statuses) / 2)


def literals(values):
    return ", ".join("null" if value is None else f"'{value}'" for value in values)


def compare_by_sql(said, single, router):
    """The functions that the responder's statements call give the same rows, in whatever order. The rows that a router
    hands on packed, the one machine packs for this as a shard does."""
    def rows_of(packed):
        return f"""select coalesce(string_agg(part, ')(' order by part), '') from {packed} p (sums)
                    cross join regexp_split_to_table(substr(sums, 6, length(sums) - 6), '\\)\\(') part;"""

    week = [NOW - 7 * DAY + hour * 3600 for hour in range(169)]
    periods = [("{0,253402300800}", None), (f"{{{NOW - DAY},{NOW - 7}}}", None), ("{1600000000,1790000321}", None),
               (f"{{{','.join(map(str, week))}}}", f"{{{','.join(str(hour % 24) for hour in range(168))}}}")]
    names, ours, theirs = [], [], []
    for queue in range(1, 13):
        destination = (queue > 6) * T + queue * 100 + 1
        for edges, labels in periods:
            for name, of_destination in (("offers", None), ("offers", destination), ("callers", None)):
                question = (queue, of_destination, edges, labels)
                asked = question if name == "offers" else (queue, edges, labels)
                names.append(f"{name} {asked}")
                ours.append(rows_of(f"(select sums from queue_statistics.{name}({literals(asked)}))"))
                theirs.append(rows_of(f"queue_statistics.answer_here(null, array[{literals((name, *question))}])"))
        names.append(f"caller_span({queue}), in whole seconds")
        ours.append("select date_trunc('second', first), date_trunc('second', last)"
                    f" from queue_statistics.caller_span({queue}, 0, {NOW});")
        theirs.append(ours[-1])
        for call in (f"destinations({queue})", f"destination({destination})",
                     f"destination_by_number({queue}, 'phone', '1000{queue}')",
                     f"destinations_by_number('phone', '1000{queue}')"):
            names.append(call)
            ours.append(f"select string_agg(r::text, ' ' order by r::text) from queue_statistics.{call} r;")
            theirs.append(ours[-1])
    got = router.run("\n".join(ours)).split("\n")
    expected = single.run("\n".join(["begin; insert into queue_statistics.shard (number) values (0);", *theirs,
                                     "rollback;"])).split("\n")
    said.check("as many answers", [len(names)] * 2, [len(expected), len(got)])
    for name, there, here in zip(names, expected, got):
        said.check(f"by SQL: {name}", there, here)
    full = sum(map(bool, expected))
    said.check(f"most have rows: {full} of {len(names)}", True, full > len(names) / 2)


def shard_away(said, shard, of_router):
    """Only the queues of a shard that is away fail, at once; and all is well as soon as it is back."""
    def statuses():
        return {
            "its queue": of_router.status(OFFERS, queue=7), "its callers": of_router.status(CALLERS, queue=7),
            "its series": of_router.status(CALLERS, queue=7, interval="day", end=NOW),
            "its destination": of_router.status(OFFERS, destination=T + 701),
            "a destination of it": of_router.status("queues/destinations/get", id=T + 701),
            "its destinations": of_router.status("queues/destinations/list", queue=7),
            "a number in all queues": of_router.status("queues/destinations/list", dtype="phone", dnumber="none"),
            "its name": of_router.status("queues/get", id=7), "another queue": of_router.status(OFFERS, queue=1),
            "another destination": of_router.status(OFFERS, destination=101), "health": of_router.status("health"),
            "no queue": of_router.status(OFFERS, queue=99), "no destination": of_router.status(OFFERS, destination=99),
            "somebody else's": of_router.status(OFFERS, "amy", queue=7)}

    well = statuses()
    of_its_data = [name for name in well if name.startswith(("its ", "a ")) and name != "its name"]
    said.check("all is well", {name: 404 if name[:2] in ("no", "so") else 200 for name in well}, well)
    shard.crash()
    away = statuses()
    said.check("its queues alone fail", {name: 503 if name in of_its_data else well[name] for name in well}, away)
    slowest = max(of_router.ask(OFFERS, queue=7)[2] for _ in range(5))
    said.check(f"within a second: {slowest:.3f} s", True, slowest < 1)
    shard.start()
    said.check("all is well at once", well, statuses())
    for pause in (0, 2.5):  # PL/Proxy looks at a connection that was idle for 2 s before it uses it
        time.sleep(pause)
        shard.ctl("-m", "fast", "restart")
        said.check(f"no answer fails after a restart, {pause} s idle", well, statuses())


def shard_of_no_use(said, shard, of_router):
    """Whatever keeps the router from asking a shard is 503, and no fault of the program's."""
    answer_here = "function queue_statistics.answer_here(smallint, text[])"
    ended = ("select count(pg_terminate_backend(pid)) from pg_stat_activity"
             " where usename in ('queue_statistics_router', 'nobody');")
    for what, begin, end in (
            ("no connection is left", "alter role queue_statistics_router connection limit 0",
             "alter role queue_statistics_router connection limit -1"),
            ("its role is gone", "alter role queue_statistics_router rename to nobody",
             "alter role nobody rename to queue_statistics_router"),
            ("its role lacks a right", f"revoke execute on {answer_here} from queue_statistics_router",
             f"grant execute on {answer_here} to queue_statistics_router"),
            ("it is not migrated", f"alter {answer_here} rename to another_name",
             f"alter {answer_here.replace('answer_here', 'another_name')} rename to answer_here"),
            ("it is another shard", "update queue_statistics.shard set number = 2",
             "update queue_statistics.shard set number = 1"),
            ("somebody locks the calls", None, None)):
        if begin:
            shard.run(f"{begin}; {ended}")
            said.check(what, [503, 200], [of_router.status(OFFERS, queue=queue) for queue in (7, 1)])
            shard.run(f"{end};")
        else:
            with shard.locked("queue_statistics.queue_destination_calls"):
                status, _, seconds = of_router.ask(OFFERS, queue=7)
            said.check(f"{what}: {seconds:.1f} s", [503, True], [status, seconds < 2])
        said.check(f"{what}, no more", 200, of_router.status(OFFERS, queue=7))


def slow_shard(said, router, shard, of_router):
    """The router's own limit ends what takes too long on a shard, there too; and so does a client that leaves."""
    body = shard.run("select pg_get_functiondef('queue_statistics.destinations(bigint)'::regprocedure);")
    shard.run("""create or replace function queue_statistics.destinations(of_queue bigint)
        returns table (id bigint, queue bigint, dtype text, dnumber text, available boolean, priority smallint)
        language plpgsql as $$ begin perform pg_catalog.pg_sleep(30); end $$;""")
    working = ("select count(*) from pg_stat_activity where usename = '{}' and state <> 'idle';")

    def idle():
        return [shard.run(working.format("queue_statistics_router")), router.run(working.format("reader"))] == ["0"] * 2

    for _ in range(2):
        status, _, seconds = of_router.ask("queues/destinations/list", queue=7)
        said.check(f"a slow shard: {seconds:.1f} s", [504, True], [status, 4.9 < seconds < 6])
        eventually("end of the statement", idle, 1)
        said.check("others are answered", 200, of_router.status(OFFERS, queue=7))
    began = time.monotonic()
    of_router.ask_and_leave("queues/destinations/list", 0.3, queue=7)
    eventually("end of the statement whose client left", idle, 3)
    said.check(f"a client that leaves: {time.monotonic() - began:.1f} s", True, time.monotonic() - began < 3)
    shard.run(f"{body};")
    said.check("all is well again", 200, of_router.status("queues/destinations/list", queue=7))


def moved(said, router, shards, of_router):
    """The directory says where a queue is, and where a destination is that was made elsewhere."""
    shards[0].run("set session_replication_role = replica;"  # as a move leaves it
                  " insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)"
                  " values (999, 7, 'phone', 'left over');")
    shards[1].run("insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber)"
                  " values (999, 7, 'phone', 'moved');")
    said.check("before the directory knows", b"left over",
               of_router.ask("queues/destinations/get", id=999)[1].partition(b'dnumber":"')[2].partition(b'"')[0])
    router.run("insert into queue_statistics.moved_destinations values (999, 1);")
    said.check("a destination that moved", b"moved",
               of_router.ask("queues/destinations/get", id=999)[1].partition(b'dnumber":"')[2].partition(b'"')[0])
    said.check("what is left behind is not listed", b"[]", of_router.ask(
        "queues/destinations/list", dtype="phone", dnumber="left%20over")[1].partition(b'"data":')[2].strip(b" }\n"))


def states(said, router, shards):
    """What `status` tells of nodes."""
    def problems(database, words):
        lines = database.command("status").splitlines()
        return [line.removeprefix("- ") for line in lines if line.startswith("- ") and re.search(words, line)]

    said.check("a router says that it is one", "node          router", router.command("status").splitlines()[0])
    said.check("a shard says which one it is", "node          shard 1", shards[1].command("status").splitlines()[0])
    of_nodes = "shard|subscription|router|responder"
    said.check("nothing is wrong on the router", [], problems(router, of_nodes))
    said.check("nothing is wrong on a shard", [], problems(shards[0], of_nodes))
    said.check("events of a queue of another shard", ["Twenty-one"],
               [line.split('"')[1] for line in problems(shards[1], "name a queue that shard 0 has, and wait")])
    shards[0].run("alter role queue_statistics_router in database shard0 set statement_timeout = 4000;")
    said.check("a wrong order of limits", 1,
               len(problems(shards[0], "queue_statistics_router ends after 4000 ms here")))
    shards[0].command("grant", "router", "queue_statistics_router")
    shards[0].run("alter subscription queue_statistics_shard_0 disable;")
    eventually("its slot is unused",
               lambda: problems(router, "shard 0 is away, and this server keeps .* of WAL for it"))
    said.check("a shard that does not follow", 1, len(problems(shards[0], "does not follow its router any more")))
    shards[0].run("alter subscription queue_statistics_shard_0 enable;")
    eventually("the subscription", lambda: not problems(shards[0], of_nodes) and not problems(router, of_nodes))
    shards[1].ctl("-m", "fast", "stop")
    said.check("a shard that is away", 1, len(problems(router, "shard 1 cannot be asked: shard 1: ")))
    shards[1].start()
    eventually("all is well", lambda: not problems(router, of_nodes))
    router.run("insert into queue_statistics.queues (id, customer, name) values (30, 1, 'Nowhere');")
    said.check("a queue without a shard", 1, len(problems(router, "queues without a shard.*: 1, the first is 30")))
    router.run("delete from queue_statistics.queues where id = 30;")


def standby(said, router, shard):
    """A standby of the router is a router."""
    with postgresql.standby("-c hot_standby=on"), Responders(Database("router", "standby", 5433)) as of_standby:
        asked = [(OFFERS, {"queue": 1}), (OFFERS, {"queue": 7}), (CALLERS, {"queue": 12}),
                 (OFFERS, {"destination": T + 701}),
                 ("queues/destinations/list", {"dtype": "phone", "dnumber": "10007"})]
        with Responders(router) as of_router:
            for function, parameters in asked:
                expected = of_router.ask(function, **parameters)[:2]
                said.check(f"a standby answers {function} {parameters}", expected,
                           of_standby.ask(function, **parameters)[:2])
                said.check(f"{function} is 200", 200, expected[0])
        shard.crash()
        said.check("its shard is away", [503, 200], [of_standby.status(OFFERS, queue=q) for q in (7, 1)])
        shard.start()
        said.check("and back", [200, 200], [of_standby.status(OFFERS, queue=q) for q in (7, 1)])
        router.command("person", "disable", "rita")
        eventually("the change", lambda: of_standby.status(OFFERS, "rita", queue=7) == 401, 5)


def read_standby(said, primary):
    """How fresh a standby's answers are, and what it costs to have all of them fresh."""
    written = "from queue_statistics.queue_calls where uniqueid ~ '^fresh';"
    section = "Read standbys"

    def lacking(standby):
        """Of 200 commits, how many the standby does not have right afterwards."""
        primary.run(f"delete {written}")
        eventually("replay", lambda: standby.run(f"select count(*) {written}") == "0")
        lacks = 0
        with psql.session("single") as writer, psql.session(standby.conninfo()) as reader:
            for number in range(1, 201):
                writer.run(f"""insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)
                               values (1, 'fresh {number}', now(), 'waiting');""")
                lacks += reader.run(f"select count(*) {written}").strip() != str(number)
        return lacks

    with postgresql.standby("-c cluster_name=standby1"):
        standby = Database("single", "standby", 5433)
        nodes.DATABASES["single"] = primary
        with Anywhere(primary) as anywhere:
            said.check("an answer", 200, anywhere.status(OFFERS, queue=1))
            on_standby = "select count(*) from pg_stat_activity where usename = 'reader' and datname = 'single';"
            said.check("comes from the standby", "1", standby.run(on_standby))
            print(f"{lacking(standby)} of 200 commits are not in the standby's next answer")
            do(section, 2)
            eventually("the standby's turn", lambda: primary.run(
                "select sync_state from pg_stat_replication where application_name = 'standby1';") == "quorum")
            said.check("with remote_apply none lacks", 0, lacking(standby))
            standby.crash()
            said.check("from the primary, when the standby is away", 200, anywhere.status(OFFERS, queue=1))
            with subprocess.Popen(["psql", "-qX", "-c", f"delete {written}"],
                                  env=os.environ | primary.environment()) as writer:
                time.sleep(1.5)
                said.check("a writer waits for a standby that is away", None, writer.poll())
                do(section, 3)
                said.check("until it is taken out", 0, writer.wait(10))
    primary.run("alter system reset synchronous_commit;")
    primary.run("select pg_reload_conf();")


class Anywhere(Responders):
    """Responders that take the standby, and else the primary."""

    @property
    def environment(self):
        both = f"{postgresql.directory()},{postgresql.directory()}"
        return super().environment | {"PGHOST": both, "PGPORT": "5433,5432", "PGTARGETSESSIONATTRS": "prefer-standby"}


def wrong_nodes(said, router, shards):
    """Each kind of node says where to run what it cannot do."""
    for words in (("customer", "add", "x"), ("customer", "delete", 1), ("queue", "add", "--customer", 1, "x"),
                  ("queue", "rename", 7, "x"), ("queue", "delete", 7), ("person", "list"), ("token", "list"),
                  ("token", "new-key", "--yes"), ("grant", "reader", "postgres"),
                  ("shard", "add", 0, "host=x")):
        said.check(f"{words} on a shard", "this is shard 1: customers, queues, people and tokens are the router's\n"
                   "Run this on the router.", shards[1].refusal(*words))
    for words in (("destination", "add", "--queue", 1, "phone", "1"), ("destination", "list", "--queue", 1),
                  ("import", "csv", "--customer", 1, "-"), ("import", "callers", "--customer", 1, "-"),
                  ("import", "asterisk", "--customer", 1, "-"), ("map", "list"), ("roll-up", "--rebuild"), ("check",),
                  ("prune", "--before", "2020-01-01"), ("grant", "phone-system", "reader"),
                  ("grant", "writer", "reader"),
                  ("forget", "--source", "x", "--since", 1, "--until", 2, "--yes"),
                  ("grant", "router", "reader"), ("shard", "init", 0, "--router", "host=x")):
        said.check(f"{words} on a router", "this is a router: destinations, calls and events are on the shards\n"
                   "Run this on the shard of the queue, customer or phone system (queue-statistics queue list).",
                   router.refusal(*words))
    said.check("the timer of a roll-up does no harm there", "This is a router: its shards roll up their calls.\n",
               router.command("roll-up"))
    for table in ("customers", "queues", "queue_shards", "people", "roles", "role_privileges"):
        said.check(f"{table} cannot be written on a shard", "25006",
                   shards[0].state(f"delete from queue_statistics.{table};"))
        said.check(f"{table} cannot be truncated on a shard", "25006",
                   shards[0].state(f"truncate queue_statistics.{table} cascade;"))
    for table, columns, values in (("queue_destinations", "queue, dtype, dnumber", "1, 'phone', '1'"),
                                   ("queue_log", "event", "'PAUSE'")):
        said.check(f"nor {table} on the router", "25006", router.state(
            f"insert into queue_statistics.{table} ({columns}) values ({values});"))
    said.check("a queue of a shard that is not there", "there is no shard 2\nSee: queue-statistics shard --help",
               router.refusal("queue", "add", "--customer", 1, "--shard", 2, "x"))
    said.check("shards have no gaps", "shards are numbered from 0 without gaps: the next one is 2",
               router.refusal("shard", "add", 3, "host=x"))
    said.check("no password in an address", True,
               router.refusal("shard", "add", 2, "host=x password=y").startswith("everyone in the database may read"))
    said.check("a URI is none", True,
               router.refusal("shard", "add", 2, "postgresql://x/y").startswith("an address is a connection string"))
    said.check("a shard keeps its number", "this is shard 1, which it stays",
               shards[1].refusal("shard", "init", 0, "--router", router.conninfo("shards")))
    said.check("what was done is done", True, shards[1].command(
        "shard", "init", 1, "--router", router.conninfo("shards")).startswith("This is shard 1 now"))
    said.check("and the address", True, router.command(
        "shard", "add", 1, shards[1].conninfo()).startswith("This router"))


def writing(said, shards):
    """A shard takes destinations and calls of its own queues alone."""
    said.check("a destination of an own queue", 13, len(shards[1].command("destination", "add", "--queue", 7, "phone",
                                                                          "new").strip()))
    said.check("one of another shard's", "queue 1 is on shard 0\nRun this on the queue's shard (queue-statistics queue"
               " list).", shards[1].refusal("destination", "add", "--queue", 1, "phone", "new"))
    header = "queue,uniqueid,entered,waittime,talktime,outcome\n"
    line = "imported,1795000000,7,,abandoned\n"
    said.check("an import of an own queue", True, "1 " in shards[1].command(
        "import", "callers", "--customer", 3, "-", given=f"{header}Queue 7,{line}"))
    for customer, queue, why in ((2, "Sales", 'queue "Sales" is on shard 0; nothing was imported\n'
                                  "Import there what is of its queues."),
                                 (3, "Nowhere", 'there is no queue "Nowhere", and a shard makes none; '
                                  "nothing was imported\nOn the router: queue-statistics queue add --customer 3 NAME")):
        before = shards[1].run("select count(*) from queue_statistics.queue_calls;")
        said.check(f"an import of {queue}", why, shards[1].refusal(
            "import", "callers", "--customer", customer, "-", given=f"{header}{queue},{line}"))
        said.check("imports nothing", before, shards[1].run("select count(*) from queue_statistics.queue_calls;"))


def importing_events(said, shards):
    """A shard takes no file of events of queues that it does not have."""
    for customer, queue, why in ((2, "Sales", 'queue "Sales" is on shard 0; nothing was imported\n'
                                  "Import there what is of its queues."),
                                 (3, "Nowhere", 'there is no queue "Nowhere", and a shard makes none; '
                                  "nothing was imported\nOn the router: queue-statistics queue add --customer 3 NAME")):
        said.check(f"events of {queue}", why, shards[1].refusal(
            "import", "asterisk", "--source", "file", "--customer", customer, "-",
            given=f"1795000000|file 1|{queue}|NONE|ENTERQUEUE||1\n"))
    said.check("events of an own queue", True, "1 caller added" in shards[1].command(
        "import", "asterisk", "--source", "file", "--customer", 3, "-",
        given="1795000000|file 1|Queue 7|NONE|ENTERQUEUE||1\n"))


def purged(said, router, shards):
    """A deleted customer is purged on the shards of its queues, then on the router."""
    said.check("not on the router first", "shard 0 still has queue 5, and nothing was deleted\n"
               "First, on that shard: queue-statistics customer purge 5",
               router.refusal("customer", "purge", 5, "--yes"))
    said.check("on the shard", True, "At last, on the router" in shards[0].command("customer", "purge", 5, "--yes"))
    for table in ("queue_destinations", "queue_destination_calls", "queue_calls", "rollup_sums", "rollup_watermarks"):
        said.check(f"{table} there", "0", shards[0].run(f"select count(*) from queue_statistics.{table}"
                                                        " where queue = 5;"))
    said.check("another shard has nothing of it", True, ": 0 offers, 0 callers" in shards[1].command(
        "customer", "purge", 5, "--yes"))
    said.check("on the router", True, "Customer 5 (Gone) is purged" in router.command("customer", "purge", 5, "--yes"))
    for table, column in (("customers", "id"), ("queues", "customer"), ("queue_shards", "queue")):
        eventually(f"the end of {table}", lambda table=table, column=column: shards[0].run(
            f"select count(*) from queue_statistics.{table} where {column} = 5;") == "0")
    said.check("check is content", True, "all sums agree" in shards[0].command("check"))


def roles(said, router, shards):
    """What each role must not do."""
    asked = "queue_statistics_shards.answer(0::smallint, array['destinations', '1'])"
    for script in (f"select {asked};",
                   "select * from queue_statistics_shards.all_answers(array['x']);",
                   "select queue_statistics.ask(0::smallint, 'destinations', '1');",
                   "select * from queue_statistics.queue_shards;", "select umoptions from pg_user_mapping;",
                   "create user mapping for reader server queue_statistics;",
                   "create function pg_temp.f() returns text language plproxy as $$ connect 'dbname=x'; $$;",
                   "alter server queue_statistics options (set p0 'host=x');"):
        said.check(f"the responder's role: {script}", "42501",
                   router.state(f"set default_transaction_read_only = off; {script}", "reader"))
    said.check("and sees no option of the mapping", "", router.run(
        "select umoptions from pg_user_mappings where umoptions is not null;", "reader"))
    for script in ("select * from queue_statistics.queues;", "select * from queue_statistics.queue_destination_calls;",
                   "create temporary table t ();", "select queue_statistics.may_see_queue(1, 1);",
                   "delete from queue_statistics.queue_calls;"):
        said.check(f"a router's role: {script}", "42501", shards[0].state(
            f"set default_transaction_read_only = off; {script}", "queue_statistics_router"))
    said.check("another shard's number is no answer", "08000", shards[0].state(
        "select queue_statistics.answer_here(1::smallint, array['destinations', '1']);",
        "queue_statistics_router"))


def following(said, router, shard):
    """A shard follows the router, and takes the events of its own queues alone."""
    router.command("queue", "add", "--id", 20, "--customer", 4, "Twenty")
    said.check("a queue goes where the customer's others are", "1",
               router.run("select shard from queue_statistics.queue_shards where queue = 20;"))
    router.command("customer", "add", "--id", 6, "--parent", 2, "Below")
    router.command("queue", "add", "--id", 21, "--customer", 6, "Twenty-one")
    said.check("a new customer's goes where those of the one above are", "0",
               router.run("select shard from queue_statistics.queue_shards where queue = 21;"))
    said.check("a list tells", "20\t4\tTwenty\tfalse\t1", router.command("queue", "list").splitlines()[-2])
    eventually("the new queues", lambda: shard.run("select count(*) from queue_statistics.queue_shards"
                                                   " where queue in (20, 21);") == "2")
    for name in ("Twenty", "Twenty-one", "Twenty-two"):
        shard.run(f"""insert into queue_statistics.queue_log (time, callid, queuename, agent, event, data1)
                      values ('2026-11-24 11:00:00', '{name}', '{name}', 'NONE', 'ENTERQUEUE', '');""")
    callers = ("select string_agg(queue::text, ',' order by queue) from queue_statistics.queue_calls"
               " where uniqueid ~ '^Tw';")
    said.check("an event of an own queue comes in", "20", shard.run(callers))
    router.command("queue", "add", "--id", 22, "--customer", 4, "Twenty-two")
    eventually("the new queue", lambda: shard.run("select count(*) from queue_statistics.queue_shards"
                                                  " where queue = 22;") == "1")
    shard.command("roll-up")
    said.check("one of a queue that was made later, too, with a roll-up", "20,22", shard.run(callers))
    said.check("one of another shard's waits", "Twenty-one", shard.run(
        "select string_agg(queue_name, ',') from queue_statistics.unmapped_queues;"))
    said.check("ids are of the shard's range", "t", shard.run(
        f"select bool_and(id between {T} + 1 and {T} + 999999999999) from queue_statistics.queue_calls;"))
    said.check("check is content", True, "agree with the calls" in shard.command("check"))
    shard.ctl("-m", "fast", "stop")
    router.command("queue", "rename", 20, "Score")
    shard.start()
    eventually("what happened meanwhile", lambda: shard.run(
        "select name from queue_statistics.queues where id = 20;") == "Score")
    said.check("a shard that was away catches up", "Score", shard.run(
        "select name from queue_statistics.queues where id = 20;"))


if __name__ == "__main__":
    sys.exit(main())
