"""Runs psql, which reaches PostgreSQL by libpq's environment variables."""

import contextlib
import os
import pathlib
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]


class Failed(RuntimeError):
    """The script failed. The text is what psql said."""


def call(script, database=None, stop_on_error=True, **environment):
    """Runs a script. Returns its exit status, standard output and errors. environment: more variables for it."""
    command = ["psql", "-qXAt", "-v", f"ON_ERROR_STOP={int(stop_on_error)}", *(["-d", database] if database else [])]
    done = subprocess.run(command, input=script, text=True, capture_output=True, check=False,
                          env=os.environ | environment)
    return done.returncode, done.stdout, done.stderr


def run(script, database=None):
    """Runs a script. Returns what it printed, without the last line end. The first error ends it and is raised."""
    status, printed, errors = call(script, database)
    if status:
        raise Failed(errors.strip())
    return printed.removesuffix("\n")


def quoted(text):
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def migrations():
    """The text of all migrations, in their order."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted((TREE / "sql/migrations").rglob("*.sql")))


def make_base(database="base", more=""):
    """Makes a database with the tables, a customer `one` and what `more` adds, as the template of others."""
    run(f"create database {database};")
    customer = "insert into queue_statistics.customers (name) values ('one');"
    run(f"begin;\n{migrations()}\n{customer}\n{more}\ncommit;", database)


def renew(database, template="base"):
    """Makes the database anew, as a copy of its template."""
    run("set client_min_messages = error;\n"
        f"drop database if exists {database} with (force);\ncreate database {database} template {template};")


class Session:
    """A psql that gets one script after the other. Errors are part of what it prints."""

    END = "== end of this script"

    def __init__(self, database=None):
        self.psql = subprocess.Popen(["psql", "-qXAt", *(["-d", database] if database else [])], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def begin(self, script):
        """Sends a script, and does not wait for it."""
        self.psql.stdin.write(f"{script}\n\\echo {self.END}\n")
        self.psql.stdin.flush()

    def end(self):
        """What the script printed. When psql itself has ended, all that is there."""
        lines = iter(self.psql.stdout.readline, "")
        return "".join(iter(lambda: next(lines, f"{self.END}\n"), f"{self.END}\n"))

    def run(self, script):
        self.begin(script)
        return self.end()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.psql.stdin.close()
        self.psql.wait()
        self.psql.stdout.close()


@contextlib.contextmanager
def session(database=None):
    """A context: a Session, which is closed at the end."""
    opened = Session(database)
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def locked(table):
    """A context: the table is locked. Nobody else reads or writes it meanwhile."""
    with session() as holder:
        said = holder.run(f"begin; lock table {table} in access exclusive mode;")
        assert not said, said
        yield
        holder.run("rollback;")
