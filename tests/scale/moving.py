"""A phone system's queues move to another shard while it writes and a wallboard reads. See `run`."""

import contextlib
import json
import os
import subprocess
import threading
import time

import nodes
from nodes import Responders, eventually

OFFERS, CALLERS = "queues/destinations/statistics/get", "queues/statistics/get"
T = 1000000000000  # ids of a shard
QUEUES = (40, 41, 42)
STEPS = ("copy", "sums", "hand over", "wait", "delete")


class Background:
    """A context: does work() again and again meanwhile."""

    def __init__(self):
        self.stop, self.thread = threading.Event(), threading.Thread(target=self.repeat)

    def repeat(self):
        while not self.stop.is_set():
            self.work()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


class PhoneSystem(Background):
    """A context: pbx1 takes a call every few milliseconds, by its database role. `shard`: where it writes."""

    def __init__(self, shard):
        super().__init__()
        self.shard, self.calls, self.began = shard, 0, int(time.time()) - 3600
        self.entered = []  # when each caller had entered, monotonic

    def event(self, call, event, *data, agent="SIP/99", shard=None):
        row = (str(self.began + self.calls), f"pbx1 {call}", "Moving", agent, event, *data)
        columns = ", ".join(["time", "callid", "queuename", "agent", "event"] +
                            [f"data{n + 1}" for n in range(len(data))])
        values = ", ".join(f"'{value}'" for value in row)
        (shard or self.shard).run(f"insert into queue_statistics.queue_log ({columns}) values ({values});", "pbx")

    def work(self):
        """A caller enters; the one before is answered; the talk of the one before that ends."""
        self.calls += 1
        self.event(self.calls, "ENTERQUEUE", "", "0")
        self.entered.append(time.monotonic())
        if self.calls > 1:
            self.event(self.calls - 1, "CONNECT", "1", "", "1")
        if self.calls > 2:
            self.event(self.calls - 2, "COMPLETEAGENT", "1", "1")


class Wallboard(Background):
    """A context: asks all the time. `missing`: how long a caller who had entered was in no answer, s, at most."""

    def __init__(self, responders, pbx):
        super().__init__()
        self.responders, self.pbx, self.statuses, self.missing = responders, pbx, [], 0

    def work(self):
        asked = time.monotonic()
        status, body, _ = self.responders.ask(CALLERS, queue=40)
        if status == 200:
            missing = self.pbx.entered[json.loads(body)["data"]["calls"]:]
            self.missing = max([self.missing, *(asked - entered for entered in missing[:1])])
        self.statuses.append(status)
        self.statuses.append(self.responders.status(OFFERS, queue=40))
        self.statuses.append(self.responders.status("queues/destinations/list", queue=40))
        self.statuses.append(self.responders.status("queues/destinations/get", id=4001))


def words(router, shards, number, old="postgres", new="postgres", more=()):
    return [f"{nodes.BUILD}/queue-statistics", "shard", "move", "--source", "pbx1", "--to", str(number), "--yes",
            "--old-shard", shards[1 - number].conninfo(old), "--new-shard", shards[number].conninfo(new), *more]


def told_by_docs(command):
    """A command of docs/scaling.md that does not ask."""
    return ["bash", "-c", command.replace("queue-statistics shard move", "exec queue-statistics shard move --yes")]


@contextlib.contextmanager
def started(router, command):
    """A context: the command, whose standard output is a pipe. It is killed at the end."""
    environment = os.environ | router.environment() | nodes.commands_environment()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until(process, step):
    """Reads what the command prints until it says that it is at the step. Returns whether it did."""
    for line in process.stdout:
        if line.startswith(f"{step}:"):
            return True
    return False


def prepare(router, shards):
    """Queues of pbx1 on shard 0, with calls of before."""
    router.command("customer", "add", "--id", 40, "--parent", 1, "Moves")
    for queue, name in zip(QUEUES, ("Moving", "Moving, too", "Without events")):
        router.command("queue", "add", "--id", queue, "--customer", 40, "--shard", 0, name)
    for shard in shards:
        shard.run("create role pbx login;")
        eventually("the new queues", lambda shard=shard: shard.run(
            "select count(*) from queue_statistics.queue_shards where queue between 40 and 42;") == "3")

    shards[0].command("grant", "phone-system", "--source", "pbx1", "--customer", 40, "pbx")
    shards[0].command("map", "agent", "SIP/99", "phone", "4099")
    shards[0].run("""
        insert into queue_statistics.queue_log (source, time, callid, queuename, agent, event, data1, data2)
        values ('pbx1', '1795500000', 'before', 'Moving, too', 'NONE', 'ENTERQUEUE', '', '0'),
               ('pbx1', '1795500009', 'before', 'Moving, too', 'SIP/99', 'RINGNOANSWER', '5000', '');""")
    shards[0].run("""
        insert into queue_statistics.queue_destinations (id, queue, dtype, dnumber) values
          (4001, 40, 'phone', '4001'), (4101, 41, 'phone', '4101'), (4201, 42, 'phone', '4201');
        insert into queue_statistics.queue_destination_calls (queue, destination, uniqueid, start, outcome)
        select d.queue, d.id, 'old ' || n, now() - n * interval '7 min', 'busy'
          from generate_series(1, 1000) n, queue_statistics.queue_destinations d where d.id in (4001, 4101, 4201);
        insert into queue_statistics.queue_calls (queue, uniqueid, entered, waittime, outcome)
        select 42, 'old ' || n, now() - n * interval '7 min', 5, 'abandoned' from generate_series(1, 1000) n;""")
    shards[0].command("roll-up")


