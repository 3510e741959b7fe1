"""What a single request cannot show. Each fact is a function that asserts. The facts run in turn, after the cases."""

import base64
import collections
import concurrent.futures
import glob
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import threading
import time

import example_sites
from lib import answer_check, case_file, exchange, postgresql, psql, stage as stages

# A password that exists nowhere but in the requests of this program: a log that has it has leaked it.
MARKER = "marker" + secrets.token_hex(12)
ASK = "/api/json/...?{login amy};queue=100"
LOGIN = "/api/json/user/login/"
METRICS = "/queue-statistics/metrics"
# The same for tokens, made by a_password_used_in_every_way: one that holds, and one with another signature.
marker_tokens = []


def run(fact, stage):
    """Runs a fact. Returns what is wrong, as lines of text; no lines: the fact is true."""
    try:
        fact(stage)
    except (AssertionError, exchange.Broken, OSError, RuntimeError, subprocess.SubprocessError) as error:
        return [line for line in f"{type(error).__name__}: {error}".splitlines() if line]
    return []


def ask(stage, target=ASK, to="nginx", method="GET", fields=(), body=None, options=None):
    options = {"to": to, **(options or {})}
    return case_file.Request(f"{method} {target}", list(fields), options, body).send(stage, None)


def assert_answer(answer, status, **expected):
    wrong = answer_check.check(case_file.Expected(status, **expected), answer)
    assert not wrong, "\n".join(wrong)


def use_marker_in_every_way(stage):
    """Sends the marker as a right and as a wrong password, so that requests end in every way they can."""
    login = f"auth_username=marked;auth_password={MARKER}"
    wrong = f"auth_username=amy;auth_password={MARKER}"
    tokens = [f"auth_token={token}" for token in marker_tokens]
    form = ["Content-Type: application/x-www-form-urlencoded"]
    basic = "Authorization: Basic " + base64.b64encode(f"marked:{MARKER}".encode()).decode()
    for to in [name for name in ("nginx", "no_responder", "limited", "limited") if name in stage.ports]:
        mistyped = ["/local/ap%69/json/queues/gte/", f"/api/json/queues/gte/&{login}",
                    f"{case_file.FUNCTION}%3F{login}",
                    case_file.FUNCTION + login.replace("=", "%3D")] if to == "nginx" else []
        for path in ("/api/json/...", case_file.FUNCTION.rstrip("/"), "/local" + case_file.FUNCTION.rstrip("/"),
                     case_file.FUNCTION.replace("get", "ge%74"), *mistyped):
            for query in (login, wrong, login + ";queue=x", login + f";queue={MARKER}", login + "&start=%zz",
                          f"auth_username=nobody;auth_password={MARKER}", *tokens, tokens[0] + ";queue=x",
                          tokens[0] + "x", tokens[0] + ";start=%zz", tokens[0] + ";" + tokens[1]):
                for method in ("GET", "HEAD", "PUT"):
                    ask(stage, f"{path}?{query};queue=100", to, method)
            ask(stage, path, to, "POST", form, login + ";queue=100")
            ask(stage, path, to, "POST", [*form, "Transfer-Encoding: chunked"], login + ";queue=100", {"chunk": "1"})
            ask(stage, path, to, "POST", form, login + ";" + "x" * 9000)
            ask(stage, path + "?" + login, to, "POST", ["Content-Type: text/plain"], login)
            ask(stage, path + "?queue=100", to, "GET",
                [basic, f"Referer: http://localhost/?{login}", f"Cookie: {login}"])
            for token in marker_tokens:
                ask(stage, path + "?queue=100", to, "GET",
                    [f"Authorization: Bearer {token}", f"Referer: http://localhost/?{token}", f"Cookie: {token}"])
                ask(stage, path + "?queue=100", to, "POST", form, f"auth_token={token}")
        for query in (login, f"{login};token=1", tokens[0], tokens[0] + ";token=1"):
            ask(stage, f"{LOGIN}?{query}", to)
        ask(stage, f"/queue-statistics/health?{login}", to)
    # If PostgreSQL itself refused a parameter, it would log the parameter with the statement.
    ask(stage, f"/api/json/...?{login};queue=9223372036854775807;start=0;end=253402300799")


