"""Rows 1 to 12: what happens to PostgreSQL, and on the way to it."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import part
import proxy
from lib import exchange, postgresql, processes, psql, stage as stages, stand
from lib.stand import assert_below, assert_within

PARTS = []
fault = part.collector(PARTS)

# Timeouts that are shorter than the defaults, in the same order.
IMPATIENT = {"QUEUE_STATISTICS_LOCK_TIMEOUT_MS": "300", "QUEUE_STATISTICS_STATEMENT_TIMEOUT_MS": "800",
             "QUEUE_STATISTICS_DEADLINE_MS": "1000"}
SESSIONS = "from pg_stat_activity where usename = 'e2e_reader'"


@fault(1, "a backend is terminated while idle")
def terminated_while_idle(run):
    processes = len(run.group.pids)
    for _ in range(5):
        for _ in range(100):  # a quick process may answer two requests, and another one none
            if run.sql(f"select count(*) {SESSIONS}") == str(processes):
                break
            run.many(processes)
        ended = run.end_sessions()
        assert ended == str(processes), f"{ended} of {processes} processes had a session"
        run.many(processes)
    run.expect({200})


@fault(2, "a backend is terminated during the query")
def terminated_during_the_query(run):
    with run.slow(1), run.asking(3):
        for _ in range(3):
            run.wait_for_sessions(3, "state = 'active'")
            run.end_sessions()
    run.expect({200, 503})


@fault(3, "an administrator cancels the query")
def cancelled(run):
    before = run.sql(f"select string_agg(pid::text, ' ' order by pid) {SESSIONS}")
    with run.slow(4), run.asking(1):
        while run.codes[504] < 3:
            run.wait_for_sessions(1, "wait_event = 'PgSleep'")
            run.sql(f"select pg_cancel_backend(pid) {SESSIONS} and wait_event = 'PgSleep'")
    run.expect({200, 504})  # 504: a request whose turn came too late
    after = run.sql(f"select string_agg(pid::text, ' ' order by pid) {SESSIONS}")
    assert before == after, f"sessions {before} before, {after} after"


@fault(4, "kill -9 of a backend: the cluster recovers")
def backend_killed(run):
    pids = run.sql(f"select string_agg(pid::text, ' ') {SESSIONS}").split()
    with run.asking(4) as seen:
        os.kill(int(pids[0]), signal.SIGKILL)
        # PostgreSQL ends all other sessions, then recovers. The time of the recovery is not ours.
        stages.wait_for("end of the sessions", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids))
        stages.wait_for("recovery", lambda: subprocess.run(["pg_isready", "-q"]).returncode == 0, 30)
        run.ended()
        time.sleep(1.5)
    run.expect({200, 503})
    assert_within(seen, 3)


@fault(5, "PostgreSQL is restarted, -m fast")
def restarted(run):
    with run.asking(4) as seen:
        postgresql.pg_ctl("-m", "fast", "restart")
        run.ended()
    run.expect({200, 503})
    assert_within(seen, 2)


@fault(5, "PostgreSQL is down for 30 s", quick=False)
def stopped(run):
    pids = run.group.pids
    postgresql.pg_ctl("-m", "fast", "stop")
    try:
        with run.asking(4, pause=0.1) as seen:
            time.sleep(20)
        idle = stand.cpu_seconds(pids)
        time.sleep(10)
        idle = stand.cpu_seconds(pids) - idle
    finally:
        postgresql.pg_ctl("start")
    run.expect({503})
    assert_within(seen, 1)
    assert idle <= 0.05, f"{idle:.2f} s of CPU time in 10 s without a request"
    run.note(f"slowest 503 {max(each.seconds for each in seen) * 1000:.0f} ms; idle CPU {idle:.2f} s in 10 s")


@fault(5, "a smart shutdown is pending, then done")
def smart_shutdown(run):
    postgresql.pg_ctl("-m", "smart", "-W", "stop")
    try:
        run.many(8, 4)  # existing sessions go on
        assert set(run.codes) == {200}, run.codes
        for pid in backends_of(postgresql.postmaster()):
            os.kill(pid, signal.SIGTERM)  # not by SQL, because PostgreSQL lets no new session in
        seen = run.many(20, 4)
        assert 503 in run.codes, run.codes
        assert_within(seen, 1)
        stages.wait_for("end of PostgreSQL", lambda: not os.path.exists(
            f"{os.environ['POSTGRESQL_DIR']}/data/postmaster.pid"))
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            postgresql.pg_ctl("start")
    run.expect({200, 503})


def backends_of(postmaster):
    """The processes of the sessions, found by the names that PostgreSQL gives to processes."""
    found = []
    for pid in processes.children(postmaster):
        with contextlib.suppress(OSError):
            with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                if "e2e_reader" in file.read():
                    found.append(pid)
    return found


@fault(6, "a backend is stopped (SIGSTOP)", own=True)
def backend_stopped(run):
    with run.responders(**IMPATIENT):
        pid = int(run.sql(f"select pid {SESSIONS} order by backend_start desc limit 1"))
        os.kill(pid, signal.SIGSTOP)
        try:
            seen = run.ask()
            run.expect({504})
            assert seen.seconds > 0.9, seen
            assert_within([seen], 2)
            assert run.ask(count=False).status == 200  # by a new session, while the old one is still stopped
        finally:
            os.kill(pid, signal.SIGCONT)
        run.wait_for_sessions(0, f"pid = {pid}")


@fault(6, "the postmaster is stopped (SIGSTOP)", own=True)
def postmaster_stopped(run):
    with run.responders(**IMPATIENT):
        postmaster = postgresql.postmaster()
        with psql.session() as session:  # opened before: a new session would hang too
            pid = session.run(f"select pid {SESSIONS} order by backend_start desc limit 1;").strip()
            os.kill(postmaster, signal.SIGSTOP)
            try:
                session.run(f"select pg_terminate_backend({pid}, 5000);")
                seen = run.ask()
                assert seen.status == 503 and seen.seconds > 0.9, seen
                assert_within([seen], 2)
                # The next attempt is not due yet. The time between attempts is short at first, and doubles.
                assert_below(min(run.ask().seconds for _ in range(3)), 0.3, "the quickest refusal")
            finally:
                os.kill(postmaster, signal.SIGCONT)
        run.expect({503})


# Rows 7 and 8 use the proxy. Both of its ends are on this machine.


@contextlib.contextmanager
def namespace():
    """A context: a network namespace with nothing but `lo`. Gives the command prefix that runs a program in it."""
    user = [] if os.geteuid() == 0 else ["-r"]
    script = "ip link set lo up && nft add table inet faults && echo up && exec sleep 1000"
    holder = subprocess.Popen(["unshare", *user, "-n", "sh", "-c", script], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        if holder.stdout.readline() != "up\n":
            raise stand.Skipped("needs a network namespace (root, or user namespaces) with ip and nft")
        join = ["-U", "--preserve-credentials"] if user else []
        yield ["nsenter", "-t", str(holder.pid), *join, "-n", "--"]
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


@contextlib.contextmanager
def across_a_network(run, **environment):
    """A context: a responder that reaches its database by TCP. Gives a function that replaces nft's rule there, the
    port and the proxy's process."""
    with namespace() as prefix:
        path = f"{os.environ['PGHOST']}/.s.PGSQL.{os.environ['PGPORT']}"
        server = subprocess.Popen([*prefix, "python3", proxy.__file__, path], stdout=subprocess.PIPE, text=True)
        try:
            port = server.stdout.readline().strip()

            def nft(*rules):
                subprocess.run([*prefix, "nft", "-f", "-"], input="\n".join(rules) + "\n", text=True, check=True)

            chain = "add chain inet faults input { type filter hook input priority 0; }"
            with run.responders(prefix=prefix, PGHOST="127.0.0.1", PGPORT=port, **environment):
                nft(chain)
                yield lambda rule: nft("flush chain inet faults input", *([rule] if rule else [])), port, server
        finally:
            server.kill()
            server.wait()
            server.stdout.close()


