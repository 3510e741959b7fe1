"""All parts together, private and temporary: PostgreSQL (with-postgresql starts it), responders, nginx or Apache."""

import concurrent.futures
import contextlib
import ctypes
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from lib import case_file, psql
from lib.processes import children, wait_for, wait_or_kill

TREE = os.path.abspath(f"{__file__}/../../..")
PROCESSES = 4
PR_SET_CHILD_SUBREAPER = 36

# The shipped files in a server, as a site has them. start_all() starts one server in front of the responders, one more
# whose page is turned off, and three whose answers nginx makes itself.
NGINX = """
{user}
daemon off;
worker_processes 1;
pid {dir}/{name}.pid;
error_log {dir}/{name}_server_error.log info;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {dir}/{name}_body;
  fastcgi_temp_path {dir}/{name}_fastcgi;
  proxy_temp_path {dir}/{name}_proxy;
  scgi_temp_path {dir}/{name}_scgi;
  uwsgi_temp_path {dir}/{name}_uwsgi;
  include {dir}/{name}-queue-statistics-log.conf;
  access_log {dir}/{name}_server_access.log;
  rewrite_log on;
  limit_req_zone $server_addr zone=one:32k rate=1r/m;
  server {{
    listen 127.0.0.1:{port};
    {more}
    include {dir}/{name}-queue-statistics.conf;
    include {dir}/{name}-queue-statistics-rest*.conf;
  }}
}}
"""

# The same for Apache: two servers in front of the responders, and two whose answers Apache makes itself.
APACHE = """
ServerRoot /usr/lib/apache2
DefaultRuntimeDir {dir}
PidFile {dir}/{name}.pid
ServerName localhost
Listen 127.0.0.1:{port}
{user}
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule alias_module modules/mod_alias.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule env_module modules/mod_env.so
LoadModule setenvif_module modules/mod_setenvif.so
LoadModule headers_module modules/mod_headers.so
LoadModule unique_id_module modules/mod_unique_id.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule proxy_fcgi_module modules/mod_proxy_fcgi.so
ErrorLog {dir}/{name}_server_error.log
LogLevel debug
LogFormat "%h \\"%r\\" %>s" usual
<Directory />
  Require all denied
</Directory>
<VirtualHost *>
  CustomLog {dir}/{name}_server_access.log usual env=!queue_statistics
  CustomLog {dir}/{name}_queue-statistics.log queue_statistics env=queue_statistics
  Include {dir}/{name}-queue-statistics.conf
  IncludeOptional {dir}/{name}-queue-statistics-rest*.conf
</VirtualHost>
"""


