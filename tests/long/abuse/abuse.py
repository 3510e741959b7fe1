"""Abuses the responders and nginx. `run` starts this with a PostgreSQL."""

import collections
import contextlib
import glob
import itertools
import multiprocessing
import os
import random as randomness
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time

import answers
import fastcgi_mutations
import http_mutations
from lib import answer_check, exchange, stage as stages, stand, verdict

CONNECTIONS = int(os.environ.get("ABUSE_CONNECTIONS", 100_000))
REQUESTS = int(os.environ.get("ABUSE_REQUESTS", 1_000_000))
SEED = os.environ.get("ABUSE_SEED") or secrets.token_hex(4)
WORKERS = 12
PART = 500  # mutations that one worker makes at a time, from a random generator of their own
DEADLINE = 12  # seconds: longer than nginx's timeout, the longest of all
PATIENCE = 0.1  # seconds to wait for an answer to what may be only the beginning of a request
PEERS = 40  # of each slow kind
GROWTH = 4096  # KiB that a process may grow by: what it remembers of logins is bounded, and full by then
# All abuse comes from one address, so that hashing does not take most of the time. Good clients have another address,
# without failed logins.
SOURCE = "127.0.0.2"
GOOD_SOURCE = "127.0.0.1"
# <linux/in.h>: the port is chosen at connect(). At bind() no port in TIME_WAIT would be, and they would run out.
IP_BIND_ADDRESS_NO_PORT = 24

# At most so many peers at a time hold a responder until its timeout: fewer than there are responders, because others
# must be served.
patient = multiprocessing.Semaphore(2)


class Waiting(Exception):
    """Nothing has come, and the connection is open."""


class Connection:
    """A connection to nginx, kept for as long as both sides allow."""

    def __init__(self, port, source):
        self.socket = socket.socket()
        self.socket.settimeout(DEADLINE)
        self.socket.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        self.socket.bind((source, 0))
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        self.used = False

    def more(self, patience=DEADLINE):
        self.socket.settimeout(patience)
        try:
            received = self.socket.recv(65536)
        except ConnectionResetError:
            received = b""
        except TimeoutError as error:
            raise Waiting from error
        self.rest += received
        return received

    def answer(self, head_only, patience):
        """The next answer. An answer of HTTP/0.9 is a body alone, and is treated as if it had a status line."""
        while b"\r\n\r\n" not in self.rest:
            if not self.more(DEADLINE if self.rest else patience):
                if not self.rest:
                    raise exchange.Closed("the connection was closed without an answer")
                body, self.rest = self.rest, b""
                return exchange.Answer(0, [], body)
        head, _, self.rest = self.rest.partition(b"\r\n\r\n")
        status_line, _, fields = head.partition(b"\r\n")
        match = re.fullmatch(rb"HTTP/1\.1 (\d{3}) [ -~]*", status_line)
        if not match:
            raise exchange.Broken(f"no HTTP answer: {head[:200]!r}")
        if match[1] == b"100":
            return self.answer(head_only, patience)
        answer = exchange.Answer(int(match[1]), exchange.parse_headers(fields), b"")
        lengths = answer.header("Content-Length")
        if len(lengths) != 1:
            raise exchange.Broken(f"Content-Length is {lengths}")
        if not head_only:
            length = int(lengths[0])
            while len(self.rest) < length:
                if not self.more():
                    raise exchange.Broken("the connection was closed within an answer")
            answer.body, self.rest = self.rest[:length], self.rest[length:]
        return answer


