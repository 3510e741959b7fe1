"""What long/faults and long/abuse share: clients that check every answer, responders, and what the responders hold
before and after a fault."""

import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import os
import secrets
import socket
import subprocess
import threading
import time

from lib import answer_check, case_file, exchange, psql, stage as stages

RECOVERY = 5  # seconds after a fault in which a 200 must come again
GROWTH = 1024  # KiB that a process may grow by, because it does something for the first time; a leak is more
TICK = os.sysconf("SC_CLK_TCK")
numbers = itertools.count(1)
# A password that exists nowhere but in the requests of the clients: a log that has it has leaked it.
PASSWORD = "marker" + secrets.token_hex(12)
LOGIN = f"auth_username=caller;auth_password={PASSWORD}"
GOOD = f"{LOGIN};queue=100"


class Skipped(Exception):
    """The fault cannot be made here. The text says why."""


class TooSlow(AssertionError):
    """Something took longer than its bound. Other work on the machine may be the cause, so the fault is made again."""


def assert_below(seconds, bound, what="an answer"):
    if seconds >= bound:
        raise TooSlow(f"{what} took {seconds:.2f} s, over {bound:.2f} s")


def assert_within(seen, seconds):
    assert_below(max(each.seconds for each in seen), seconds)


@dataclasses.dataclass
class Seen:
    status: int
    seconds: float


@dataclasses.dataclass
class Usage:
    processes: int
    files: int  # open files; None when we may not see them
    kib: int  # resident memory in KiB, without files and shared memory


def field_of_status(pid, name):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next((line.split()[1] for line in file if line.startswith(name)), "0")


def usage(pids):
    """What those of the processes that still run hold together."""
    processes = files = kib = 0
    for pid in pids:
        try:
            if field_of_status(pid, "State:") == "Z":
                continue
            kib += int(field_of_status(pid, "RssAnon:"))
            processes += 1
        except (FileNotFoundError, ProcessLookupError):
            continue
        with contextlib.suppress(PermissionError):  # the responders forbid it to everyone but root
            files += len(os.listdir(f"/proc/{pid}/fd"))
    return Usage(processes, files or None, kib)


def cpu_seconds(pids):
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


@dataclasses.dataclass
class Group:
    """Responders on one socket, with an nginx of their own in front of them."""

    name: str
    socket: str
    port: int
    log: str
    pids: list
    processes: list = dataclasses.field(default_factory=list)  # Popen objects of the responders that we started
    start_one: object = None
    warm: bool = False  # the responders have given their first answers, after which a process holds more memory

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()


