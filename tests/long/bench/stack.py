"""What the HTTP benchmarks share: the processes of the contenders, one nginx in front of all, wrk, and /proc.

Everything is in one temporary directory and ends with the `with Stack(...)` block. The database is that of libpq's
environment (PGHOST, ...) and must be filled already.
"""

import concurrent.futures
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from lib import processes, psql

HERE = Path(__file__).resolve().parent
TREE = psql.TREE
BUILD = TREE / "build"
QUERIES = TREE / "sql/queries"
PLAIN = TREE / "tests/rollup/plain"  # what one would write without a roll-up: GROUP BY, served by the best index
ALL_TIME = (0, 253402300799)
FUNCTION = "/api/json/queues/destinations/statistics/get/"
ROLE = "bench_reader"
QUEUES = 200
PEERS = ("php", "node", "python")
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(roots):
    """The user and system time of these processes and all below them, also of those that have ended."""
    ticks = 0
    for pid in (pid for root in roots for pid in processes.family(root)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # utime, stime, and those of its reaped children
        except OSError:
            pass
    return ticks / TICK


def memory_kib(pid):
    """Resident and private memory. Our responder forbids others to look into its memory, so this needs root."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    value = {name: int(kib) for name, kib in re.findall(r"^(\w+):\s+(\d+) kB", rollup, re.M)}
    return value["Rss"], value["Private_Clean"] + value["Private_Dirty"]


class Skipped(Exception):
    """A contender cannot run here. The text says why."""


class Contender:
    """The processes that answer on one port of nginx."""

    def __init__(self, name, children):
        self.name, self.children, self.port = name, children, None

    @property
    def roots(self):
        return [child.pid for child in self.children]


class Stack:
    def __init__(self, processes, seed):
        self.processes, self.seed = processes, seed
        self.directory = Path(tempfile.mkdtemp(prefix="queue-statistics-bench."))
        self.children = []
        self.contenders = {}
        self.skipped = {}
        (self.directory / "body").touch()
        end = int(psql.run("select ceil(extract(epoch from max(start)))::bigint"
                           "  from queue_statistics.queue_destination_calls"))
        self.day = (end - 86400, end)
        # The peers ask our question about the login, and then their own statement.
        queries = self.directory / "queries"
        queries.mkdir()
        shutil.copy(QUERIES / "credentials.sql", queries)
        shutil.copy(PLAIN / "queue_statistics.sql", queries)
        self.environment = os.environ | {"PGUSER": ROLE, "BENCH_QUERIES": str(queries),
                                         "BENCH_PROCESSES": str(processes)}
        self.command = [BUILD / "queue-statistics-fcgi"]
        self.login = "auth_username=bench;auth_password=bench"
        self.read_timeout = "10s"  # nginx's, as shipped
        self.log = open(self.directory / "log", "wb")  # pylint: disable=consider-using-with

    def __enter__(self):
        return self

    def __exit__(self, failure, *_):
        for child in reversed(self.children):
            child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.log.close()
        if failure:
            sys.stderr.write((self.directory / "log").read_text(errors="replace")[-3000:])
        shutil.rmtree(self.directory)

    def spawn(self, command, **options):
        child = subprocess.Popen(  # pylint: disable=consider-using-with
            [str(word) for word in command],
            env=self.environment | options.pop("environment", {}),
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=self.log,
            stderr=options.pop("stderr", self.log),
            **options,
        )
        self.children.append(child)
        return child

    # The contenders. Each function starts the processes of one, which listen on the socket NAME.sock, and returns them.

    def responders(self, name, command):
        """`processes` copies of a FastCGI program that share one listening socket, as systemd starts them."""
        path = self.directory / f"{name}.sock"
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(path))
            listening.listen(512)
            with open(self.directory / f"{name}.log", "wb") as log:  # one line per request
                return [self.spawn(command, stdin=listening, stderr=log) for _ in range(self.processes)]

    def ours(self):
        return self.responders("ours", self.command)

    def unverified(self):
        return self.responders("unverified", [BUILD / "bench/unverified"])

    def echo(self):
        """Answers with the file `body`, like the static location."""
        return self.responders("echo", [BUILD / "bench/echo", self.directory / "body"])

    def php(self):
        program = shutil.which("php-fpm8.2")
        modules = "" if not program else subprocess.run([program, "-m"], capture_output=True, text=True,
                                                        check=True).stdout
        missing = [m for m in ("pgsql", "apcu", "Zend OPcache") if m not in modules.splitlines()]
        if missing:
            raise Skipped("php8.2-fpm, php8.2-pgsql, php8.2-opcache or php8.2-apcu is not installed")
        user = "user = root\n" if os.geteuid() == 0 else ""
        (self.directory / "fpm.conf").write_text(
            f"[global]\nerror_log = {self.directory}/fpm.log\ndaemonize = no\n[bench]\n{user}"
            f"listen = {self.directory}/php.sock\nlisten.backlog = 512\nclear_env = no\n"
            f"pm = static\npm.max_children = {self.processes}\ncatch_workers_output = yes\n"
        )
        settings = {"opcache.enable": 1, "opcache.validate_timestamps": 0, "opcache.jit_buffer_size": "32M",
                    "apc.enabled": 1}
        return [
            self.spawn(
                [program, "--fpm-config", self.directory / "fpm.conf"]
                + [word for name, value in settings.items() for word in ("-d", f"{name}={value}")]
                + (["--allow-to-run-as-root"] if user else [])
            )
        ]

    def node(self):
        if not shutil.which("npm"):
            raise Skipped("node and npm are not installed")
        folder = BUILD / "bench/node"
        folder.mkdir(parents=True, exist_ok=True)
        for source in (HERE / "peers/node").iterdir():
            shutil.copy(source, folder)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--omit=dev", "--prefer-offline"]
        if subprocess.run(npm, cwd=folder, stdout=self.log, stderr=self.log, check=False).returncode != 0:
            raise Skipped("npm could not install fastify and pg (no network, or node older than they need)")
        environment = {"NODE_ENV": "production", "BENCH_SOCKET": str(self.directory / "node.sock")}
        return [self.spawn(["node", folder / "server.js"], environment=environment)]

    def python(self):
        python = "/usr/bin/python3"
        if subprocess.run([python, "-c", "import uvicorn, asyncpg"], capture_output=True, check=False).returncode != 0:
            raise Skipped("python3-uvicorn and python3-asyncpg are not installed")
        command = [python, "-m", "uvicorn", "application:application", "--uds", self.directory / "python.sock"]
        command += ["--workers", self.processes, "--no-access-log", "--log-level", "warning"]
        return [self.spawn(command, cwd=HERE / "peers/python")]

    # nginx

    def location(self, name):
        """The shipped location, with the socket and the protocol of this contender."""
        text = (TREE / "nginx/queue-statistics.conf").read_text()
        text = text.replace("/var/log/nginx", str(self.directory))
        text = text.replace("fastcgi_read_timeout 10s;", f"fastcgi_read_timeout {self.read_timeout};")
        text = text.replace("fastcgi_pass queue_statistics;", f"fastcgi_pass unix:{self.directory}/{name}.sock;")
        if name == "php":
            script = f"fastcgi_param SCRIPT_FILENAME {HERE}/peers/php/index.php;"
            text = text.replace("include fastcgi_params;", f"include fastcgi_params; {script}")
        elif name in ("node", "python"):  # by HTTP; kept connections do not block these contenders
            text = re.sub(r"^ *(include fastcgi_params|fastcgi_param .*);.*\n", "", text, flags=re.M)
            text = text.replace(
                "fastcgi_keep_conn off;",
                'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Request-ID $request_id; '
                "proxy_set_header X-Remote-Addr $remote_addr;",
            )
            text = re.sub(r"fastcgi_pass .*;", f"proxy_pass http://{name};", text).replace("fastcgi_", "proxy_")
        elif name == "static":
            text = (
                f"location = {FUNCTION} {{ access_log {self.directory}/queue-statistics.log queue_statistics;\n"
                f"root {self.directory}; rewrite ^ /body break; open_file_cache max=1;\n"
                "default_type 'application/json; charset=utf-8';\n"
                "add_header Cache-Control no-store; }"
            )
        return text

    def start_nginx(self):
        servers = ""
        ports = [socket.create_server(("127.0.0.1", 0)) for _ in self.contenders]  # free ports, kept until nginx starts
        for port, (name, contender) in zip(ports, self.contenders.items()):
            contender.port = port.getsockname()[1]
            if name in ("node", "python"):
                servers += f"upstream {name} {{ server unix:{self.directory}/{name}.sock; keepalive 64; }}\n"
            servers += f"server {{ listen 127.0.0.1:{contender.port} backlog=512; keepalive_requests 1000000;\n"
            servers += self.location(name) + "}\n"
        log = (TREE / "nginx/queue-statistics-log.conf").read_text()
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {self.directory}/{kind};\n" for kind in kinds)
        (self.directory / "nginx.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''}\nworker_processes auto;\npid {self.directory}/nginx.pid;\n"
            f"error_log {self.directory}/nginx-error.log;\nevents {{ worker_connections 1024; }}\n"
            f"http {{\n{temporary}{log}\n{servers}}}\n"
        )
        shutil.copy("/etc/nginx/fastcgi_params", self.directory)
        for port in ports:
            port.close()
        self.nginx = self.spawn(["nginx", "-c", self.directory / "nginx.conf", "-g", "daemon off;"]).pid

    # Asking

    def url(self, contender, queue, period=None):
        start, end = period or self.day
        return f"http://127.0.0.1:{contender.port}{FUNCTION}?{self.login};queue={queue};start={start};end={end}"

    def body(self, contender, queue, period=None):
        with urllib.request.urlopen(self.url(contender, queue, period), timeout=100) as answer:
            return answer.read()

    def ask_each(self, contender):
        """Has every process answer at least one request, and reads all answers to their end. wrk does not: what it
        leaves behind when it stops makes a responder drop its connection to the database."""
        with concurrent.futures.ThreadPoolExecutor(2 * self.processes) as clients:
            list(clients.map(lambda queue: self.body(contender, queue), range(1, QUEUES + 1)))

    def wait_until_idle(self):
        """Waits until PostgreSQL works for no contender any more: a statement goes on when wrk stops."""
        idle = 0
        deadline = time.monotonic() + 60
        while idle < 3 and time.monotonic() < deadline:
            active = psql.run(f"select count(*) from pg_stat_activity where usename = '{ROLE}' and state = 'active'")
            idle = idle + 1 if active == "0" else 0
            time.sleep(0.1)

    def start_all(self, names):
        """Starts the contenders that can run here, and nginx. `skipped` has the others with the reason."""
        for name in names:
            try:
                self.contenders[name] = Contender(name, [] if name == "static" else getattr(self, name)())
            except Skipped as reason:
                self.skipped[name] = str(reason)
        self.start_nginx()
        for name, contender in list(self.contenders.items()):
            try:
                self.wait_until_ready(contender)
            except OSError as error:
                # nginx says 502 and 504 of a peer that does not run here. What a peer itself answers is wrong.
                if name not in PEERS or (isinstance(error, urllib.error.HTTPError) and error.code not in (502, 504)):
                    raise
                self.skipped[name] = f"it does not answer ({error})"
                del self.contenders[name]

    def restart(self, name):
        contender = self.contenders[name]
        for child in contender.children:
            child.terminate()
            child.wait()
            self.children.remove(child)
        (self.directory / f"{name}.sock").unlink()
        contender.children = getattr(self, name)()
        self.wait_until_ready(contender)

    def wait_until_ready(self, contender):
        """Waits until the contender answers. Raises OSError (as urllib does) after 20 seconds."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return self.body(contender, 1)
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def wrk(self, contender, connections, seconds, round_number=0, period=None, check=False):
        """Sends requests for random queues and one period, by default the last day. Returns requests, requests per
        second, errors, p50 and p99 in us. check: also reads every answer, and counts one that is not this function's
        JSON as an error."""
        command = ["wrk", "-t", 1, "-c", connections, "-d", f"{seconds}s", "--latency", "--timeout", "10s"]
        command += ["-s", HERE / "queues.lua", f"http://127.0.0.1:{contender.port}", "--", *(period or self.day)]
        command += [self.seed + round_number]
        command += ["check"] if check else []
        output = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout
        figures = re.search(r"^figures (.*)$", output, re.M)
        if not figures:
            raise RuntimeError(f"wrk: {output}")
        requests, microseconds, errors, p50, p99 = map(int, figures.group(1).split())
        return requests, requests * 1e6 / microseconds, errors, p50, p99