class Abuser:
    """Makes one part of the mutations."""

    def __init__(self, part):
        self.random = randomness.Random(f"{SEED} {part}")
        self.part = part
        self.counts = collections.Counter()
        self.failures = []
        self.kept = {}

    def fail(self, what, kind, data):
        self.failures.append(f"{what}  [part {self.part}, {kind}] {http_mutations.masked(data)}")

    def result(self):
        for connection in self.kept.values():
            connection.socket.close()
        return self.counts, self.failures

    # HTTP

    def connect(self, source, fresh=False):
        if source not in self.kept or fresh:
            self.drop(source)
            self.kept[source] = Connection(stage_port, source)
        return self.kept[source]

    def drop(self, source):
        if source in self.kept:
            self.kept.pop(source).socket.close()

    def request(self):
        mutation = http_mutations.mutation(self.random)
        source = GOOD_SOURCE if mutation.good else SOURCE
        self.counts["requests"] += mutation.answers
        self.counts[f"kind: {mutation.kind}"] += mutation.answers
        try:
            # A mutation that may break the connection gets a connection of its own.
            if not self.talk(mutation, source, self.connect(source, not mutation.keeps and not mutation.strict)):
                self.talk(mutation, source, self.connect(source, True))
        except (exchange.Broken, OSError) as error:
            self.fail(f"{type(error).__name__}: {error}", mutation.kind, mutation.data)
            self.drop(source)
        if not mutation.keeps:
            self.drop(source)

    def talk(self, mutation, source, connection):
        """Returns False when the connection was kept from before, and is closed by now."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.socket.settimeout(DEADLINE)
            connection.socket.sendall(mutation.data)
        if mutation.leave:
            self.counts["left"] += 1
            return True
        for i in range(mutation.answers):
            head_only = i in mutation.heads or (not mutation.strict and mutation.data.startswith(b"HEAD "))
            try:
                answer = connection.answer(head_only, PATIENCE if mutation.may_wait else DEADLINE)
            except Waiting:
                if not mutation.may_wait or connection.rest:
                    raise exchange.Broken(f"no answer within {DEADLINE} s") from None
                self.counts["wait for more"] += 1
                return True
            except exchange.Closed:
                if connection.used and i == 0:
                    return False
                if mutation.strict:
                    raise
                self.counts["closed"] += 1
                return True
            connection.used = True
            self.look_at(mutation, answer, head_only)
            if answer.header("Connection") == ["close"]:
                self.drop(source)
                if i + 1 < mutation.answers:
                    self.counts["closed"] += mutation.answers - i - 1  # nginx's limit of requests on a connection
                    return True
        return True

    def look_at(self, mutation, answer, head_only):
        if answer.status == 0:
            # HTTP/0.9 has no status and no headers.
            self.counts["answers of HTTP/0.9"] += 1
            if mutation.strict:
                self.fail("an answer without headers", mutation.kind, mutation.data)
            return
        if answers.is_own_page(answer):
            self.counts[f"nginx's own {answer.status}"] += 1
            if mutation.strict or (answer.status >= 500 and answer.status not in (501, 505)):
                self.fail(f"nginx's own page {answer.status}", mutation.kind, mutation.data)
            return
        self.counts[answer.status] += 1
        wrong = answers.wrong(answer, head_only)
        if mutation.good and not wrong and (answer.status, answer.body) != (200, good_body):
            wrong = f"a good caller got {answer.status}: {answer.body[:200]!r}"
        if wrong:
            self.fail(wrong, mutation.kind, mutation.data)

    # FastCGI

    def connection(self):
        data, whole = fastcgi_mutations.connection(self.random)
        how = self.random.random()
        self.counts["connections"] += 1
        try:
            with socket.socket(socket.AF_UNIX) as peer:
                peer.settimeout(DEADLINE)
                peer.connect(stage_socket)
                if how < 0.003 and patient.acquire(block=False):
                    try:
                        received, whole = self.slowly(peer, data, silent=how < 0.001), False
                    finally:
                        patient.release()
                elif how < 0.03:
                    self.counts["left"] += 1
                    send(peer, data)
                    return
                else:
                    received = self.at_once(peer, data, pieces=self.random.randrange(1, 6) if how < 0.1 else 1)
            self.look_at_records(received, data, whole)
        except TimeoutError:
            self.fail(f"neither an answer nor an end within {DEADLINE} s", "FastCGI", data)
        except exchange.Broken as error:
            self.fail(f"{error}", "FastCGI", data)

    def at_once(self, peer, data, pieces):
        cuts = sorted(self.random.randrange(len(data) + 1) for _ in range(pieces - 1))
        for begin, end in itertools.pairwise([0, *cuts, len(data)]):
            send(peer, data[begin:end])
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
        return receive(peer)

    def slowly(self, peer, data, silent):
        """Sends half of the bytes and then nothing, or the beginning byte by byte. The responder must close the
        connection."""
        self.counts["slow"] += 1
        if silent:
            send(peer, data[:len(data) // 2])
        else:
            for byte in data[:60]:
                if not send(peer, bytes([byte])):
                    break
                time.sleep(0.02)
        return receive(peer)

    def look_at_records(self, received, data, whole):
        output = exchange.output_of(received)
        if not output:
            self.counts["closed"] += 1
            if whole:
                self.fail("no answer to a whole request", "FastCGI", data)
            return
        head_only = output.endswith(b"\r\n\r\n")  # after a mutation nobody knows which method the responder read
        answer = exchange.parse_cgi(output, head_only)
        self.counts[answer.status] += 1
        wrong = answers.wrong(answer, head_only)
        if wrong:
            self.fail(wrong, "FastCGI", data)


def send(peer, data):
    try:
        peer.sendall(data)
        return True
    except (BrokenPipeError, ConnectionResetError):
        return False


def receive(peer):
    try:
        return exchange.receive_all(peer)
    except ConnectionResetError:
        return b""  # the peer closed the connection with bytes of ours unread


def abuse_http(part):
    abuser = Abuser(f"http {part}")
    while abuser.counts["requests"] < PART:
        abuser.request()
    return abuser.result()


def abuse_fastcgi(part):
    abuser = Abuser(f"fastcgi {part}")
    for _ in range(PART):
        abuser.connection()
    return abuser.result()


def slow_peers(port, done, counts):
    """Clients of nginx that send their headers, send their body or read at one byte per half second."""
    line = f"{http_mutations.FUNCTION}?%s HTTP/1.1\r\nHost: localhost\r\n"
    form = f"Content-Type: {http_mutations.TYPES[0]}\r\nContent-Length: 1000\r\n\r\na"
    # The headers that are cut off have no login, because nginx never chooses a location for them.
    kinds = (("GET " + line % "queue=100" + "X", lambda peer: peer.send(b"x")),
             ("POST " + line % "" + form, lambda peer: peer.send(b"x")),
             ("GET "+ line % stand.GOOD + "\r\n", lambda peer: peer.recv(1)))
    while not done.is_set():
        with contextlib.ExitStack() as stack:
            peers = []
            for text, step in kinds * PEERS:
                with contextlib.suppress(OSError):
                    peer = stack.enter_context(socket.create_connection(("127.0.0.1", port), 2, ("127.0.0.4", 0)))
                    peer.sendall(text.encode())
                    peers.append((peer, step))
            counts["slow"] += len(peers)
            for _ in range(20):
                for peer, step in peers:
                    with contextlib.suppress(OSError):
                        step(peer)
                if done.wait(0.5):
                    break


def run_all(pool, name, function, amount):
    """Runs all parts of one kind by all workers. Returns what was wrong."""
    began = time.monotonic()
    counts, failures = collections.Counter(), []
    parts = -(-amount // PART)
    for done, (seen, wrong) in enumerate(pool.imap_unordered(function, range(parts)), 1):
        counts += seen
        failures += wrong
        if done % max(parts // 10, 1) == 0:
            print(f"{name}: {done * PART} in {time.monotonic() - began:.0f} s, {len(failures)} wrong", flush=True)
    print(f"{name}:", ", ".join(f"{key} × {counts[key]}" for key in sorted(counts, key=str)))
    return failures


def wrong_in_log(path):
    """What is wrong with answers that nginx itself gave in the shipped locations of the API: those of the page are for
    people. Its log has the lengths, by which JSON differs from nginx's own pages."""
    wrong, lines = [], 0
    pattern = re.compile(rb'"path":"(.*)","status":(\d+),"bytes":(\d+),"seconds":[\d.]+,"upstream_seconds":"([^"]*)"')
    for line in open_lines(path):
        lines += 1
        match = pattern.search(line)
        if not match:
            wrong.append(f"no line of our format: {line[:200]!r}")
            continue
        asked, status, size, upstream = match[1], int(match[2]), int(match[3]), match[4]
        if status in (408, 499) or asked.startswith(b"/queue-statistics/"):
            continue  # the client has left, or never sent the rest; or it is the page
        if status not in answers.CODES:
            wrong.append(f"status {status} of {asked!r}")
        elif upstream in (b"", b"-") and size not in (0, own_answer_bytes(status)):
            wrong.append(f"status {status} with {size} bytes of {asked!r}")
    print(f"nginx logged {lines} requests in the shipped locations")
    return wrong


