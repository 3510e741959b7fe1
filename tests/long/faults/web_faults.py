"""Rows 13 to 24: what happens to the responders and to nginx, and what clients and other peers do to them."""

import concurrent.futures
import contextlib
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import threading
import time

import part
from lib import case_file, exchange, psql, stand
from lib.stand import assert_below, assert_within

PARTS = []
fault = part.collector(PARTS)
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


# For responders whose requests must get a lock in the end, also on a busy machine.
PATIENT = {"QUEUE_STATISTICS_LOCK_TIMEOUT_MS": "4500"}


@contextlib.contextmanager
def in_flight(run, count):
    """A context: so many requests wait, each in a process of its own, until the context ends. Gives their futures."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool, psql.session() as session:
        session.run("select 1;")  # connects before the lock, which may last no longer than PATIENT
        with run.locked():
            pending = [pool.submit(run.ask) for _ in range(count)]
            run.wait_for_sessions(count, "wait_event_type = 'Lock'", 3, session)
            yield pending


@fault(13, "all processes are busy, 50 callers at once")
def all_busy(run):
    text = run.group.log_text()
    with run.locked():
        seen = run.many(50)
    run.expect({503})
    assert_within(seen, 5)
    lines = run.group.log_text()[len(text):].splitlines()
    aside = sum("waited too long" in line for line in lines)
    if aside <= 50 - 4 * len(run.group.pids):  # each process takes one request per second, for two seconds
        raise stand.TooSlow(f"only {aside} were answered without the database")
    run.note(f"slowest {max(each.seconds for each in seen):.1f} s; {aside} answered without the database")


@fault(13, "the backlog is full", own=True, quick=False)
def backlog_full(run):
    with socket.socket(socket.AF_UNIX) as listener:  # nobody ever accepts a connection
        path = f"{run.stage.dir}/full.sock"
        listener.bind(path)
        os.chmod(path, 0o666)
        listener.listen(1)
        run.stage.start_nginx("full", path)
        run.group = stand.Group("full", path, run.stage.ports["full"], "", [])
        seen = run.many(20)
    run.expect({503, 504})
    assert run.codes[503] >= 15, run.codes
    assert_within(seen, 11)


def ended(process):
    """The exit status of a process, which must end within a second."""
    began = time.monotonic()
    status = process.wait(30)
    assert_below(time.monotonic() - began, 1, "the end of a process")
    return status


def replace(group, process):
    """Starts a process instead of one that has ended, as a supervisor does."""
    group.pids.remove(process.pid)
    group.processes.remove(process)
    group.start_one()


@fault(14, "SIGTERM, SIGINT, SIGUSR1, idle and in flight", own=True)
def signals(run):
    with run.responders(processes=2, **PATIENT) as group:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            process = group.processes[0]
            process.send_signal(number)
            assert ended(process) == 0, f"idle: exit status {process.returncode}"
            replace(group, process)
            time.sleep(0.1)  # the process starts
            process = group.processes[0]
            with in_flight(run, 2):
                process.send_signal(number)
                time.sleep(0.1)
                assert process.poll() is None, "it left before it had answered"
            assert ended(process) == 0, f"in flight: exit status {process.returncode}"
            replace(group, process)
            time.sleep(0.1)
        run.expect({200})


@fault(15, "SIGKILL of a process", own=True)
def killed(run):
    with run.responders(processes=4, **PATIENT) as group:
        process = group.processes[0]
        with in_flight(run, 4):
            process.kill()
            process.wait()
        assert run.codes == {200: 4}, run.codes  # nginx sends the killed process's request to another process
        run.many(12, 3)
        assert run.codes == {200: 16}, run.codes
        replace(group, process)
    run.note("started anew by this test; by systemd: Restart=always")


@fault(16, "bad settings", own=True)
def bad_settings(run):
    settings = {"QUEUE_STATISTICS_DEADLINE_MS": "soon", "QUEUE_STATISTICS_DEADLNE_MS": "1",
                "QUEUE_STATISTICS_PREPARE": "perhaps"}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{run.stage.dir}/bad.sock")
        listener.listen(1)
        done = subprocess.run([run.stage.program], stdin=listener, env={**run.stage.environment, **settings},
                              capture_output=True, text=True, timeout=30)
    assert done.returncode == 1, done
    for name in settings:
        assert name + " " in done.stderr, done.stderr
    run.note("refused, every problem named")


@fault(16, "the log cannot be written", own=True)
def unwritable_log(run):
    with open("/dev/full", "wb") as full, run.responders(stderr=full):
        run.many(50, 2)
    run.expect({200})


@fault(16, "standard error is a pipe that nobody reads", own=True)
def full_pipe(run):
    read, write = os.pipe()
    try:
        with run.responders(stderr=write):
            seen = run.many(800, 4)  # each request writes a line; the pipe takes 64 KiB
        run.expect({200})
        assert_within(seen, 2)
    finally:
        os.close(read)
        os.close(write)


PARAMS = exchange.record(exchange.FASTCGI_BEGIN, b"\0\1\0\0\0\0\0\0")
PEERS = {
    "silent": b"",
    "one byte": b"\1",
    "garbage": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3,
    "random": bytes(range(255, 0, -1)) * 40,
    "half a record": PARAMS + exchange.record(exchange.FASTCGI_PARAMS, b"x" * 100)[:50],
    "a name of 2 GiB": PARAMS + exchange.record(exchange.FASTCGI_PARAMS, b"\xff" * 8 + b"x" * 80),
    "no body": exchange.fastcgi_request([(b"REQUEST_METHOD", b"POST"), (b"CONTENT_LENGTH", b"100")], b"")[:-8],
}


@fault(17, "silent, byte-wise and garbage peers on the socket", own=True)
def odd_peers(run):
    timeout = 0.3
    with run.responders(QUEUE_STATISTICS_RECEIVE_TIMEOUT_MS="300") as group:
        slowest = 0
        for name, sent in PEERS.items():
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(group.socket)
                peer.sendall(sent)
                seen = run.ask()
                assert_below(seen.seconds, timeout + 0.5, f"an answer behind {name}")
                slowest = max(slowest, seen.seconds)
        with socket.socket(socket.AF_UNIX) as peer, concurrent.futures.ThreadPoolExecutor(1) as pool:
            peer.connect(group.socket)
            peer.sendall(PARAMS[:1])
            pending = pool.submit(run.ask)
            with contextlib.suppress(BrokenPipeError):
                for byte in (PARAMS * 10)[1:]:  # 20 per second: never idle for as long as the timeout
                    peer.sendall(bytes([byte]))
                    time.sleep(0.05)
            seen = pending.result()
            assert_below(seen.seconds, timeout + 0.5, "an answer behind one byte after the other")
        run.expect({200})
        run.note(f"the next caller waited {max(slowest, seen.seconds):.2f} s at most, receive timeout {timeout} s")


@contextlib.contextmanager
def leaving(run):
    """A context: a client of nginx, which leaves when the context ends."""
    with socket.create_connection(("127.0.0.1", run.group.port)) as caller:
        caller.sendall(f"GET {case_file.FUNCTION}?{stand.GOOD} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        yield


@fault(18, "the caller leaves during the query", own=True)
def caller_leaves(run):
    with run.responders() as group, psql.session() as session:
        with run.slow(4):
            session.run("select 1;")  # connects before the time is taken
            with leaving(run):
                run.wait_for_sessions(1, "wait_event = 'PgSleep'")
            began = time.monotonic()
            run.wait_for_sessions(0, "wait_event = 'PgSleep'", session=session)
            ended = time.monotonic() - began
            assert_below(ended, 1, "the end of the query")
            # One client's request is being answered. Ten more clients wait for their turn, and leave.
            text = group.log_text()
            with leaving(run):
                run.wait_for_sessions(1, "wait_event = 'PgSleep'")
                with contextlib.ExitStack() as callers:
                    for _ in range(10):
                        callers.enter_context(leaving(run))
                    time.sleep(0.2)
        seen = run.ask()
        assert seen.status == 200, seen
        assert_within([seen], 1)
        lines = [line for line in group.log_text()[len(text):].splitlines() if "the client has left" in line]
        assert len(lines) == 11, lines  # one per client that left
        run.note(f"the query ended after {ended:.2f} s; of 10 who left before their turn none was answered")


SLOW = 200


def slow_peers(run, request, step):
    """Good clients, beside 200 connections that send the beginning of a request and then go on step by step."""
    peers = [socket.create_connection(("127.0.0.1", run.group.port)) for _ in range(SLOW)]
    try:
        for peer in peers:
            peer.sendall(request)
        with run.asking(4) as seen:
            for _ in range(10 if run.full else 2):
                for peer in peers:
                    with contextlib.suppress(OSError):
                        step(peer)
                time.sleep(0.5)
    finally:
        for peer in peers:
            peer.close()
    run.expect({200})
    run.note(f"p99 {stand.percentile(seen, 0.99) * 1000:.0f} ms")


LINE = f"{case_file.FUNCTION}?{stand.GOOD} HTTP/1.1\r\nHost: localhost\r\n"


@fault(19, "200 callers with slow headers")
def slow_headers(run):
    # The request has no login: nginx never chooses a location for it, so it gets into the server's own log, as
    # nginx/queue-statistics.conf says.
    slow_peers(run, f"GET {LINE}X".replace(stand.GOOD, "queue=100").encode(), lambda peer: peer.send(b"x"))


@fault(19, "200 callers with slow bodies")
def slow_bodies(run):
    form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"
    slow_peers(run, f"POST {LINE}{form}a".encode(), lambda peer: peer.send(b"x"))


@fault(19, "200 callers who read slowly")
def slow_readers(run):
    slow_peers(run, f"GET {LINE}\r\n".encode(), lambda peer: peer.recv(1))


@fault(20, "a process is out of file descriptors", own=True)
def out_of_descriptors(run):
    with run.responders() as group:
        pid = group.pids[0]
        limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        files = run.before.files or 5
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (files, limits[1]))
        cpu = stand.cpu_seconds([pid])
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            pending = [pool.submit(run.ask) for _ in range(4)]
            time.sleep(1.5)
            cpu = stand.cpu_seconds([pid]) - cpu
            resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
        for each in pending:
            each.result()
        run.expect({200, 500, 503})
        assert cpu < 0.2, f"{cpu:.2f} s of CPU time in 1.5 s"
        run.note(f"CPU {cpu:.2f} s in 1.5 s without descriptors")


@fault(20, "a process is out of memory", own=True)
def out_of_memory(run):
    with run.responders() as group:
        pid = group.pids[0]
        limits = resource.prlimit(pid, resource.RLIMIT_AS)
        size = int(stand.field_of_status(pid, "VmSize:")) * 1024
        resource.prlimit(pid, resource.RLIMIT_AS, (size + (1 << 20), limits[1]))
        for _ in range(3):
            run.ask("auth_username=yescrypt_64_mib;auth_password=secret;queue=100")
        run.expect({500, 503})
        assert run.ask().status == 200  # a request that needs no hash
        resource.prlimit(pid, resource.RLIMIT_AS, limits)


@fault(21, "many requests: memory stays flat", own=True)
def many_requests(run):
    requests = 100_000 if run.full else 3_000
    queries = [stand.GOOD, f"{stand.LOGIN};destination=1001", f"{stand.LOGIN};queue=7", f"{stand.LOGIN};start=x", "a=1",
               f"{stand.LOGIN};queue=100;start=1700000000;end=1700000500", f"{stand.LOGIN}%zz",
               f"{stand.LOGIN};queue=111"]
    expected = [b"Status: %d " % code for code in (200, 200, 404, 400, 401, 200, 400, 200)]
    sent = [stand.fastcgi_get(query) for query in queries]
    if run.full:
        run.sql("alter system set log_statement = none")
        run.sql("alter system set log_min_duration_statement = -1")
        run.sql("select pg_reload_conf()")

    def caller(count):
        for n in range(count):
            answer = exchange.fastcgi(run.group.socket, sent[n % len(sent)])
            assert answer.startswith(expected[n % len(sent)]), (queries[n % len(sent)].replace(stand.PASSWORD, "..."),
                                                                answer[:80])

    def ask(count):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(caller, count // 2) for _ in range(2)]:
                done.result()

    try:
        with run.responders(processes=2):
            ask(1000)
            warm = stand.usage(run.group.pids).kib
            began = time.monotonic()
            ask(requests)
            rate = requests / (time.monotonic() - began)
            grown = stand.usage(run.group.pids).kib - warm
    finally:
        if run.full:
            run.sql("alter system reset all")
            run.sql("select pg_reload_conf()")
    assert grown <= 256, f"grown by {grown} KiB"
    run.note(f"{requests} requests, {rate:.0f}/s; grown by {grown} KiB after the first 1000")


@fault(22, "nginx is reloaded under 20 callers")
def nginx_reloaded(run):
    with run.asking(20):
        for _ in range(5 if run.full else 2):
            time.sleep(0.4)
            run.stage.nginx["nginx"].send_signal(signal.SIGHUP)
        time.sleep(0.4)
    run.expect({200})


@fault(22, "the responders are restarted under 20 callers", own=True)
def responders_restarted(run):
    # A start takes a moment, and longer on a busy machine. Requests that wait meanwhile are not refused.
    with run.responders(processes=4, QUEUE_STATISTICS_QUEUED_MAX_MS="9000") as group:
        with run.asking(20):
            for _ in range(5 if run.full else 2):
                time.sleep(0.3)
                old = list(group.processes)
                for process in old:
                    process.terminate()
                for process in old:
                    # A process that was still starting dies of the signal. It holds no request.
                    assert process.wait(30) in (0, -signal.SIGTERM), process.returncode
                    replace(group, process)
            time.sleep(0.3)
        run.expect({200})
    run.note("a package upgrade restarts them the same way, the socket stays")


@fault(23, "the clock jumps by an hour, forth and back", own=True)
def clock_jumps(run):
    if not os.path.exists(FAKETIME):
        raise stand.Skipped("needs libfaketime")
    clock = f"{run.stage.dir}/clock"

    def set_clock(offset):
        with open(clock, "w", encoding="ascii") as file:
            file.write(offset)

    set_clock("+0")
    with run.responders(LD_PRELOAD=FAKETIME, FAKETIME_TIMESTAMP_FILE=clock, FAKETIME_NO_CACHE="1",
                        FAKETIME_DONT_FAKE_MONOTONIC="1"):
        dear = "auth_username=bcrypt_12;auth_password=secret;queue=100"
        hashed = run.ask(dear)
        for offset in ("+3600", "-3600", "+0"):
            set_clock(offset)
            cached = run.ask(dear)
            assert cached.status == 200, cached
            assert_within([cached], hashed.seconds / 2)
            with run.locked():
                locked = run.ask()
            assert locked.status == 503 and locked.seconds > 0.9, locked
            assert_within([locked], 2)
        assert run.codes == {200: 4, 503: 3}, run.codes
        run.note(f"first login {hashed.seconds * 1000:.0f} ms, after the last jump {cached.seconds * 1000:.0f} ms")


def at_a_rate(rate, seconds, threads, request):
    """Calls request(n) `rate` times per second, as far as the threads keep up. Returns the results."""
    started, results = time.monotonic(), []
    numbers = iter(range(int(rate * seconds)))
    lock = threading.Lock()

    def worker():
        while True:
            with lock:
                n = next(numbers, None)
            if n is None:
                return
            time.sleep(max(0, started + n / rate - time.monotonic()))
            results.append(request(n))

    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(worker) for _ in range(threads)]:
            done.result()
    return results


@contextlib.contextmanager
def in_another_process(function):
    """A context: the function runs meanwhile, in another process, because in this interpreter it would spoil the
    measured times. Gives a list, which has the function's results after the context."""
    results = []
    receiving, sending = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=lambda: sending.send(function()))
    process.start()
    sending.close()
    yield results
    with contextlib.suppress(EOFError):  # the function failed
        results += receiving.recv()
    process.join()
    assert process.exitcode == 0


