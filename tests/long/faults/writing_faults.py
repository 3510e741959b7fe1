"""Row 25: the database is killed while calls come in, and none is lost or counted twice."""

import json
import os
import random
import subprocess
import threading
import time

import part
from lib import case_file, exchange, postgresql

PARTS = []
fault = part.collector(PARTS)

CALLS = 2000  # in each round's file
FIRST = 1600000000  # Unix seconds; long ago, so that the roll-up sums it up


def killed_meanwhile(run, *command, environment=None):
    """Runs the command, kills PostgreSQL meanwhile, and runs the command again until it succeeds. Returns whether the
    first run was cut off."""
    environment = {**os.environ, **(environment or {})}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    time.sleep(random.random() * 0.25)
    postgresql.kill()
    postgresql.pg_ctl("start")
    cut_off = process.wait(30) != 0
    for _ in range(5):
        again = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
        if again.returncode == 0:
            return cut_off
        time.sleep(0.2)  # an earlier session may still be rolling back
    raise AssertionError(f"{command}: {again.stderr}")


class PhoneSystem:
    """A FreeSWITCH that inserts one event after the other. It inserts each event again until the database has confirmed
    it, so an event whose confirmation was lost is sent twice. (Rows of Asterisk have no number by which the database
    could tell such a repetition.)"""

    def __init__(self, environment):
        self.environment = environment
        self.sent = self.repeated = 0
        self.done = threading.Event()
        self.failed = False  # the test has failed elsewhere
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.done.is_set():
            event = json.dumps({
                "Core-UUID": "row-25", "Event-Sequence": str(self.sent), "CC-Action": "bridge-agent-fail",
                "CC-Queue": "Live", "CC-Agent": "401", "CC-Member-UUID": f"live.{self.sent}",
                "CC-Agent-Called-Time": str(FIRST + self.sent), "CC-Agent-Aborted-Time": str(FIRST + self.sent + 5),
                "CC-Hangup-Cause": "NO_ANSWER"})
            insert = f"insert into queue_statistics.freeswitch_events (event) values ('{event}')"
            while subprocess.run(["psql", "-XqAt", "-c", insert], env=self.environment, capture_output=True).returncode:
                self.repeated += 1
                if self.failed:
                    return
                time.sleep(0.05)
            self.sent += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, failure, *_):
        self.failed = failure is not None
        self.done.set()
        self.thread.join()


def calls_of(run, queue):
    """The number of calls of all destinations of a queue, as the API answers it."""
    request = (f"GET {case_file.FUNCTION}?auth_username=olga;auth_password=secret;queue={queue} HTTP/1.1\r\n"
               "Host: localhost\r\nConnection: close\r\n\r\n").encode()
    answer = exchange.parse_http(exchange.http(run.group.port, request, "127.0.0.1"), False)
    assert answer.status == 200, answer
    return sum(each["calls"] for each in json.loads(answer.body)["data"])


@fault(25, "PostgreSQL is killed during COPY, roll-up and migrate, while a phone system writes")
def nothing_lost_or_counted_twice(run):
    rounds = 20 if run.full else 1
    admin = f"{run.stage.build}/queue-statistics"
    run.sql("create role phone login")
    # Rows with the largest possible ids leave no higher id for the rows of an import.
    run.sql("delete from queue_statistics.queue_destination_calls where queue > 1000000;"
            " delete from queue_statistics.queue_calls where queue > 1000000;"
            " delete from queue_statistics.queue_destinations where id > 1000000; delete from queue_statistics.queues"
            " where id > 1000000; select setval(pg_get_serial_sequence('queue_statistics.' || name, 'id'), 5000)"
            " from unnest(array['queues', 'queue_destinations']) name")
    subprocess.run([admin, "grant", "phone-system", "phone"], check=True, stdout=subprocess.DEVNULL)
    run.sql("insert into queue_statistics.queues (id, customer, name) values (900, 11, 'Live'), (901, 11, 'File')")
    imported = cut_off = 0
    with PhoneSystem({**os.environ, "PGUSER": "phone"}) as phones, run.asking(2):
        for number in range(rounds):
            path = f"{run.stage.dir}/calls.csv"
            with open(path, "w", encoding="ascii") as file:
                file.write("queue,dtype,dnumber,uniqueid,start,ringtime,holdtime,talktime,outcome,in_progress\n")
                for n in range(CALLS):
                    start = FIRST + number * 86400 + n * 40
                    file.write(f"File,phone,{n % 3},{number}.{n},{start},7,19,{n},answered,false\n")
            cut_off += killed_meanwhile(run, admin, "import", "csv", "--customer", "11", path)
            imported += CALLS
            cut_off += killed_meanwhile(run, admin, "roll-up")
            run.sql(f"create database new{number}")
            cut_off += killed_meanwhile(run, admin, "migrate", environment={"PGDATABASE": f"new{number}"})
            run.sql(f"drop database new{number} (force)")
        run.ended()
    run.over()
    for queue, expected in ((900, phones.sent), (901, imported)):
        counted = run.sql(f"select count(*) from queue_statistics.queue_destination_calls where queue = {queue}")
        assert (counted, calls_of(run, queue)) == (str(expected), expected), (
            f"queue {queue}: {expected} calls were written, {counted} are there, {calls_of(run, queue)} are told")
        different = run.sql(f"select count(*) from queue_statistics.rollup_differences({queue})")
        assert different == "0", f"{different} sums are not those of the calls"
    run.expect({200, 503})
    run.note(f"{rounds} rounds, 3 kills each: {cut_off} commands cut off; {imported} calls by COPY and {phones.sent}"
             f" events ({phones.repeated} repeated), each counted once")