def broken_network(run, rule, calls, slowest, recovered, **environment):
    """Applies an nft rule to packets for the database. slowest, recovered: bounds in seconds for the slowest answer,
    and for the time until the next 200."""
    with across_a_network(run, **environment) as (nft, port, _):
        nft(f"add rule inet faults input tcp dport {port} {rule}")
        seen = run.many(calls, 1)
        nft(None)
        run.over()
        run.expect({503, 504})
        assert_within(seen, slowest)
        assert_below(run.recovered, recovered, "the next 200")


@fault(7, "the network swallows everything", own=True, quick=False)
def black_hole(run):
    broken_network(run, "drop", 2, slowest=8.5, recovered=2.5)  # recovered: the longest back-off, and some more


@fault(7, "the network swallows everything for moments", own=True)
def short_black_hole(run):
    broken_network(run, "drop", 2, slowest=1.5, recovered=1, **IMPATIENT)


@fault(7, "the network answers with resets", own=True)
def resets(run):
    broken_network(run, "reject with tcp reset", 4, slowest=1.5, recovered=1, **IMPATIENT)


@fault(7, "the port is closed", own=True)
def closed_port(run):
    with proxy.Proxy() as between, run.responders(PGHOST="127.0.0.1", PGPORT=str(between.port)):
        between.stop_listening()
        between.cut()
        seen = run.many(4, 1)
        run.expect({503})
        assert_within(seen, 0.5)
        between.listen()
        run.over()
        assert_below(run.recovered, 1, "the next 200")


