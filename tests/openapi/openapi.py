"""Compares the API with docs/openapi.yaml. `run` starts this with a PostgreSQL.

Every case of tests/e2e is sent twice: to nginx, whose answers are recorded, and, where the proxy forwards it unchanged,
through Prism's validating proxy, which says how a request or an answer differs from the document. Through Prism, an
ampersand stands for each semicolon between parameters: OpenAPI knows no semicolon, and both mean the same.
"""

import base64
import collections
import concurrent.futures
import glob
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import document
from lib import case_file, exchange, stage as stages, verdict
from lib.processes import wait_for, wait_or_kill

OPENAPI = f"{stages.TREE}/docs/openapi.yaml"
CASES = f"{stages.TREE}/tests/e2e/cases/*.case"
BASE = "/api/json"

# A request through Prism comes from the proxy's address. So many failed logins of one address are no flood.
MOST_FAILED_LOGINS = 10

# What is wrong with these requests no schema of single parameters says: a choice between parameters, their order, a
# login that is wrong, something that is absent.
BEYOND_A_SCHEMA = re.compile(r"Specify |.* after the end|The request could not be read|.* too short for the period")

# A profile is an interval, but not of a queue's offers.
PROFILES = {"hour_of_day", "day_of_week", "hour_of_week"}

# The greatest integer that JavaScript, and so Prism, holds exactly.
JAVASCRIPTS_LAST = "must be <= 9007199254740991"

# What JavaScript takes for a number. Prism takes any such spelling.
A_NUMBER = re.compile(r"[\s\ufeff]*([+-]?\d+\.?\d*(e\d+)?|0[xbo][0-9a-f]+)?[\s\ufeff]*", re.I)


