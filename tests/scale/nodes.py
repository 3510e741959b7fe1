"""A router and shards, each in a cluster of its own, and one database with all of it. See `run`."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time

from lib import exchange, postgresql, psql, stage as stages
from lib.processes import wait_for

BUILD = None  # the folder of the programs
DATABASES = {}  # by name


class Refused(RuntimeError):
    """A command failed. The text is what it said."""


class Database:
    """A database, in with-postgresql's cluster or in a cluster of its own name."""

    def __init__(self, name, cluster, port):
        self.name, self.cluster, self.port = name, cluster, port
        DATABASES[name] = self

    def environment(self, user="postgres"):
        return {"PGPORT": str(self.port), "PGDATABASE": self.name, "PGUSER": user}

    def conninfo(self, user=""):
        return f"host={postgresql.directory()} port={self.port} dbname={self.name}" + (f" user={user}" if user else "")

    def run(self, script, user="postgres"):
        status, printed, errors = psql.call(script, None, **self.environment(user))
        if status:
            raise psql.Failed(errors.strip())
        return printed.removesuffix("\n")

    def state(self, script, user="postgres"):
        """The SQLSTATE that a script gets; empty: none."""
        _, _, errors = psql.call(f"\\set VERBOSITY sqlstate\n{script}", None, **self.environment(user))
        return errors.rpartition("ERROR:  ")[2].split()[0].strip(":") if "ERROR:" in errors else errors.strip()

    def command(self, *words, user="postgres", given=None):
        """Runs queue-statistics. Returns what it printed."""
        done = subprocess.run([f"{BUILD}/queue-statistics", *map(str, words)], input=given, text=True, check=False,
                              capture_output=True, env=os.environ | self.environment(user))
        if done.returncode:
            raise Refused(done.stderr.removeprefix("queue-statistics: ").strip())
        return done.stdout

    def refusal(self, *words, user="postgres", given=None):
        """What a command says that fails; empty: it does not."""
        try:
            self.command(*words, user=user, given=given)
        except Refused as why:
            return str(why)
        return ""

    @contextlib.contextmanager
    def locked(self, table):
        """A context: nobody else reads or writes the table."""
        with subprocess.Popen(["psql", "-qXAt"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=os.environ | self.environment()) as holder:
            holder.stdin.write(f"begin; lock table {table} in access exclusive mode; select 'locked';\n")
            holder.stdin.flush()
            assert holder.stdout.readline() == "locked\n"
            yield
            holder.stdin.close()

    def ctl(self, *words):
        postgresql.pg_ctl(*words, data=self.cluster)

    def ask_for_password(self, superuser, password):
        """Makes a superuser who must give a password; other roles need none."""
        self.run(f"create role {superuser} login superuser password '{password}';")
        path = self.run("show hba_file;")
        with open(path, encoding="utf-8") as file:
            rules = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"local all {superuser} scram-sha-256\n{rules}")
        self.ctl("reload")

    def start(self):
        self.ctl("start")

    def crash(self):
        self.ctl("-m", "immediate", "stop")


@contextlib.contextmanager
def clusters(names):
    """A context: clusters of these names, on the ports from 5440 on, each with an empty database of its name."""
    made = []
    try:
        for number, name in enumerate(names):
            postgresql.run("initdb", "-D", postgresql.directory(name), "-U", "postgres", "-A", "trust", "-E", "UTF8",
                           "--locale=C.UTF-8", "--no-sync")
            settings = {"port": 5440 + number, "listen_addresses": "", "fsync": "off", "wal_level": "logical",
                        "unix_socket_directories": postgresql.directory(), "shared_buffers": "32MB"}
            with open(postgresql.directory(name, "postgresql.conf"), "a", encoding="utf-8") as file:
                file.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
            made.append(Database(name, name, 5440 + number))
            made[-1].start()
            psql.call(f"create database {name}", None, **(made[-1].environment() | {"PGDATABASE": "postgres"}))
        yield made
    finally:
        for database in made:
            with contextlib.suppress(subprocess.CalledProcessError):
                database.crash()


class Responders(stages.Stage):
    """A context: responders of one database, which log in as the role `reader`."""

    def __init__(self, database, processes=1):
        super().__init__(BUILD, processes)
        self.database = database

    def prepare_database(self):
        os.chmod(self.dir, 0o700)

    def __exit__(self, *_):
        # Not all our children, as stages do: a server that was restarted meanwhile is one.
        self.stop_responders(signal.SIGTERM)
        shutil.rmtree(self.dir)

    @property
    def environment(self):
        return super().environment | self.database.environment("reader")

    def request(self, function, person="olga", **parameters):
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        pairs = {"REQUEST_METHOD": "GET", "DOCUMENT_URI": f"/api/json/{function}/", "REMOTE_ADDR": "127.0.0.1",
                 "QUERY_STRING": f"auth_username={person}&auth_password=secret&{query}"}
        if function == "health":
            pairs |= {"DOCUMENT_URI": "/queue-statistics/health", "QUERY_STRING": ""}
        return exchange.fastcgi_request([(n.encode(), v.encode()) for n, v in pairs.items()], b"")

    def ask(self, function, person="olga", **parameters):
        """The status and body of an answer, and how long it took."""
        began = time.monotonic()
        sent = self.request(function, person, **parameters)
        answer = exchange.parse_cgi(exchange.fastcgi(self.socket, sent), False)
        return answer.status, answer.body, time.monotonic() - began

    def ask_and_leave(self, function, seconds, **parameters):
        """Closes the connection after so many seconds without an answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.socket)
            connection.sendall(self.request(function, **parameters))
            time.sleep(seconds)

    def status(self, function, person="olga", **parameters):
        return self.ask(function, person, **parameters)[0]


def service_file():
    """A pg_service.conf that has all databases by their names."""
    path = postgresql.directory("pg_service.conf")
    with open(path, "w", encoding="utf-8") as file:
        for name, database in DATABASES.items():
            file.write(f"[{name}]\nhost={postgresql.directory()}\nport={database.port}\ndbname={database.name}\n"
                       "user=postgres\n")
    return path


def commands_environment():
    """What makes `PGSERVICE=NAME queue-statistics` ours."""
    return {"PGSERVICEFILE": service_file(), "PATH": f"{BUILD}:{os.environ['PATH']}"}


def eventually(what, happens, seconds=20):
    """Waits for what replication or the servers bring by themselves."""
    wait_for(what, happens, seconds)