def counted(responders):
    """Answered offers and callers of the moving queue, as the API has them."""
    def data(function):
        return json.loads(responders.ask(function, queue=40)[1])["data"]
    return data(OFFERS), data(CALLERS)


def compare(said, what, pbx, responders, router, shards, number):
    """All that was written is counted on the new shard, and the old one has nothing of it."""
    for queue in QUEUES:
        said.check(f"{what}: the place of queue {queue}", str(number),
                   router.run(f"select shard from queue_statistics.queue_shards where queue = {queue};"))
    new, old = shards[number], shards[1 - number]
    said.check(f"{what}: offers written and counted", f"{pbx.calls - 1},{pbx.calls - 1}", new.run("""
        select concat(count(*), ',', count(distinct uniqueid)) from queue_statistics.queue_destination_calls
         where queue = 40 and uniqueid ~ '^pbx1' and outcome = 'answered';"""))
    said.check(f"{what}: talks are over but for the last", "1", new.run("""
        select count(*) from queue_statistics.queue_destination_calls where queue = 40 and in_progress;"""))
    said.check(f"{what}: callers written and counted", f"{pbx.calls},{pbx.calls - 1},{pbx.calls - 2}", new.run("""
        select concat_ws(',', count(*), count(*) filter (where outcome = 'answered'),
                         count(*) filter (where talktime = 1))
          from queue_statistics.queue_calls where queue = 40 and uniqueid ~ '^pbx1';"""))
    said.check(f"{what}: what an agent means came along", "4099", new.run(
        "select dnumber from queue_statistics.map_agents where name = 'SIP/99';"))
    said.check(f"{what}: calls of before", "1000,1000,1000,1000", new.run("""
        select concat_ws(',', count(*) filter (where queue = 40), count(*) filter (where queue = 41),
                         count(*) filter (where queue = 42), (select count(*) from queue_statistics.queue_calls
                                                               where queue = 42))
          from queue_statistics.queue_destination_calls where uniqueid ~ '^old';"""))
    said.check(f"{what}: the API counts them", [200, 200], [responders.status(f, queue=42) for f in (OFFERS, CALLERS)])
    for table in ("queue_destinations", "queue_destination_calls", "queue_calls", "rollup_sums", "rollup_caller_sums",
                  "rollup_watermarks", "rollup_dirty", "phone_events"):
        said.check(f"{what}: the old shard has no {table} of it", "0", old.run(
            f"select count(*) from queue_statistics.{table} where queue between 40 and 42;"))
    said.check(f"{what}: nothing is under way", ["0"] * 4, [old.run(f"select count(*) from {table};") for table in (
        "queue_statistics.moves", "queue_statistics.leaving_queues", "pg_publication", "pg_replication_slots")])
    for shard in shards:
        shard.command("roll-up")
        said.check(f"{what}: check is content with {shard.name}", True, "all sums agree" in shard.command("check"))
        said.check(f"{what}: no event is kept on {shard.name}", "", shard.run(
            "select string_agg(reason, ', ') from queue_statistics.kept_events;"))


def can_subscribe(shard):
    """Whether its PostgreSQL lets others than superusers make subscriptions."""
    return int(shard.run("show server_version_num;")) >= 160000