class Run:
    """One fault: what clients saw, and whether all was as before when the fault was over."""

    def __init__(self, stage, full):
        self.stage = stage
        self.full = full
        self.group = None
        self.codes = collections.Counter()
        self.lock = threading.Lock()
        self.before = self.after = self.recovered = None
        self.fault_ended = None  # time of the fault's end, when that was before over()
        self.refused = 0  # time of the last answer that was not 200
        self.notes = []  # other measurements, as text

    # Clients

    def ask(self, query=GOOD, source="127.0.0.1", count=True, path=case_file.FUNCTION):
        """Sends a request to nginx. Fails unless the answer is one that the contract allows."""
        request = f"GET {path}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        began = time.monotonic()
        answer = exchange.parse_http(exchange.http(self.group.port, request, source), False)
        seen = Seen(answer.status, time.monotonic() - began)
        wrong = answer_check.check(case_file.Expected(str(answer.status)), answer)
        assert not wrong, "\n".join(wrong)
        if count:
            with self.lock:
                self.codes[seen.status] += 1
                if seen.status != 200:
                    self.refused = time.monotonic()
        return seen

    def many(self, requests, parallel=None, query=GOOD):
        with concurrent.futures.ThreadPoolExecutor(parallel or requests) as pool:
            return list(pool.map(lambda _: self.ask(query), range(requests)))

    @contextlib.contextmanager
    def asking(self, parallel=4, pause=0.01, query=GOOD):
        """A context: clients send one request after the other. Gives the list of what they have seen so far."""
        seen, done = [], threading.Event()

        def caller():
            while not done.is_set():
                seen.append(self.ask(query))
                done.wait(pause)

        with concurrent.futures.ThreadPoolExecutor(parallel) as pool:
            callers = [pool.submit(caller) for _ in range(parallel)]
            try:
                yield seen
            finally:
                done.set()
        for each in callers:
            each.result()

    # The database

    def sql(self, text):
        return psql.run(text).strip()

    def locked(self):
        """A context: a table that every answer needs is locked."""
        return psql.locked("queue_statistics.queue_destination_calls")

    @contextlib.contextmanager
    def slow(self, seconds):
        """A context: every answer takes this long in the database."""
        original = self.sql("select pg_get_functiondef('queue_statistics.may_see_queue'::regproc);")
        self.sql(f"""create or replace function queue_statistics.may_see_queue(person bigint, queue bigint)
            returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp
            as $$ begin perform pg_sleep({seconds}); return true; end $$;""")
        try:
            yield
        finally:
            self.sql(original)

    def wait_for_sessions(self, count, condition, seconds=5, session=None):
        """Waits until `count` sessions of the responders meet the condition. session: an open psql to ask by."""
        with contextlib.nullcontext(session) if session else psql.session() as session:
            question = f"select count(*) from pg_stat_activity where usename = 'e2e_reader' and {condition};"
            try:
                stages.wait_for(f"{count} sessions where {condition}",
                                lambda: session.run(question).strip() == str(count), seconds)
            except RuntimeError as error:
                raise TooSlow(str(error)) from error

    def end_sessions(self):
        return self.sql("select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
                        " where usename = 'e2e_reader';")

    # Responders

    @contextlib.contextmanager
    def responders(self, processes=1, prefix=(), nginx=True, stderr=None, **environment):
        """A context: responders for this fault alone, with these settings, behind an nginx. It ends the fault, too."""
        stage = self.stage
        name = f"own{next(numbers)}"
        group = Group(name, f"{stage.dir}/{name}.sock", 0, f"{stage.dir}/{name}.log", [])
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(group.socket)
            os.chmod(group.socket, 0o666)
            listener.listen(512)

            def start_one():
                with open(group.log, "ab") as log:
                    process = subprocess.Popen([*prefix, stage.program], stdin=listener, stderr=stderr or log,
                                               env={**stage.environment, **environment})
                group.processes.append(process)
                group.pids.append(process.pid)
                return process

            group.start_one = start_one
            for _ in range(processes):
                start_one()
            if nginx:
                stage.start_nginx(name, group.socket)
                group.port = stage.ports[name]
            outer, self.group = self.group, group
            try:
                if nginx:
                    self.begin()
                yield group
                if nginx:
                    self.over()
            finally:
                self.group = outer
                for process in group.processes:
                    process.terminate()
                statuses = [stages.wait_or_kill(process.pid) for process in group.processes if process.poll() is None]
                if nginx:
                    stage.nginx[name].terminate()
                    stage.nginx[name].wait()
        assert not any(statuses), f"the responders' exit statuses: {statuses}"

    # Before and after

    def settle(self):
        """Makes every process answer. Tries several times: on a busy machine the requests may not run side by side."""
        for attempt in range(10):
            try:
                self.answer_all_at_once()
                return
            except (AssertionError, RuntimeError):
                if attempt == 9:
                    raise
                time.sleep(0.3)

    def answer_all_at_once(self):
        """Sends one request per process. Each process gets one, because all requests wait for the same lock."""
        count = len(self.group.pids)
        if count == 1:
            status = self.ask(count=False).status
            assert status == 200, f"the process answers {status}"
            return
        with concurrent.futures.ThreadPoolExecutor(count) as pool, psql.session() as session:
            session.run("select 1;")  # connects before the lock, which may last no longer than a second
            with self.locked():
                pending = [pool.submit(self.ask, GOOD, count=False) for _ in range(count)]
                self.wait_for_sessions(count, "wait_event_type = 'Lock'", 1, session)
            statuses = [each.result().status for each in pending]
        assert statuses == [200] * count, f"not every process answers: {statuses}"

    def begin(self):
        self.settle()
        if not self.group.warm:
            self.settle()
            self.group.warm = True
        self.before = usage(self.group.pids)

    def over(self):
        """The fault is over: from here on clients must get 200 again, and all must be as before. Once per fault."""
        if self.recovered is not None:
            return
        began = self.fault_ended or time.monotonic()
        first, in_a_row = max(began, self.refused), 0
        while in_a_row < 3 * len(self.group.pids):  # so many that most likely every process has answered
            seen = self.ask(count=False)
            if seen.status == 200:
                in_a_row += 1
            else:
                in_a_row, first = 0, time.monotonic()
                assert_below(first - began, RECOVERY, "the next 200")
                time.sleep(0.02)
        self.recovered = first - began
        self.settle()
        self.after = usage(self.group.pids)
        before, after = self.before, self.after
        assert after.processes == before.processes, f"{before.processes} processes before, {after.processes} after"
        assert after.files == before.files, f"{before.files} open files before, {after.files} after"
        growth = (after.kib - before.kib) / max(after.processes, 1)
        assert growth <= GROWTH, f"a process grew by {growth:.0f} KiB"

    def ended(self):
        """The fault has ended, but clients still send requests."""
        self.fault_ended = time.monotonic()

    def expect(self, allowed):
        assert self.codes and set(self.codes) <= set(allowed), f"callers saw {dict(self.codes)}, expected {allowed}"

    def note(self, text):
        self.notes.append(text)


def add_caller(stage):
    """Adds the person `caller`, whose password is the marker."""
    stage.add_person("caller", PASSWORD)


def fastcgi_get(query):
    """The bytes of a request as nginx sends it, for a test that speaks to a responder directly."""
    return exchange.fastcgi_request([(b"REQUEST_METHOD", b"GET"), (b"DOCUMENT_URI", case_file.FUNCTION.encode()),
                                     (b"QUERY_STRING", query.encode()), (b"REMOTE_ADDR", b"192.0.2.1")], b"")


def percentile(seen, part):
    times = sorted(each.seconds for each in seen)
    return times[min(len(times) - 1, int(len(times) * part))]