def open_lines(path):
    with open(path, "rb") as file:
        yield from file


def own_answer_bytes(status):
    own = {"400": answers.UNREADABLE, "404": "The function does not exist."}
    message = {**answer_check.MESSAGES, **own}.get(str(status), "")
    return len(f'{{"responses":[{{"code":"{status}","key":"","message":"{message}"}}]}}')


def leaks(stage):
    """Where the clients' password is: logs, command lines, environments. A request that nginx refuses before it chooses
    a location goes to the server's own logs, as nginx/queue-statistics.conf says; these logs are counted apart."""
    logs = {*glob.glob(f"{stage.dir}/*.log"), *glob.glob(f"{os.environ['POSTGRESQL_DIR']}/*log")}
    files = [*logs, *glob.glob("/proc/[0-9]*/cmdline"), *glob.glob("/proc/[0-9]*/environ")]
    # grep gets the password by standard input: as an argument it would be found in grep's own command line.
    grep = subprocess.run(["grep", "-alsFf", "-", *files], input=stand.PASSWORD, text=True, capture_output=True)
    found = grep.stdout.split()
    apart = {path for path in found if os.path.basename(path).startswith("nginx_server_")}
    for path in sorted(apart):
        print(f"of requests that reached no location the server's own log has the password: {os.path.basename(path)}")
    for log in ("responder.log", "nginx_queue-statistics.log"):
        assert os.path.getsize(f"{stage.dir}/{log}"), f"{log} is empty"
    lines = [f"{path}: {http_mutations.masked(line)}" for path in logs.intersection(found) - apart
             for line in open_lines(path) if stand.PASSWORD.encode() in line]
    return lines + [path for path in found if path not in logs]