def refusals(said, router, shards):
    """What is refused before anything is changed."""
    state = ("select (select count(*) from pg_publication), (select count(*) from pg_subscription),"
             " (select count(*) from queue_statistics.moves), (select relreplident from pg_class"
             " where oid = 'queue_statistics.phone_events'::regclass);")
    before = [shard.run(state) for shard in shards]

    def refusal(*more, **roles):
        return router.refusal(*(words(router, shards, 1, **roles)[1:]), *more)

    why = refusal(new="owner")
    for statement in ("create publication queue_statistics_move", "create subscription queue_statistics_move_0_1"):
        said.check(f"no superuser: {statement}", True, statement in why)
    if can_subscribe(shards[1]):
        shards[1].run("grant pg_create_subscription to owner;")
        said.check("no superuser, and no password", why, refusal(new="owner"))
    said.check("not on the router", "this is no router\nRun this on the router.",
               nodes.DATABASES["single"].refusal(*words(router, shards, 1)[1:]))
    said.check("the wrong shard", "the database that --new-shard names is not shard 0", router.refusal(
        "shard", "move", "--source", "pbx1", "--to", 0, "--yes", "--old-shard", shards[1].conninfo("postgres"),
        "--new-shard", shards[1].conninfo("postgres")))
    said.check("a phone system without events", "no event of nobody names a queue of shard 0", router.refusal(
        "shard", "move", "--source", "nobody", "--to", 1, "--yes", "--old-shard", shards[0].conninfo("postgres"),
        "--new-shard", shards[1].conninfo("postgres")))
    said.check("without --yes", True, "Say --yes" in router.refusal(*(w for w in words(router, shards, 1)[1:]
                                                                      if w != "--yes")))
    shards[1].command("map", "agent", "SIP/99", "phone", "1")
    said.check("an agent that means somebody else there", True, "SIP/99 means phone 1" in refusal())
    shards[1].run("delete from queue_statistics.map_agents where name = 'SIP/99';")
    shards[0].run("""
        insert into queue_statistics.queue_log (source, time, callid, queuename, agent, event, data1, data2)
        values ('pbx2', '1795500000', 'of pbx2', 'Moving, too', 'NONE', 'ENTERQUEUE', '', '0');""")
    said.check("another phone system of the queue", True, "queue 41 has events of pbx2, too" in refusal())
    shards[0].run("""delete from queue_statistics.queue_calls where uniqueid = 'of pbx2';
                     delete from queue_statistics.phone_events where source = 'pbx2';""")
    said.check("nothing has changed", before, [shard.run(state) for shard in shards])


def one_move(said, kind, router, shards, responders, command):
    """As docs/scaling.md tells, while the phone system writes."""
    with PhoneSystem(shards[0]) as pbx:
        time.sleep(0.5)
        with Wallboard(responders, pbx) as wallboard, started(router, command) as process:
            said.check("the command tells when to switch", True, until(process, "wait"))
            said.check("a follower of its log is refused on the old shard", "25006", shards[0].state(
                "select queue_statistics.move_followed_file(row('pbx1', 1, 1, 1, '', '', 0, 0, 0, 1));"))
            said.check("and a writer of calls", "25006", shards[0].state(
                "insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome)"
                " values (40, 'x', now(), 'waiting');"))
            said.check("no other role can take the turn of a move", "42501", shards[0].state(
                "begin; lock table queue_statistics.moves in share update exclusive mode;", "pbx"))
            if kind == "all":  # it waits for its turn for 10 s
                said.check("one move at a time", "another shard move is at work",
                           router.refusal(*words(router, shards, 1)[1:]))
            written = pbx.calls
            time.sleep(0.5)
            said.check("it writes on meanwhile", True, pbx.calls > written)
            pbx.shard = shards[1]
            rest = process.stdout.read()
            said.check(f"the move ends: {rest}", 0, process.wait())
        time.sleep(0.3)
    print(f"meanwhile a caller who had entered was in no answer for {wallboard.missing:.2f} s at most")
    said.check(f"no answer of {len(wallboard.statuses)} fails", {200}, set(wallboard.statuses))
    compare(said, "first move", pbx, responders, router, shards, 1)
    offers, callers = counted(responders)
    said.check(f"the API has the calls: {callers}", True, str(pbx.calls) in json.dumps(callers))
    return pbx


def late_events(said, pbx, router, shards):
    """What is sent to the old shard afterwards waits, is listed, and is carried by the same command."""
    pbx.event("late", "ENTERQUEUE", "", "0", shard=shards[0])
    said.check("it waits", "Moving", shards[0].run("select queue_name from queue_statistics.unmapped_queues"
                                                   " where source = 'pbx1';"))
    said.check("and is listed", 1, len([line for line in shards[0].command("status").splitlines()
                                        if '"Moving" of pbx1' in line and "shard move --source pbx1 --to 1" in line]))
    said.check("the command carries it", True, "1 event that was sent" in router.command(
        *(words(router, shards, 1)[1:])))
    said.check("there", "1", shards[1].run("select count(*) from queue_statistics.queue_calls"
                                           " where queue = 40 and uniqueid = 'pbx1 late';"))
    shards[1].run("delete from queue_statistics.queue_calls where uniqueid = 'pbx1 late';"
                  " delete from queue_statistics.phone_events where callid = 'pbx1 late';")
    pbx.event(pbx.calls, "RINGNOANSWER", "1000", agent="SIP/new")
    said.check("a new destination has an id of the new shard's", "t", shards[1].run(
        f"select bool_and(id between {T} + 1 and {T} + 999999999999) from queue_statistics.queue_destinations"
        " where queue = 40 and dnumber = 'new';"))