def a_password_used_in_every_way(stage):
    stage.add_person("marked", MARKER)
    answer = ask(stage, f"/api/json/...?auth_username=marked;auth_password={MARKER};queue=100")
    assert_answer(answer, "200")
    token = stage.add_token("marked")
    assert_answer(ask(stage, f"/api/json/...?auth_token={token};queue=100"), "200")
    marker_tokens[:] = [token, token[:-5] + token[-5:].swapcase()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:  # both requests wait for nginx's read timeout
        waiting = pool.map(lambda method: ask(stage, f"/api/json/...?auth_username=amy;auth_password={MARKER}",
                                              "silent_responder", method), ("GET", "HEAD"))
        use_marker_in_every_way(stage)
        assert [answer.status for answer in waiting] == [504, 504]


def a_request_id_is_in_the_answer_and_in_both_logs(stage):
    request_id = ask(stage).header("X-Request-ID")[0]
    for log in (stage.log, f"{stage.dir}/nginx_queue-statistics.log"):
        stages.wait_for(f"{request_id} in {log}", lambda log=log: request_id in read(log), 2)


def nginx_hands_over_what_the_responder_relies_on(stage):
    listener = stage.silent
    listener.setblocking(False)
    try:
        while True:
            listener.accept()[0].close()  # a connection that an earlier request has left
    except BlockingIOError:
        listener.settimeout(exchange.TIMEOUT)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pending = pool.submit(ask, stage, "/api/json/queues/destinations/statistics/get?a=%26;b&c", "silent_responder",
                              fields=["Proxy: http://192.0.2.1/", "Request-Id: 1", "Queued-At: 1"],
                              options={"from": "127.8.8.8"})
        with listener.accept()[0] as connection:
            connection.settimeout(exchange.TIMEOUT)
            sent = connection.recv(65536)
        with listener.accept()[0] as connection:  # nginx tries again, once
            connection.settimeout(exchange.TIMEOUT)
            assert connection.recv(65536) == sent, "the second try differs"
        answer = pending.result()
    assert_answer(answer, "503")
    for name, value in ((b"REQUEST_ID", answer.header("X-Request-ID")[0].encode()), (b"QUERY_STRING", b"a=%26;b&c"),
                        (b"REMOTE_ADDR", b"127.8.8.8"), (b"REQUEST_METHOD", b"GET"),
                        (b"DOCUMENT_URI", case_file.FUNCTION.encode())):
        assert exchange.name_value(name, value) in sent, f"no {name} of {value} in {sent}"
    assert b"HTTP_PROXY" not in sent and b"192.0.2.1" not in sent, sent
    queued_at = float(re.search(rb"QUEUED_AT(\d+\.\d{3})", sent)[1])
    assert abs(time.time() - queued_at) < 5, queued_at


def the_name_of_nobody_is_not_logged(stage):
    name = "x%0Arequest%20id=forged%20status=200%20%1B[2Jé"
    answer = ask(stage, f"/api/json/...?auth_username={name};auth_password=x;queue=100")
    log = read(stage.log)
    line = next(line for line in log.splitlines() if answer.header("X-Request-ID")[0] in line)
    assert "forged" not in log and line.endswith(" user=- reason=unknown"), line


def many_failed_logins_are_429(stage):
    # Each process counts by itself, and lets five failed logins of one name and address through.
    target = "/api/json/...?auth_username=amy;auth_password=wrong;queue=100"
    answers = [ask(stage, target, options={"from": "127.9.9.9"}) for _ in range(6 * stages.PROCESSES)]
    statuses = [answer.status for answer in answers]
    assert statuses[:5] == [401] * 5 and set(statuses) == {401, 429}, statuses
    refused = answers[statuses.index(429)]
    assert_answer(refused, "429")
    assert refused.header("Retry-After") == ["10"], refused.headers
    assert_answer(ask(stage), "200")


def read_metrics(text):
    """The samples, by their names with labels. Fails when a line is none."""
    samples = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, value = re.fullmatch(r'([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) ([0-9.]+)', line).groups()
            assert samples.setdefault(name, float(value)) is not None
    return samples


def requests_of(samples):
    """The counted requests by function and status, those for the metrics left out."""
    found = {tuple(re.findall(r'"([^"]*)"', name)): int(value) for name, value in samples.items()
             if name.startswith("queue_statistics_requests_total") and value > 0}
    return {key: value for key, value in found.items() if key[0] != "metrics"}


def requests_in(log):
    lines = re.findall(r"^request id=\S+ method=\S+ function=(\S+) status=(\d+)", log, re.M)
    return {key: count for key, count in collections.Counter(
        ("none" if function == "-" else function, status) for function, status in lines).items()
            if key[0] != "metrics"}


def metrics_are_the_sums_of_the_logs_lines(stage):
    answer = ask(stage, METRICS, options={"from": "127.0.0.1"})
    samples = read_metrics(answer.body.decode())
    log = read(stage.log)
    assert requests_of(samples) == requests_in(log), (requests_of(samples), requests_in(log))
    for result, lines in (("refused", log.count(" reason=") - log.count(" reason=throttled")),
                          ("throttled", log.count(" reason=throttled"))):
        assert samples[f'queue_statistics_logins_total{{result="{result}"}}'] == lines, result
    assert samples["queue_statistics_overload_total"] == log.count(" overload="), samples
    assert samples["queue_statistics_process_starts_total"] == stages.PROCESSES
    states = [samples[f'queue_statistics_processes{{state="{state}"}}'] for state in ("idle", "busy")]
    assert sum(states) == stages.PROCESSES and states[1] >= 1, states
    seconds = sum(float(ms) for ms in re.findall(r" ms=([\d.]+) ", log)) / 1000
    counted = sum(value for name, value in samples.items() if "request_duration_seconds_sum" in name)
    assert abs(seconds - counted) < 0.1 + 0.01 * seconds, (seconds, counted)


def metrics_are_for_this_machine_alone(stage):
    answer = ask(stage, METRICS, options={"from": "127.0.0.1"})
    assert (answer.status, answer.header("Content-Type")) == (200, ["text/plain; version=0.0.4; charset=utf-8"]), answer
    assert answer.header("Cache-Control") == ["no-store"], answer.headers
    head = ask(stage, METRICS, method="HEAD", options={"from": "127.0.0.1"})
    assert (head.status, head.body) == (200, b""), head
    assert ask(stage, METRICS, method="POST", options={"from": "127.0.0.1"}).status == 405
    for address in ("127.0.0.2", "127.1.1.1"):
        assert ask(stage, METRICS, options={"from": address}).status == 403


def metrics_never_fall_while_responders_are_killed_and_restarted(stage):
    path, log = f"{stage.dir}/counted.sock", f"{stage.dir}/counted.log"
    rng = random.Random(1)
    get = case_file.Request("FastCGI", ["QUERY_STRING={login amy};queue=100"])
    last = {}

    def send(pairs):
        return exchange.parse_cgi(exchange.fastcgi(path, exchange.fastcgi_request(pairs, b"")), False)

    def samples():
        answer = send([(b"REQUEST_METHOD", b"GET"), (b"DOCUMENT_URI", METRICS.encode())])
        found = read_metrics(answer.body.decode())
        for name, value in found.items():
            if "processes{" not in name:
                assert value >= last.get(name, 0), f"{name} fell from {last[name]} to {value}"
        last.update(found)
        return found

    def client(done):
        while not done.is_set():
            try:
                send(get.cgi_pairs(None))
            except (exchange.Broken, exchange.Closed, OSError):
                pass  # its process was killed

    processes = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)

        def start():
            with open(log, "ab") as file:
                processes.append(subprocess.Popen([stage.program], stdin=listener, stderr=file, env=stage.environment))

        try:
            for _ in range(3):
                start()
            samples()
            done = threading.Event()
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                clients = [pool.submit(client, done) for _ in range(2)]
                try:
                    for _ in range(100):
                        time.sleep(rng.random() / 50)
                        killed = processes.pop(rng.randrange(len(processes)))
                        killed.kill()
                        killed.wait()
                        start()
                        try:
                            samples()
                        except (exchange.Broken, exchange.Closed):
                            pass
                finally:
                    done.set()
                for each in clients:
                    each.result()
            counted, lines = sum(requests_of(samples()).values()), sum(requests_in(read(log)).values())
            assert 0 <= lines - counted <= 100 and counted > 100, (counted, lines)
            for _ in range(3):  # the restart of the target: a process ends with its request, and nothing is lost
                before = requests_of(samples())
                lines = requests_in(read(log))
                for process in processes:
                    process.terminate()
                ended = {process.wait(5) for process in processes}
                assert ended <= {0, -signal.SIGTERM}, ended  # the signal ends one that was still starting
                processes.clear()
                for _ in range(3):
                    start()
                send(get.cgi_pairs(None))
                after, more = requests_of(samples()), requests_in(read(log))
                assert {key: after[key] - before.get(key, 0) for key in after} == {
                    key: more[key] - lines.get(key, 0) for key in more}
            # Some were killed before they could count.
            assert 3 < samples()["queue_statistics_process_starts_total"] <= 3 + 100 + 9
        finally:
            for process in processes:
                process.kill()
                process.wait()


