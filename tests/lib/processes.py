"""Waits for what other processes do, and for their end."""

import glob
import os
import signal
import time


def wait_for(what, happens, seconds=10):
    """Waits until happens() is true, and calls it every 10 ms. Raises when that takes longer than `seconds`."""
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            raise RuntimeError(f"no {what} within {seconds} s")
        time.sleep(0.01)


def children(of=None):
    """The process ids of the children of the process `of`, by default of this one."""
    of, pids = of or os.getpid(), []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # the process has ended
        if parent == of:
            pids.append(int(path.split("/")[2]))
    return pids


def family(pid):
    """The process ids of a process and of all below it."""
    return [pid, *(each for child in children(pid) for each in family(child))]


def state(pid):
    """The state of a process as a letter of /proc: R, S, T (stopped), Z (ended), ...; Z also when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def wait_or_kill(pid, seconds=10):
    """The wait status of a child. A child that has not ended after `seconds` is killed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        reaped, status = os.waitpid(pid, os.WNOHANG)
        if reaped:
            return status
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