def killed(said, what, pbx, router, shards, responders, number, delay):
    """The move is killed at each step, and goes on."""
    for step in STEPS:
        with started(router, words(router, shards, number)) as process:
            if step == "delete":
                until(process, "wait")
                pbx.shard = shards[number]
            said.check(f"{what}: it comes to {step}", True, until(process, step))
            time.sleep(delay)
            process.kill()
    router.command(*(words(router, shards, number)[1:]))


def lose_slot(shards):
    """What is left where PostgreSQL lost its client between dropping a slot and dropping the subscription."""
    shards[1].run("alter subscription queue_statistics_move_0_1 disable;")
    slot = "from pg_replication_slots where slot_name = 'queue_statistics_move_0_1'"
    eventually("idle slot", lambda: shards[0].run(f"select active {slot};") == "f")
    shards[0].run(f"select pg_drop_replication_slot(slot_name) {slot};")
    shards[1].run("alter subscription queue_statistics_move_0_1 enable;")


def given_up(said, router, shards, command, loses_slot):
    """A move that is given up leaves all as it was."""
    rows = ("select (select count(*) from queue_statistics.queue_destination_calls where queue between 40 and 42),"
            " (select count(*) from queue_statistics.phone_events where source = 'pbx1'),"
            " (select count(*) from pg_publication), (select count(*) from pg_subscription),"
            " (select count(*) from queue_statistics.moves);")
    before = [shard.run(rows) for shard in shards]
    with started(router, words(router, shards, 1)) as process:
        said.check("it comes to its sums", True, until(process, "sums"))
    said.check("status tells of it", 1, len([line for line in shards[0].command("status").splitlines() if
                                             "the queues of pbx1 are on their way to shard 1" in line]))
    if loses_slot:
        lose_slot(shards)
    with started(router, told_by_docs(command)) as process:
        said.check("it is given up", "The queues of pbx1 stay on shard 0.\n", process.stdout.read())
    said.check("all is as before", before, [shard.run(rows) for shard in shards])
    said.check("check is content", True, "all sums agree" in shards[1].command("check"))
    said.check("nothing is left to give up", "no move of pbx1 is under way on shard 0",
               router.refusal(*words(router, shards, 1)[1:], "--give-up"))


def by_an_owner(said, pbx, router, shards, responders):
    """With the SQL that a superuser has to run, the owner of the new shard's schema does the rest."""
    command = words(router, shards, 1, new="owner", more=["--told"])[1:]
    shards[1].run("delete from queue_statistics.map_agents;")
    why = router.refusal(*command)
    first, _, second = why.partition("-- on shard 0, as the owner of the schema\n")[2].partition(
        "-- on shard 1, as a superuser\n")
    shards[0].run(first)
    shards[1].run(second)
    why = router.refusal(*command)
    said.check("the owner may not drop it", "drop subscription queue_statistics_move_0_1;", why.splitlines()[-1])
    shards[1].run(why.splitlines()[-1])
    pbx.shard = shards[1]
    router.command(*command)
    compare(said, "by an owner", pbx, responders, router, shards, 1)
    if can_subscribe(shards[1]):
        router.command(*words(router, shards, 0, more=["--told"])[1:])
        shards[0].ask_for_password("mover", "secret")
        router.command(*words(router, shards, 1, old="mover password=secret", new="owner", more=["--told"])[1:])
        compare(said, "by an owner with a password", pbx, responders, router, shards, 1)
    said.check("who may not replicate", True, "alter role ROLE replication" in router.refusal(
        *words(router, shards, 0, old="owner")[1:]))


def moving(said, kind, router, shards, commands):
    """commands: those of docs/scaling.md."""
    prepare(router, shards)
    refusals(said, router, shards)
    with Responders(router) as responders:
        if kind == "all":
            for loses_slot in (False, True):
                given_up(said, router, shards, commands[1], loses_slot)
        pbx = one_move(said, kind, router, shards, responders, told_by_docs(commands[0]))
        late_events(said, pbx, router, shards)
        if kind != "all":
            return
        for number, delay in ((0, 0), (1, 0.1), (0, 0.3)):
            what = f"killed after {delay} s, to shard {number}"
            Background.__init__(pbx)  # a thread begins once
            with pbx, Wallboard(responders, pbx) as wallboard:
                killed(said, what, pbx, router, shards, responders, number, delay)
                time.sleep(0.3)
            said.check(f"{what}: no answer of {len(wallboard.statuses)} fails", {200}, set(wallboard.statuses))
            compare(said, what, pbx, responders, router, shards, number)
        by_an_owner(said, pbx, router, shards, responders)