def connects(address):
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    with socket.socket(family) as probe:
        probe.settimeout(1)
        return probe.connect_ex(address) == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Stage:
    """A context: when it ends, everything that was started in it has ended too, whatever happened."""

    def __init__(self, build, processes=PROCESSES, data=f"{TREE}/tests/e2e/data.sql"):
        self.build = os.path.abspath(build)
        self.processes = processes
        self.data = data  # loaded into the migrated database
        self.ports = {}  # of the web servers, by name
        self.responders = []  # process ids
        self.nginx = {}  # processes of the web servers, by name
        self.silent = None  # the listening socket behind `silent_responder`

    def __enter__(self):
        # The processes that spawn-fcgi leaves behind become our children, so that we can wait for them.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        signal.signal(signal.SIGTERM, lambda *_: exit(143))
        self.dir = tempfile.mkdtemp(prefix="queue-statistics-e2e.", dir="/tmp")
        os.chmod(self.dir, 0o755)  # nginx's worker runs as another user
        self.socket = f"{self.dir}/queue-statistics.sock"
        self.log = f"{self.dir}/responder.log"
        try:
            self.prepare_database()
            self.start_responders()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signal_number, signal.SIG_IGN)
        # All our children, also those that were interrupted while they started.
        pids = children()
        for pid in pids:
            os.kill(pid, signal.SIGTERM)  # nobody has waited for them yet, so the ids are still theirs
        for pid in pids:
            wait_or_kill(pid)
        if self.silent:
            self.silent.close()
        shutil.rmtree(self.dir)

    # The database

    def prepare_database(self):
        admin = f"{self.build}/queue-statistics"
        # The statements that load the data have hashes in them, so they must not be in the log, which is searched for
        # hashes.
        os.environ["PGOPTIONS"] = "-c log_statement=none -c log_min_duration_statement=-1"
        try:
            subprocess.run([admin, "migrate"], check=True, stdout=subprocess.DEVNULL)
            psql.run("create role e2e_reader login;")
            subprocess.run([admin, "grant", "reader", "e2e_reader"], check=True, stdout=subprocess.DEVNULL)
            psql.run(f"\\i {self.data}\n")
            case_file.token_of = functools.cache(self.add_token)
        except subprocess.CalledProcessError as error:
            raise RuntimeError(f"{error}\n{error.stderr or ''}") from error
        finally:
            del os.environ["PGOPTIONS"]

    def add_token(self, name):
        """A token that holds for a day."""
        return subprocess.run([f"{self.build}/queue-statistics", "token", "add", name, "--days", "1"], check=True,
                              capture_output=True, text=True).stdout.strip()

    def add_person(self, name, password):
        """Adds a person with amy's customer and role, by SQL that PostgreSQL does not log."""
        hashed = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, text=True, check=True,
                                capture_output=True).stdout.strip()
        psql.run(f"""set log_statement = none; set log_min_duration_statement = -1;
            insert into queue_statistics.people (customer, role, username, password)
            select customer, role, '{name}', '{hashed}' from queue_statistics.people where username = 'amy';""")

    # The responders

    @property
    def program(self):
        return f"{self.build}/queue-statistics-fcgi"

    @property
    def environment(self):
        # The responder forbids core dumps, and so also that another process looks into it, as LeakSanitizer must.
        return {"PATH": os.environ["PATH"], "PGUSER": "e2e_reader", "ASAN_OPTIONS": "detect_leaks=0", **{
            name: value for name, value in os.environ.items()
            if name in ("PGHOST", "PGPORT", "PGDATABASE", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LANG")}}

    def start_responders(self):
        # spawn-fcgi would send the standard error of the responders to /dev/null, so a shell redirects it.
        pids = f"{self.dir}/responders.pid"
        spawn = ["spawn-fcgi", "-s", self.socket, "-M", "0666", "-b", "512", "-F", str(self.processes), "-P", pids]
        subprocess.run([*spawn, "--", "/bin/sh", "-c", 'exec "$0" 2>>"$1"', self.program, self.log], check=True,
                       env=self.environment, stdout=subprocess.DEVNULL)
        with open(pids, encoding="ascii") as file:
            self.responders = [int(pid) for pid in file.read().split()]

    def stop_responders(self, signal_number):
        """Ends the responders. Returns their exit statuses; a negative one is the signal that killed the process."""
        pids, self.responders = self.responders, []
        for pid in pids:
            try:
                os.kill(pid, signal_number)
            except ProcessLookupError:
                pass
        return [os.waitstatus_to_exitcode(wait_or_kill(pid)) for pid in pids]

    def ended_responders(self):
        """The exit statuses of the responders that ended on their own."""
        ended = [(pid, os.waitpid(pid, os.WNOHANG)) for pid in self.responders]
        self.responders = [pid for pid, (reaped, _) in ended if not reaped]
        return [os.waitstatus_to_exitcode(status) for _, (reaped, status) in ended if reaped]

    @contextlib.contextmanager
    def request_in_flight(self, ask):
        """A context: ask() runs in another thread, and its request waits for a lock until the context ends. Gives the
        future of ask()."""
        waiting = "select count(*) from pg_stat_activity where usename = 'e2e_reader' and wait_event_type = 'Lock';"
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with psql.locked("queue_statistics.queue_destination_calls"):
                pending = pool.submit(ask)
                wait_for("waiting request", lambda: pending.done() or psql.run(waiting) == "1", 3)
                assert not pending.done(), f"the locked table did not keep the request: {pending.result()}"
                yield pending
                assert not pending.done(), f"it was answered all the same: {pending.result()}"

    # nginx

    def start_nginx(self, name, upstream, more=""):
        """Starts nginx as the server `name`, with the socket `upstream` behind it."""
        shutil.copy("/etc/nginx/fastcgi_params", f"{self.dir}/fastcgi_params")
        self.copy_files("nginx", name, upstream)
        user = "user www-data;" if os.geteuid() == 0 else ""
        self.start_server(name, NGINX, {"user": user, "more": more}, ["nginx", "-p", self.dir, "-c", f"{name}.conf"])

    def start_apache(self, name, upstream):
        self.copy_files("apache", name, upstream)
        user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
        self.start_server(name, APACHE, {"user": user},
                          ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", f"{self.dir}/{name}.conf"])

    def copy_files(self, folder, name, upstream):
        """Copies the shipped files, with the socket and the logs of this server in them."""
        # The web server's workers may not be able to enter the tree.
        shutil.copytree(f"{TREE}/web", f"{self.dir}/web", dirs_exist_ok=True)
        for file in os.listdir(f"{TREE}/{folder}"):
            if name == "no_responder" and "-rest" in file:
                continue  # like a site with other things below /api/json/, where only the functions are ours
            with open(f"{TREE}/{folder}/{file}", encoding="utf-8") as source:
                text = source.read()
            if name == "page_off":  # by the lines that our documentation names
                text = re.sub(r"^( *)# (return 404;|Require all denied)$", r"\1\2", text, flags=re.MULTILINE)
            text = text.replace("/run/queue-statistics/queue-statistics.sock", upstream)
            text = text.replace("/var/log/nginx/", f"{self.dir}/{name}_")
            text = text.replace("/usr/share/queue-statistics/web", f"{self.dir}/web")
            with open(f"{self.dir}/{name}-{file}", "w", encoding="utf-8") as copy:
                copy.write(text)

    def start_server(self, name, configuration, values, command):
        for _ in range(5):  # another process may take the port before the server does
            port = free_port()
            with open(f"{self.dir}/{name}.conf", "w", encoding="utf-8") as file:
                file.write(configuration.format(dir=self.dir, name=name, port=port, **values))
            with open(f"{self.dir}/{name}_start.log", "w", encoding="utf-8") as log:
                process = subprocess.Popen(command, stderr=log)
            self.nginx[name] = process
            wait_for(command[0], lambda: process.poll() is not None or connects(("127.0.0.1", port)))
            if process.poll() is None:
                self.ports[name] = port
                return
        with open(f"{self.dir}/{name}_start.log", encoding="utf-8") as log:
            raise RuntimeError(f"{command[0]} does not start:\n" + log.read())

    def start_all(self, server):
        start = self.start_apache if server == "apache" else self.start_nginx
        start("nginx", self.socket)
        start("no_responder", f"{self.dir}/nobody.sock")
        start("page_off", self.socket)
        # A socket that accepts connections and never answers.
        self.silent = socket.socket(socket.AF_UNIX)
        self.silent.bind(f"{self.dir}/silent.sock")
        self.silent.listen(64)
        os.chmod(f"{self.dir}/silent.sock", 0o666)
        start("silent_responder", f"{self.dir}/silent.sock")
        if server == "nginx":
            self.start_nginx("limited", f"{self.dir}/nobody.sock", "limit_req zone=one; limit_req_status 429;")