def user_login_makes_a_token_that_logs_in(stage):
    person, customer = psql.run("select id, customer from queue_statistics.people where username = 'amy'").split("|")
    who = {"id": int(person), "username": "amy", "customer": int(customer)}
    answer = ask(stage, f"{LOGIN}?{{login amy}}")
    assert_answer(answer, "200")
    assert json.loads(answer.body)["data"] == who, answer.body
    answer = ask(stage, LOGIN, method="POST", fields=["Content-Type: application/x-www-form-urlencoded"],
                 body="{login amy};token=1")
    assert_answer(answer, "200")
    data = json.loads(answer.body)["data"]
    token = data["auth_token"]
    assert list(data) == [*who, "auth_token", "auth_token_expiry", "auth_token_expires"], data
    assert {**data, **who} == data and data["auth_token_expiry"] == 720 * 60, data
    assert abs(data["auth_token_expires"] - 720 * 60 - time.time()) < 5, data
    for target in (f"/api/json/...?auth_token={token};queue=100", f"{LOGIN}?auth_token={token}"):
        assert_answer(ask(stage, target), "200")
    other = json.loads(ask(stage, f"{LOGIN}?{{login josé}};token=1").body)["data"]
    assert other["username"] == "josé", other


def tokens_end_at_the_next_request(stage):
    admin = [f"{stage.build}/queue-statistics", "token"]

    def login_token():
        answer = ask(stage, f"{LOGIN}?auth_username=ends;auth_password=ends;token=1")
        return json.loads(answer.body)["data"]["auth_token"]

    def end(token, *commands):
        """Every process knows that the token holds, and after the commands none of them answers it any more."""
        def asked():
            target = f"/api/json/...?auth_token={token};queue=100"
            return {ask(stage, target).status for _ in range(4 * stages.PROCESSES)}
        assert asked() == {200}
        for command in commands:
            if isinstance(command, str):
                psql.run(f"set log_statement = none; {command}")
            else:
                subprocess.run(command, check=True, capture_output=True)
        assert asked() == {401}, commands

    def person(change):
        return f"update queue_statistics.people set {change} where username = 'ends';"

    stage.add_person("ends", "ends")
    stored = stage.add_token("ends")
    token_id = psql.run("select max(id) from queue_statistics.tokens")
    login = login_token()
    end(stored, [*admin, "revoke", token_id])
    assert_answer(ask(stage, f"/api/json/...?auth_token={login};queue=100"), "200")  # others hold on
    for change, back in (("active = false", "active = true"), ("source = '{192.0.2.0/24}'", "source = '{}'"),
                         ("password = password || ' '", "password = rtrim(password)")):
        end(login, person(change))
        psql.run(person(back))
    end(stage.add_token("ends"), "update queue_statistics.tokens set expires = now() - interval '1 minute';")
    end(login, [*admin, "new-key", "--yes"])
    end(login_token(), [*admin, "new-key", "--yes"])
    psql.run("delete from queue_statistics.people where username = 'ends'")