@fault(8, "300 ms of latency each way", own=True)
def latency(run):
    with proxy.Proxy() as between, run.responders(PGHOST="127.0.0.1", PGPORT=str(between.port)):
        between.latency = 0.3
        seen = run.many(2, 1)
        run.expect({200})
        between.cut()  # so that a new session is needed, which takes several round trips
        seen += run.many(1)
        assert_within(seen, 8)
        between.latency = 0
        run.note(f"{seen[0].seconds:.1f} s, with a new session {seen[-1].seconds:.1f} s")


@fault(8, "10 bytes a second", own=True)
def trickle(run):
    with proxy.Proxy() as between, run.responders(PGHOST="127.0.0.1", PGPORT=str(between.port), **IMPATIENT):
        between.bytes_per_second = 10
        seen = run.many(2, 1)
        between.bytes_per_second = None
        run.expect({503, 504})
        assert_within(seen, 1.5)


@fault(8, "the connection is cut after N bytes", own=True)
def cut_after_bytes(run):
    with proxy.Proxy() as between, run.responders(PGHOST="127.0.0.1", PGPORT=str(between.port), **IMPATIENT):
        seen = []
        for count in (0, 1, 4, 5, 6, 30, 100, 400, 700, 1000, 1500) if run.full else (0, 5, 400):
            between.cut_after = None
            stages.wait_for("200", lambda: run.ask(count=False).status == 200, stand.RECOVERY)
            between.cut_after = count
            between.cut()
            seen += run.many(2, 1)
        between.cut_after = None
        run.expect({200, 503, 504})
        assert_within(seen, 1.5)


@contextlib.contextmanager
def refused_connections(run):
    """A context: the block makes PostgreSQL refuse new sessions. Then checks that the responders try seldom, and log
    each refusal once."""
    text = run.group.log_text()
    began = time.monotonic()
    yield
    run.end_sessions()
    seen = []
    with run.asking(4, pause=0.02) as seen:
        time.sleep(1.5)
    run.expect({503})
    assert_within(seen, 1)
    tried = [line for line in run.group.log_text()[len(text):].splitlines() if "connect: " in line
             and "next attempt in" not in line]
    # The wait doubles from 100 ms to 2 s, less jitter: at most 7 attempts in this time.
    most = 7 * len(run.group.pids)
    assert tried and len(tried) <= most, f"{len(tried)} attempts in {time.monotonic() - began:.1f} s"
    run.note(f"{len(tried)} attempts to connect for {len(seen)} requests")


@fault(9, "the connection limit is reached")
def connection_limit(run):
    with refused_connections(run):
        run.sql("alter role e2e_reader connection limit 0")
    run.sql("alter role e2e_reader connection limit -1")


@fault(9, "the role's password is changed", own=True)
def password_changed(run):
    hba = f"{os.environ['POSTGRESQL_DIR']}/data/pg_hba.conf"
    with open(hba, encoding="utf-8") as file:
        text = file.read()

    def authentication(lines):
        with open(hba, "w", encoding="utf-8") as file:
            file.write(lines + text)
        run.sql("select pg_reload_conf()")

    run.sql("set log_statement = none; alter role e2e_reader password 'first'")
    authentication("local all e2e_reader scram-sha-256\n")
    try:
        with run.responders(processes=2, PGPASSWORD="first"):
            with refused_connections(run):
                run.sql("set log_statement = none; alter role e2e_reader password 'second'")
            run.sql("set log_statement = none; alter role e2e_reader password 'first'")
            run.over()
    finally:
        authentication("")


@fault(9, "the role is dropped")
def role_dropped(run):
    with refused_connections(run):
        run.sql("alter role e2e_reader nologin")
        run.end_sessions()
        run.sql("drop owned by e2e_reader; drop role e2e_reader")
    run.sql("create role e2e_reader login")
    subprocess.run([f"{run.stage.build}/queue-statistics", "grant", "reader", "e2e_reader"], check=True,
                   stdout=subprocess.DEVNULL)


@fault(10, "an ACCESS EXCLUSIVE lock is held")
def locked_table(run):
    with run.locked():
        seen = run.many(len(run.group.pids))
    run.expect({503})
    assert all(each.seconds > 0.9 for each in seen), seen
    assert_within(seen, 2)