def send_examples(said):
    """Asks the demonstration for every example of the document, and compares the answers."""
    tree = document.Document().tree
    asked_by = {}
    for path, item in tree["paths"].items():
        for reference in item["get"]["responses"].values():
            asked_by.setdefault(reference["$ref"].rpartition("/")[2], path.strip("/"))
    with tempfile.TemporaryDirectory(prefix="queue-statistics-openapi.", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        port = stages.free_port()
        with open(f"{folder}/log", "wb") as log:
            demo = subprocess.Popen([f"{stages.TREE}/tests/demo/run"], stdout=log, stderr=log,
                                    env={**os.environ, "DEMO_PORT": str(port), "DEMO_DIR": f"{folder}/demo"})
        try:
            wait_for("the demonstration",
                     lambda: demo.poll() is not None or "until Ctrl-C" in read(f"{folder}/log"), 120)
            for name, response in tree["components"]["responses"].items():
                for key, example in response["content"]["application/json"].get("examples", {}).items():
                    function = example.get("x-function", asked_by[name])
                    wrong = compare_example(port, function, example)
                    said.say(f"the example {key} of {name}", *wrong)
        finally:
            demo.terminate()
            wait_or_kill(demo.pid)


def compare_example(port, function, example):
    url = f"http://127.0.0.1:{port}{BASE}/{function}/?auth_username=user&auth_password=password&{example['x-query']}"
    try:
        with urllib.request.urlopen(url, timeout=exchange.TIMEOUT) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    expected, got = [json.dumps(value, indent=1).splitlines() for value in (example["value"], json.loads(body))]
    # Tokens differ from one another, and in when they end.
    expected, got = [[re.sub(r'("auth_token\w*": ).*', r"\1...", line) for line in lines] for lines in (expected, got)]
    return [] if expected == got else [f"expected {expected}", f"got      {got}"]


def read(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


class Proxy:
    """A context: Prism between us and nginx."""

    def __init__(self, stage):
        self.upstream = f"http://127.0.0.1:{stage.ports['nginx']}{BASE}"
        self.log = f"{stage.dir}/prism.log"
        self.port = stages.free_port()

    def __enter__(self):
        prism = f"{stages.TREE}/build/npm/node_modules/@stoplight/prism-cli/dist/index.js"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["node", prism, "proxy", OPENAPI, self.upstream, "--host", "127.0.0.1",
                                             "--port", str(self.port), "--cors", "false"], stdout=log, stderr=log)
        wait_for("Prism", lambda: self.process.poll() is not None or stages.connects(("127.0.0.1", self.port)), 60)
        if self.process.poll() is not None:
            with open(self.log, encoding="utf-8") as log:
                raise RuntimeError("Prism does not start:\n" + log.read())
        return self

    def __exit__(self, *_):
        self.process.terminate()
        wait_or_kill(self.process.pid)

    def send(self, method, target, fields, body):
        """The status, and what Prism found, as lines of text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=exchange.TIMEOUT)
        try:
            connection.request(method, target, body, dict(fields))
            answer = connection.getresponse()
            answer.read()
            found = answer.headers.get("sl-violations", "[]")
            if found.startswith("Too many"):
                return answer.status, ["request: too many"]
            return answer.status, [f"{'.'.join(each['location'])}: {each['message']}" for each in json.loads(found)]
        finally:
            connection.close()


def is_spelled_alike(pairs):
    """Whether Prism, which decodes a query and encodes it again, keeps its meaning."""
    for pair in pairs.split("&"):
        name, _, value = pair.partition("=")
        for part in (name, value):
            if re.search(r"%(?![0-9A-Fa-f]{2})", part):
                return False
            try:
                if "\0" in urllib.parse.unquote(part, errors="strict"):
                    return False
            except UnicodeDecodeError:
                return False
    return True


def prism_reads(authorization):
    """Prism knows `Bearer` in these letters, one blank after `Basic`, and one colon in a name and password."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return scheme == "Bearer"
    try:
        return base64.b64decode(value, validate=True).count(b":") == 1
    except ValueError:
        return False


class Request:
    """A request of a case, and whether it can go through Prism."""

    def __init__(self, step, each, known):
        self.step, self.each = step, each
        self.left_out = self.reason()
        if self.left_out:
            return
        line = case_file.expand(step.request.line.replace("/api/json/...", case_file.FUNCTION), each).decode("latin-1")
        self.method, self.target = line.split(" ")
        path, mark, query = self.target.partition("?")
        self.query = query.replace(";", "&")
        self.function = path.removeprefix(BASE).strip("/")
        self.target = path.removeprefix(BASE) + mark + self.query
        self.fields = [(name, value.strip()) for name, value in (
            case_file.expand(field, each).decode("latin-1").split(":", 1) for field in step.request.fields)]
        self.body = step.request.body_bytes(each) if step.request.body is not None else None
        types = [value for name, value in self.fields if name.lower() == "content-type"]
        if path != f"{BASE}/{self.function}/" or self.function not in known:
            self.left_out = "a path that is spelled otherwise, or that no function has"
        elif self.method == "GET" and self.body is not None:
            self.left_out = "a GET with a body"
        elif any(name.lower() in ("transfer-encoding", "content-length", "content-encoding", "connection", "expect")
                 for name, _ in self.fields):
            self.left_out = "headers that the proxy writes itself"
        elif step.expected.status == "415":
            self.left_out = "a body that is no form, which Prism reads itself"
        elif any(name.lower() == "authorization" and not prism_reads(value) for name, value in self.fields):
            self.left_out = "a header Authorization that Prism misreads"
        elif not is_spelled_alike(self.query):
            self.left_out = "escapes or bytes that Prism spells otherwise"
        elif self.body and (not self.body.isascii() or types and not is_spelled_alike(
                self.body.decode().replace(";", "&"))):
            self.left_out = "escapes or bytes that Prism spells otherwise"
        elif len(dict(self.fields)) != len(self.fields):
            self.left_out = "a header given twice"
        elif self.body and types and types[0].startswith("application/x-www-form-urlencoded"):
            self.body = self.body.replace(b";", b"&")

    def reason(self):
        request = self.step.request
        if request.method in ("FastCGI", "RAW"):
            return "raw bytes, or FastCGI"
        if case_file.expand(request.method, self.each) not in (b"GET", b"POST"):
            return "another method than GET and POST"
        if request.options:
            return "another server, or a client's address or way of sending"
        if not self.step.expected.status.isdigit() or self.step.expected.by_nginx:
            return "no answer of ours"
        line = case_file.expand(request.line, self.each)
        if line.count(b" ") != 1 or not line.isascii():
            return "escapes or bytes that Prism spells otherwise"
        return None

    def parameters(self):
        pairs = self.query + "&" + (self.body or b"").decode("latin-1")
        return dict(urllib.parse.parse_qsl(pairs, keep_blank_values=True))

    def must_violate(self):
        """Whether the refusal that is expected is one that the document can tell."""
        expected = self.step.expected
        if expected.status != "400" or any(BEYOND_A_SCHEMA.match(message) for _, message in expected.entries):
            return False
        # A proxy takes any spelling of a number for the number. What is missing, it can miss only where all need it.
        given = self.parameters()
        return any(given.get(key) and key != "service_level" and not A_NUMBER.fullmatch(given[key])
                   and given[key] not in PROFILES or key == "id" and "id" not in given for key, _ in expected.entries)


def record(stage, request, into):
    """Sends a request to nginx. Records the answer, if it is one to GET or POST of a function."""
    step = request.step
    if step.request.method in ("FastCGI", "RAW") or step.request.options.keys() - {"from", "chunk", "without"}:
        return
    try:
        answer = step.request.send(stage, request.each)
    except exchange.Broken:
        return
    line = case_file.expand(step.request.line.replace("/api/json/...", case_file.FUNCTION), request.each)
    method, path = line.decode("latin-1").split("?")[0].split(" ")[:2]
    function = urllib.parse.unquote(path).rpartition(BASE + "/")[2].rstrip("/")
    kinds = answer.header("Content-Type")
    if method in ("GET", "POST") and kinds and kinds[0] != "text/html":
        into.append({"function": function, "method": method, "status": answer.status, "type": kinds[0],
                     "body": answer.body.decode()})


def compare(proxy, request):
    """Sends a request through Prism. What is wrong, as lines of text."""
    expected = request.step.expected.status
    status, found = proxy.send(request.method, request.target, request.fields, request.body)
    wrong = []
    if str(status) != expected:
        wrong.append(f"status: expected {expected}, got {status}")
    if any(line.startswith("response") and line.endswith(JAVASCRIPTS_LAST) for line in found):
        found = [line for line in found if line.startswith("request")]  # the answer that Prism saw was another one
    found = [line for line in found if not line.endswith(JAVASCRIPTS_LAST)]
    wrong += [line for line in found if line.startswith("response")]
    if expected == "200":
        wrong += [line for line in found if line.startswith("request")]
    elif request.must_violate() and not any(line.startswith("request") for line in found):
        wrong.append("the document allows this request")
    return [f"{request.method} {request.target}", f"body: {request.body}", *wrong] if wrong else []


def main():
    build, answers = sys.argv[1:]
    known = {path.strip("/") for path in document.Document().tree["paths"]}
    said = verdict.Verdict()
    send_examples(said)
    with stages.Stage(build) as stage:
        stage.start_nginx("nginx", stage.socket)
        requests = [Request(step, each, known) for path in sorted(glob.glob(CASES)) for step in case_file.read(path)
                    for each in step.each]
        recorded = []
        with concurrent.futures.ThreadPoolExecutor(stages.PROCESSES - 1) as pool:
            list(pool.map(lambda request: record(stage, request, recorded), requests))
        failed_logins = 0
        for request in requests:
            if not request.left_out and request.step.expected.status == "401":
                failed_logins += 1
                if failed_logins > MOST_FAILED_LOGINS:
                    request.left_out = "more failed logins than one address may have"
        sent = [request for request in requests if not request.left_out]
        with Proxy(stage) as proxy, concurrent.futures.ThreadPoolExecutor(stages.PROCESSES - 1) as pool:
            for request, wrong in zip(sent, pool.map(lambda request: compare(proxy, request), sent)):
                said.say(request.function, *wrong)
    with open(answers, "w", encoding="utf-8") as file:
        for each in recorded:
            if each["function"] in known:
                file.write(json.dumps(each) + "\n")
    print(f"{len(sent)} requests went through Prism. Left out, because it forwards them otherwise or not at all:")
    reasons = collections.Counter(request.left_out for request in requests if request.left_out)
    for reason, count in reasons.most_common():
        print(f"  {count}: {reason}")
    return said.close()


if __name__ == "__main__":
    sys.exit(main())
