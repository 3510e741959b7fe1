"""What faults and abuse share: callers who look at every answer, responders, and what those hold before and after."""

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

RECOVERY = 5  # seconds: after every fault there is a 200 again by then
GROWTH = 1024  # KiB that a process may have grown by: a first time for something, not a leak
TICK = os.sysconf("SC_CLK_TCK")
numbers = itertools.count(1)
# A password that stands nowhere but where the callers send it: whatever log holds it has leaked it.
PASSWORD = "marker" + secrets.token_hex(12)
LOGIN = f"auth_username=caller;auth_password={PASSWORD}"
GOOD = f"{LOGIN};queue=100"


class Skipped(Exception):
    """Why the fault cannot be made here."""


class TooSlow(AssertionError):
    """A time over its bound. What else runs on the machine can be why, so such a fault is made once more."""


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
    files: int  # None when we may not look
    kib: int  # resident, but for files and shared memory


def field_of_status(pid, name):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next((line.split()[1] for line in file if line.startswith(name)), "0")


def usage(pids):
    """Of the responders among pids that live."""
    processes = files = kib = 0
    for pid in pids:
        try:
            if field_of_status(pid, "State:") == "Z":
                continue
            kib += int(field_of_status(pid, "RssAnon:"))
            processes += 1
        except (FileNotFoundError, ProcessLookupError):
            continue
        with contextlib.suppress(PermissionError):  # they forbid it to all but root
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
    """Responders on one socket, behind an nginx of their own."""

    name: str
    socket: str
    port: int
    log: str
    pids: list
    processes: list = dataclasses.field(default_factory=list)  # Popen, of those that we started
    start_one: object = None
    warm: bool = False  # they keep what a process keeps after its first answers

    def log_text(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()


class Run:
    """One fault: what callers saw, and whether all was as before once it was over."""

    def __init__(self, stage, full):
        self.stage = stage
        self.full = full
        self.group = None
        self.codes = collections.Counter()
        self.answers = 0  # asked for, but for probing
        self.lock = threading.Lock()
        self.before = self.after = self.recovered = None
        self.fault_ended = None  # when, if that was before over()
        self.refused = 0  # when the last answer came that was not 200
        self.notes = []  # what else was measured

    # Callers

    def ask(self, query=GOOD, source="127.0.0.1", count=True, path=case_file.FUNCTION):
        """Asks by nginx, and fails unless the answer is one of the contract's."""
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
        """Callers who ask one request after the other while the block runs; gives the list of what they saw."""
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
        """A table that every answer needs is locked while the block runs."""
        return psql.locked("queue_statistics.queue_destination_calls")

    @contextlib.contextmanager
    def slow(self, seconds):
        """Every answer takes that long in the database while the block runs."""
        original = self.sql("select pg_get_functiondef('queue_statistics.may_see_queue'::regproc);")
        self.sql(f"""create or replace function queue_statistics.may_see_queue(person bigint, queue bigint)
            returns boolean language plpgsql stable security definer set search_path = pg_catalog, pg_temp
            as $$ begin perform pg_sleep({seconds}); return true; end $$;""")
        try:
            yield
        finally:
            self.sql(original)

    def wait_for_sessions(self, count, condition, seconds=5, session=None):
        """Until that many of the responders' sessions meet the condition. session: one that is there already."""
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
        """Responders of this fault's own, with these settings; nginx in front of them. Leaving it ends the fault."""
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
        """Has every process answer, within some tries: on a busy machine their requests may miss each other."""
        for attempt in range(10):
            try:
                self.answer_all_at_once()
                return
            except (AssertionError, RuntimeError):
                if attempt == 9:
                    raise
                time.sleep(0.3)

    def answer_all_at_once(self):
        """One request for each process, because none is done before all of them wait for a lock."""
        count = len(self.group.pids)
        if count == 1:
            status = self.ask(count=False).status
            assert status == 200, f"the process answers {status}"
            return
        with concurrent.futures.ThreadPoolExecutor(count) as pool, psql.session() as session:
            session.run("select 1;")  # it is there before the lock, which may last a second
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
        """The fault is over: from here on callers get 200 again, and all is as it was. Once per fault."""
        if self.recovered is not None:
            return
        began = self.fault_ended or time.monotonic()
        first, in_a_row = max(began, self.refused), 0
        while in_a_row < 3 * len(self.group.pids):  # so many that hardly a process was left out
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
        """The fault has ended, while callers still ask."""
        self.fault_ended = time.monotonic()

    def expect(self, allowed):
        assert self.codes and set(self.codes) <= set(allowed), f"callers saw {dict(self.codes)}, expected {allowed}"

    def note(self, text):
        self.notes.append(text)


def add_caller(stage):
    """Whose password is the marker."""
    stage.add_person("caller", PASSWORD)


def fastcgi_get(query):
    """The request as nginx sends it, for those who ask a responder themselves."""
    return exchange.fastcgi_request([(b"REQUEST_METHOD", b"GET"), (b"DOCUMENT_URI", case_file.FUNCTION.encode()),
                                     (b"QUERY_STRING", query.encode()), (b"REMOTE_ADDR", b"192.0.2.1")], b"")


def percentile(seen, part):
    times = sorted(each.seconds for each in seen)
    return times[min(len(times) - 1, int(len(times) * part))]