def mutated_tokens_are_refused_and_one_that_holds_is_answered(stage):
    def rows_written():
        return psql.run("select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables")

    rng = random.Random(1)
    address = {"from": "127.9.9.8"}
    good = stage.add_token("amy")
    assert_answer(ask(stage, f"/api/json/...?auth_token={good};queue=100"), "200")
    psql.run("select pg_stat_force_next_flush()")
    before = rows_written()
    statuses, bodies = collections.Counter(), set()
    for number in range(1000):
        letters = list(good)
        for _ in range(rng.randrange(1, 4)):
            letters[rng.randrange(len(letters))] = rng.choice("ABCXYZabcxyz0189-_.")
        mutated = "".join(letters)
        if mutated == good:
            continue
        answer = ask(stage, f"/api/json/...?auth_token={mutated};queue=100", options=address)
        statuses[answer.status] += 1
        bodies.add((answer.status, answer.body))
        if number % 50 == 0:
            assert_answer(ask(stage, f"/api/json/...?auth_token={good};queue=100", options=address), "200")
    assert set(statuses) == {401, 429} and len(bodies) == 2, (statuses, bodies)
    assert rows_written() == before
    # No hash was computed: the refusals of all of them took the database's time alone.
    took = [float(line.split(" ms=")[1].split()[0]) - float(line.split(" db_ms=")[1].split()[0])
            for line in read(stage.log).splitlines() if " client=127.9.9.8 " in line and "reason=" in line]
    assert len(took) == sum(statuses.values()) and sorted(took)[len(took) // 2] < 2, sorted(took)[-5:]


def sigterm_answers_the_request_in_flight_and_exits_0(stage):
    path = f"{stage.dir}/slow.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(8)
        with open(stage.log, "ab") as log:
            process = subprocess.Popen([stage.program], stdin=listener, stderr=log,
                                       env={**stage.environment, "QUEUE_STATISTICS_LOCK_TIMEOUT_MS": "4000"})
    request = case_file.Request("FastCGI", ["QUERY_STRING={login amy};queue=100"])
    try:
        with stage.request_in_flight(lambda: exchange.parse_cgi(exchange.fastcgi(
                path, exchange.fastcgi_request(request.cgi_pairs(None), b"")), False)) as pending:
            process.send_signal(signal.SIGTERM)
            time.sleep(0.1)
            assert process.poll() is None, "it left before it had answered"
        assert_answer(pending.result(), "200")
        assert process.wait(2) == 0, f"exit status {process.returncode}"
    finally:
        process.kill()
        process.wait()


def the_journal_gets_priorities_and_with_log_failures_no_successes(stage):
    path = f"{stage.dir}/journal.sock"

    def said(program, ask_it=None, **settings):
        """What a program writes to a socket that JOURNAL_STREAM names. Without ask_it the program ends by itself."""
        journal, standard_error = socket.socketpair()
        with journal, standard_error, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(path)
            listener.listen(8)
            status = os.fstat(standard_error.fileno())
            environment = {**stage.environment, "JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}", **settings}
            process = subprocess.Popen(program, stdin=listener, stderr=standard_error, env=environment)
            standard_error.close()
            try:
                if ask_it:
                    ask_it()
                    process.terminate()
                process.wait(5)
            finally:
                process.kill()
                process.wait()
                os.unlink(path)
            return exchange.receive_all(journal).decode().splitlines()

    def requests():
        for query in ("{login amy};queue=100", "auth_username=amy;auth_password=x;queue=100"):
            request = case_file.Request("FastCGI", [f"QUERY_STRING={query}"])
            exchange.fastcgi(path, exchange.fastcgi_request(request.cgi_pairs(None), b""))

    good, bad = said([stage.program], requests)
    assert good.startswith("<6>request ") and " status=200 " in good, good
    assert bad.startswith("<6>request ") and " status=401 " in bad, bad
    failures = said([stage.program], requests, QUEUE_STATISTICS_LOG="failures")
    assert len(failures) == 1 and " status=401 " in failures[0], failures
    (away, _) = said([stage.program], requests, QUEUE_STATISTICS_DATABASE=f"host={stage.dir}/nowhere")
    assert away.startswith("<3>request ") and " status=503 " in away, away
    assert said([stage.program], QUEUE_STATISTICS_LOG="some") == [
        "<3>queue-statistics-fcgi: QUEUE_STATISTICS_LOG must be all or failures"]
    command = said([f"{os.path.dirname(stage.program)}/queue-statistics", "roll-up"],
                   QUEUE_STATISTICS_DATABASE=f"host={stage.dir}/nowhere")
    assert command and all(line.startswith("<3>") for line in command), command


def a_stopped_database_is_a_503_at_once_and_200_again_within_5_s(stage):
    postgresql.pg_ctl("-m", "fast", "stop")
    try:
        for _ in range(3 * stages.PROCESSES):
            began = time.monotonic()
            answer = ask(stage)
            took = time.monotonic() - began
            assert_answer(answer, "503")
            assert took < 1, f"the 503 took {took:.1f} s"
        began = time.monotonic()
        answer = ask(stage, "/queue-statistics/health")
        assert (answer.status, answer.body) == (503, b'{"status":"unavailable"}'), answer
        assert time.monotonic() - began < 1
        use_marker_in_every_way(stage)
    finally:
        postgresql.pg_ctl("start")
    started = time.monotonic()
    in_a_row = 0  # answers 200 without a break: at the end so many that every process has answered
    while in_a_row < 4 * stages.PROCESSES:
        assert time.monotonic() - started < 5, f"still {answer.status} 5 s after the database came back"
        answer = ask(stage)
        in_a_row = in_a_row + 1 if answer.status == 200 else 0
        time.sleep(0 if in_a_row else 0.05)
    # The health check may repeat what a process found less than a second ago.
    stages.wait_for("health", lambda: ask(stage, "/queue-statistics/health").body == b'{"status":"ok"}', 5)
    assert not stage.ended_responders(), "a responder has died"


def no_password_and_no_hash_in_any_log_or_process(stage):
    encoded = base64.b64encode(f"marked:{MARKER}".encode()).decode()
    hashes = psql.run("set log_statement = none;\n"
                      "select password from queue_statistics.people where length(password) > 12;").split()
    logs = {path: read(path) for path in [*glob.glob(f"{stage.dir}/*.log"), postgresql.log()]}
    # The logs must hold what they should. Else it would mean nothing that they hold no password.
    assert "statistics" in logs[stage.log], "the responder logs nothing"
    assert "/api/json/" in logs[f"{stage.dir}/nginx_queue-statistics.log"], "nginx logs nothing"
    for word in ("e2e_reader", "'amy'"):
        assert word in logs[postgresql.log()], "PostgreSQL logs nothing"
    for path, text in logs.items():
        for secret in (MARKER, encoded, *hashes, *(part for token in marker_tokens for part in token.split(".")[1:])):
            at = text.find(secret)
            assert at < 0, f"{secret} stands in {path}: ...{text[max(at - 200, 0) : at + 200]!r}..."
    assert len(marker_tokens) == 2
    for name in ("auth_password", "auth_token"):
        assert name not in logs[stage.log] + logs[f"{stage.dir}/nginx_queue-statistics.log"]
    for file in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
        try:
            text = read(file)
        except OSError:
            continue  # the process has ended, or belongs to somebody else
        assert MARKER not in text and encoded not in text, f"the password stands in {file}"
        assert marker_tokens[0] not in text, f"the token stands in {file}"


def idle_responders_exit_0_within_1_s_of_sigterm(stage):
    began = time.monotonic()
    assert stage.stop_responders(signal.SIGTERM) == [0] * stages.PROCESSES
    assert time.monotonic() - began < 1


def the_page_is_served_with_its_policy(stage):
    policy = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
              "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    types = {"": "text/html", "main.js": "text/javascript", "style.css": "text/css", "icon.svg": "image/svg+xml",
             "words/de.json": "application/json", "chart.min.js": "text/javascript"}
    for file, kind in types.items():
        if file == "chart.min.js" and not os.path.exists("/usr/share/javascript/chart.js/chart.min.js"):
            continue
        answer = ask(stage, f"/queue-statistics/{file}")
        assert answer.status == 200, f"{file}: {answer.status}"
        assert answer.header("Content-Type")[0].split(";")[0] == kind, f"{file}: {answer.header('Content-Type')}"
        for name, value in (("Content-Security-Policy", policy), ("Referrer-Policy", "no-referrer"),
                            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-cache")):
            assert answer.header(name) == [value], f"{file}: {name}: {answer.header(name)}"
    assert ask(stage, "/queue-statistics/nothing").status == 404
    assert ask(stage, "/queue-statistics/health").status == 200
    answer = ask(stage, f"/queue-statistics?token={MARKER}")
    assert answer.status == 301, answer.status
    location = answer.header("Location")[0]
    assert re.fullmatch(r"(http://[^/]+)?/queue-statistics/\??", location), location


def the_page_is_turned_off_by_one_line(stage):
    assert ask(stage, "/queue-statistics/health", to="page_off").status == 200
    assert_answer(ask(stage, to="page_off"), "200")
    for file in ("", "index.html", "main.js", "words/de.json", "chart.min.js"):
        answer = ask(stage, f"/queue-statistics/{file}", to="page_off")
        assert answer.status in (403, 404), f"{file}: {answer.status}"


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


ALL = [
    metrics_are_the_sums_of_the_logs_lines,
    metrics_are_for_this_machine_alone,
    metrics_never_fall_while_responders_are_killed_and_restarted,
    a_request_id_is_in_the_answer_and_in_both_logs,
    nginx_hands_over_what_the_responder_relies_on,
    the_name_of_nobody_is_not_logged,
    many_failed_logins_are_429,
    user_login_makes_a_token_that_logs_in,
    tokens_end_at_the_next_request,
    mutated_tokens_are_refused_and_one_that_holds_is_answered,
    the_page_is_served_with_its_policy,
    the_page_is_turned_off_by_one_line,
    a_password_used_in_every_way,
    example_sites.nginx_with_tls,
    sigterm_answers_the_request_in_flight_and_exits_0,
    the_journal_gets_priorities_and_with_log_failures_no_successes,
    a_stopped_database_is_a_503_at_once_and_200_again_within_5_s,
    no_password_and_no_hash_in_any_log_or_process,
    idle_responders_exit_0_within_1_s_of_sigterm,
]

# The facts behind Apache. Facts in which the web server has no part are run once, behind nginx.
APACHE = [
    metrics_are_for_this_machine_alone,
    many_failed_logins_are_429,
    user_login_makes_a_token_that_logs_in,
    a_request_id_is_in_the_answer_and_in_both_logs,
    the_page_is_served_with_its_policy,
    the_page_is_turned_off_by_one_line,
    a_password_used_in_every_way,
    example_sites.apache_with_tls,
    no_password_and_no_hash_in_any_log_or_process,
]