def schema(run, wrong, right, word):
    """Checks that clients see 503 while the schema cannot be used, also from a process that starts meanwhile."""
    text = run.group.log_text()
    run.sql(wrong)
    try:
        run.many(8, 4)
        run.expect({503})
        assert word in run.group.log_text()[len(text):], f"no {word} in the log"
        # A process that starts now keeps running and gives the same answer.
        with run.responders(nginx=False) as group:
            answer = exchange.fastcgi(group.socket, stand.fastcgi_get(stand.GOOD))
            assert answer.startswith(b"Status: 503 "), answer
    finally:
        run.sql(right)


@fault(11, "the schema is missing")
def schema_missing(run):
    schema(run, "alter schema queue_statistics rename to away", "alter schema away rename to queue_statistics",
           "remedy: queue-statistics migrate")


@fault(11, "the schema is too old")
def schema_too_old(run):
    schema(run, "create table public.kept as select * from queue_statistics.schema_version;"
                "delete from queue_statistics.schema_version",
           "delete from queue_statistics.schema_version; insert into queue_statistics.schema_version"
           " select * from public.kept; drop table public.kept", "remedy: queue-statistics migrate")


@fault(11, "the schema is too new")
def schema_too_new(run):
    schema(run, "insert into queue_statistics.schema_version (version, works_with) values (99, 99)",
           "delete from queue_statistics.schema_version where version = 99", "remedy: upgrade this program")


@fault(12, "failover to a standby", quick=False, own=True)
def failover(run):
    folder = os.environ["POSTGRESQL_DIR"]
    with postgresql.standby("-c max_standby_streaming_delay=100"):
        hosts = {"PGHOST": f"{folder},{folder}", "PGPORT": "5432,5433", "PGTARGETSESSIONATTRS": "primary"}
        with run.responders(processes=2, **hosts):
            postgresql.pg_ctl("-m", "fast", "stop")
            try:
                # settle() takes locks on the primary, so it cannot measure responders that use the standby.
                with run.asking(2) as seen:
                    postgresql.pg_ctl("promote", data="standby")
                    began = time.monotonic()
                    stages.wait_for("200 from the standby", lambda: seen[-1].status == 200, 5)
                    run.note(f"200 {time.monotonic() - began:.2f} s after the standby was promoted")
                run.expect({200, 503})
                assert_within(seen, 2)
            finally:
                postgresql.pg_ctl("-m", "fast", "stop", data="standby")
                postgresql.pg_ctl("start")


@fault(12, "a conflict with recovery on a standby", quick=False, own=True)
def recovery_conflict(run):
    folder = os.environ["POSTGRESQL_DIR"]
    with postgresql.standby("-c max_standby_streaming_delay=100"), run.slow(0.5):
        with run.responders(PGHOST=folder, PGPORT="5433", nginx=False) as group:
            run.stage.start_nginx("standby", group.socket)
            group.port = run.stage.ports["standby"]
            log = f"{folder}/standby.log"

            def conflicts():
                with open(log, encoding="utf-8", errors="replace") as file:
                    return file.read().count("conflict with recovery")

            before = conflicts()
            with run.asking(1) as seen:
                for _ in range(5):
                    time.sleep(0.5)
                    with run.locked():
                        time.sleep(0.1)
            run.expect({200, 503})
            met = conflicts() - before
            assert met > 0, "there was no conflict"
            assert seen[-1].status == 200 or run.ask(count=False).status == 200
            run.note(f"{met} conflicts")


@fault(12, "pgbouncer in transaction mode", own=True)
def pgbouncer(run):
    program = shutil.which("pgbouncer")
    if not program:
        raise stand.Skipped("needs pgbouncer")
    folder = os.environ["POSTGRESQL_DIR"]
    settings = f"{folder}/pgbouncer.ini"
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"""[databases]
* = host={folder} port=5432
[pgbouncer]
listen_port = 6432
listen_addr =
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/pgbouncer.users
pool_mode = transaction
default_pool_size = 2
logfile = {folder}/pgbouncer.log
""")
    with open(f"{folder}/pgbouncer.users", "w", encoding="utf-8") as file:
        file.write('"e2e_reader" ""\n')
    for path in (settings, f"{folder}/pgbouncer.users"):
        os.chmod(path, 0o644)
    # PgBouncer refuses to run as root, too.
    bouncer = subprocess.Popen([program, "-q", settings], user="postgres" if os.geteuid() == 0 else None)
    try:
        stages.wait_for("pgbouncer", lambda: stages.connects(f"{folder}/.s.PGSQL.6432"))
        with run.responders(processes=2, PGPORT="6432", PGDATABASE="postgres", QUEUE_STATISTICS_PREPARE="off"):
            run.many(40, 4)
            run.end_sessions()  # PgBouncer does not know of it
            run.many(40, 4)
            run.expect({200})
    finally:
        bouncer.terminate()
        bouncer.wait()
