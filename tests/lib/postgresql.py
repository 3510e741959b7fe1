"""Stops, starts and kills the private PostgreSQL of with-postgresql."""

import contextlib
import os
import shutil
import signal
import subprocess

from lib.processes import children, state, wait_for


def directory(*names):
    """The path of the cluster's directory, or of a file in it."""
    return os.path.join(os.environ["POSTGRESQL_DIR"], *names)


def log():
    return directory("log")


def postmaster():
    """The process id of the server's first process."""
    with open(directory("data/postmaster.pid"), encoding="ascii") as file:
        return int(file.readline())


def run(program, *arguments):
    """Runs a program of the server, as the server's user."""
    command = [f"{os.environ['POSTGRESQL_BIN']}/{program}", *arguments]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def pg_ctl(*arguments, data="data"):
    """Runs pg_ctl for the cluster in the folder `data`, with a log beside the folder."""
    said = directory("log" if data == "data" else f"{data}.log")
    run("pg_ctl", "-D", directory(data), "-w", "-s", "-l", said, *arguments)


def kill():
    """Kills the server and all its processes at once (SIGKILL). The server can be started again."""
    server = postmaster()
    os.kill(server, signal.SIGSTOP)
    wait_for("stopped server", lambda: state(server) == "T")  # from here on it starts no more processes
    pids = [server, *children(server)]
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    # PostgreSQL does not start while any of these processes is there.
    wait_for("end of PostgreSQL", lambda: {state(pid) for pid in pids} == {"Z"})
    # Where nobody waits for orphans, the killed server's process id stays taken. The next server would believe that the
    # killed one still runs.
    for lock in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
        os.remove(directory(lock))


@contextlib.contextmanager
def standby(setting):
    """A context: a streaming standby on port 5433 in the same socket folder. pg_ctl() reaches it by data="standby"."""
    run("pg_basebackup", "-h", directory(), "-U", "postgres", "-D", directory("standby"), "-R", "-c", "fast")
    try:
        pg_ctl("-o", f"-c port=5433 {setting}", "start", data="standby")
        yield
    finally:
        if os.path.exists(directory("standby/postmaster.pid")):
            pg_ctl("-m", "immediate", "stop", data="standby")
        shutil.rmtree(directory("standby"), ignore_errors=True)