@fault(24, "a flood of wrong passwords, 200 a second from one address")
def flood(run):
    seconds = 60 if run.full else 3

    def good(n):  # half of these requests come from the flood's own address
        return run.ask(count=False, source="127.77.0.1" if n % 2 else "127.0.0.1")

    def wrong(n):
        return run.ask(f"auth_username=x{n};auth_password=wrong{n};queue=100", "127.77.0.1", count=False)

    for _ in range(3):
        run.settle()  # so that every process has verified the login
    hashes = [run.ask("auth_username=yescrypt;auth_password=wrong;queue=100", f"127.78.0.{n}", count=False).seconds
              for n in range(1, 6)]
    one_hash = sorted(hashes)[2]
    idle = at_a_rate(50, max(seconds / 3, 3), 4, good)
    with in_another_process(lambda: at_a_rate(200, seconds, 8, wrong)) as flooded:
        served = at_a_rate(50, seconds, 4, good)
    run.codes.update(each.status for each in flooded)
    run.expect({401, 429})
    assert run.codes[401] and run.codes[429], run.codes
    statuses = {each.status for each in served}
    assert statuses == {200}, f"good callers saw {statuses}"
    before, during = stand.percentile(idle, 0.99), stand.percentile(served, 0.99)
    run.note(f"{len(served)} good ones got only 200, p99 {during * 1000:.1f} ms; idle {before * 1000:.1f} ms, one hash "
             f"{one_hash * 1000:.0f} ms")
    # A short flood ends before the throttle holds: each process still hashes for the first refusals.
    if run.full:
        assert_below(during, 2 * before + one_hash, "99 % of the answers")