def main():
    global stage_port, stage_socket, good_body
    said = verdict.Verdict()

    def report(name, wrong):
        if said.say(name, *wrong[:20]):
            print(f"ok {name}", flush=True)

    print(f"ABUSE_SEED={SEED} ABUSE_CONNECTIONS={CONNECTIONS} ABUSE_REQUESTS={REQUESTS}", flush=True)
    with stages.Stage(sys.argv[1]) as stage:
        stage.start_nginx("nginx", stage.socket)
        stand.add_caller(stage)
        stage_port, stage_socket = stage.ports["nginx"], stage.socket
        run = stand.Run(stage, True)
        run.group = stand.Group("nginx", stage.socket, stage_port, stage.log, list(stage.responders))
        run.settle()
        run.before = stand.usage(run.group.pids)
        asking = Connection(stage_port, GOOD_SOURCE)
        asking.socket.sendall(http_mutations.good_kind(randomness).data)
        good_body = asking.answer(False, DEADLINE).body
        asking.socket.close()

        # The workers are made before there are threads, whose locks they would inherit, and must not have the stage's
        # handler of SIGTERM.
        with multiprocessing.Pool(WORKERS, signal.signal, (signal.SIGTERM, signal.SIG_DFL)) as pool:
            for name, function, amount in (("FastCGI", abuse_fastcgi, CONNECTIONS), ("HTTP", abuse_http, REQUESTS)):
                counts, done = collections.Counter(), threading.Event()
                wrong, slow = [], threading.Thread(target=slow_peers, args=(stage_port, done, counts))
                try:
                    with run.asking(2, 0.05) as seen:
                        if function is abuse_http:
                            slow.start()
                        failures = run_all(pool, name, function, amount)
                    report(f"{name}: every answer is the contract's, within {DEADLINE} s", failures)
                except (AssertionError, exchange.Broken) as error:
                    wrong.append(str(error))
                finally:
                    done.set()
                    if slow.ident:
                        slow.join()
                refused = [f"{each.status} after {each.seconds:.2f} s" for each in seen if each.status != 200]
                report(f"{name}: good callers beside it got 200", wrong + refused)
                print(f"{len(seen)} good callers, p50 {stand.percentile(seen, 0.5) * 1000:.0f} ms, p99"
                      f" {stand.percentile(seen, 0.99) * 1000:.0f} ms; {counts['slow']} slow ones")

        time.sleep(1)
        report("no responder process died", [f"exit status {status}" for status in stage.ended_responders()])
        run.settle()
        after = stand.usage(run.group.pids)
        held = f"{run.before} before, {after} after"
        print(held)
        same = (after.files, after.processes) == (run.before.files, run.before.processes)
        grown = after.kib - run.before.kib > GROWTH * after.processes
        report("the responders hold what they held", [held] if grown or not same else [])
        wrong = wrong_in_log(f"{stage.dir}/nginx_queue-statistics.log")
        report("what nginx answers itself in the shipped locations is JSON", wrong)
        report("no password in any log, command line or environment", leaks(stage))
    return said.close()


if __name__ == "__main__":
    sys.exit(main())
