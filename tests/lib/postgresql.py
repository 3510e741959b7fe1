"""The private PostgreSQL of with-postgresql, as what stops and starts it sees it."""

import contextlib
import os
import shutil
import signal
import subprocess

from lib.processes import children, state, wait_for


def directory(*names):
    """The cluster's, or a file in it."""
    return os.path.join(os.environ["POSTGRESQL_DIR"], *names)


def log():
    return directory("log")


def postmaster():
    """Its process id."""
    with open(directory("data/postmaster.pid"), encoding="ascii") as file:
        return int(file.readline())


def run(program, *arguments):
    """A program of the server, as the user whom the server runs as."""
    command = [f"{os.environ['POSTGRESQL_BIN']}/{program}", *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def pg_ctl(*arguments, data="data"):
    """On the cluster in that folder, with a log beside it."""
    said = directory("log" if data == "data" else f"{data}.log")
    run("pg_ctl", "-D", directory(data), "-w", "-s", "-l", said, *arguments)


def kill():
    """kill -9 of the server and all its processes at once; it can be started again."""
    server = postmaster()
    os.kill(server, signal.SIGSTOP)
    wait_for("stopped server", lambda: state(server) == "T")  # it starts no more processes
    pids = [server, *children(server)]
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    # A start refuses while any of them is there.
    wait_for("end of PostgreSQL", lambda: {state(pid) for pid in pids} == {"Z"})
    # Where nobody waits for orphans the server's id stays taken, and the next one would believe that it lives.
    for lock in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
        os.remove(directory(lock))


@contextlib.contextmanager
def standby(setting):
    """A streaming standby on port 5433 of the same socket folder; pg_ctl reaches it by data="standby"."""
    run("pg_basebackup", "-h", directory(), "-U", "postgres", "-D", directory("standby"), "-R", "-c", "fast")
    try:
        pg_ctl("-o", f"-c port=5433 {setting}", "start", data="standby")
        yield
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            pg_ctl("-m", "immediate", "stop", data="standby")
        shutil.rmtree(directory("standby"), ignore_errors=True)
