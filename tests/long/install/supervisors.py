"""The test of `supervisors`, which starts this with a PostgreSQL."""

import os
import shutil
import signal
import subprocess
import sys
import time

from lib import case_file, exchange, processes, psql, stage as stages, verdict

EXAMPLES = f"{stages.TREE}/debian/examples"
LOGIN = "auth_username=amy;auth_password=secret"
FORMS = ("queue=100", "destination=1002", "queue=100;destination=1002", "queue=1;start=x")


class Supervised(stages.Stage):
    """A stage whose responders are started by an example."""

    example = None
    programs = ()

    def write_example(self, path):
        with open(f"{EXAMPLES}/{self.example}", encoding="utf-8") as file:
            text = file.read()
        for shipped, ours in (("/etc/default/queue-statistics", f"{self.dir}/default"),
                              ("/run/queue-statistics", self.dir),
                              ("PGDATABASE=queue_statistics", f"PGDATABASE={os.environ['PGDATABASE']}"),
                              ("-U www-data -G www-data", ""),
                              ("-u queue-statistics -g queue-statistics", ""),
                              (" -o queue-statistics ", " "),
                              ("/usr/sbin/queue-statistics-fcgi", self.program)):
            assert shipped in text, f"{self.example} has no {shipped}"
            text = text.replace(shipped, ours)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)
        with open(f"{self.dir}/default", "w", encoding="utf-8") as file:
            file.write("PGUSER=e2e_reader\nQUEUE_STATISTICS_LOCK_TIMEOUT_MS=4000\n")  # a request is held by a lock

    def answer(self, query):
        request = case_file.Request("FastCGI", [f"QUERY_STRING={LOGIN};{query}"])
        sent = exchange.fastcgi_request(request.cgi_pairs(None), b"")
        return exchange.parse_cgi(exchange.fastcgi(self.socket, sent), False)

    def answers(self):
        """Checks the answers of every form, so often that each process gives some."""
        return {query: {(a.status, a.body) for a in (self.answer(query) for _ in range(12))} for query in FORMS}


class SpawnFcgi(Supervised):
    example = "spawn-fcgi"
    programs = ("spawn-fcgi",)

    def start_responders(self):
        self.write_example(f"{self.dir}/start")
        subprocess.run([f"{self.dir}/start"], check=True, env=self.environment, stdout=subprocess.DEVNULL)
        with open(f"{self.dir}/responders.pid", encoding="ascii") as file:
            self.responders = [int(pid) for pid in file.read().split()]

    def ask_to_stop(self):
        for pid in self.responders:
            os.kill(pid, signal.SIGTERM)

    def ended(self):
        """The exit statuses of all responders."""
        return [os.waitstatus_to_exitcode(stages.wait_or_kill(pid)) for pid in self.responders]

    def running(self):
        return self.responders


class Runit(Supervised):
    example = "runit/run"
    programs = ("spawn-fcgi", "multiwatch", "runsv", "sv")

    def start_responders(self):
        self.service = f"{self.dir}/service"
        os.mkdir(self.service)
        self.write_example(f"{self.service}/run")
        # runit gives `finish` the exit status of `run`, or -1, and the signal that ended `run`.
        with open(f"{self.service}/finish", "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\necho "$1 $2" >>{self.dir}/finished\n')
        os.chmod(f"{self.service}/finish", 0o755)
        with open(self.log, "ab") as log:
            self.runsv = subprocess.Popen(["runsv", self.service], stdout=log, stderr=log, env=self.environment)
        stages.wait_for("responders", lambda: len(self.running()) == self.processes)

    def running(self):
        """The children of multiwatch, which spawn-fcgi has become."""
        try:
            with open(f"{self.service}/supervise/pid", encoding="ascii") as file:
                parent = file.read().strip()
        except FileNotFoundError:
            return []
        return processes.children(int(parent)) if parent else []

    def ask_to_stop(self):
        subprocess.run(["sv", "exit", self.service], check=True, capture_output=True)

    def ended(self):
        self.runsv.wait(10)
        with open(f"{self.dir}/finished", encoding="ascii") as file:
            return [0 if line == "0 0\n" else line for line in file]


def sigterm_answers_the_request_in_flight_and_exits_0(stage):
    with stage.request_in_flight(lambda: stage.answer(FORMS[0])) as pending:
        stage.ask_to_stop()
        time.sleep(0.1)
        assert not pending.done(), f"it left before it had answered: {pending.exception() or pending.result()}"
    assert pending.result().status == 200, pending.result()
    statuses = stage.ended()
    assert statuses and set(statuses) == {0}, f"exit statuses {statuses}"


def a_killed_one_is_started_again(stage):
    before = stage.running()
    os.kill(before[0], signal.SIGKILL)
    stages.wait_for("responder in its place", lambda: len(set(stage.running()) - {before[0]}) == stage.processes, 5)


def main(build):
    answers = {}
    said = verdict.Verdict()

    def try_it(name, test, *arguments):
        try:
            test(*arguments)
            said.say(name)
        except Exception as failure:  # pylint: disable=broad-except
            said.say(name, f"{type(failure).__name__}: {failure}")

    def the_same_answers(supervised):
        found = supervised.answers()
        statuses = [sorted({status for status, _ in found[query]}) for query in FORMS]
        assert statuses == [[200], [200], [400], [400]], found
        assert all(len(answer) == 1 for answer in found.values()), found
        answers[type(supervised)] = found
        assert all(other == found for other in answers.values()), answers

    for kind in (SpawnFcgi, Runit):
        absent = [program for program in kind.programs if not shutil.which(program)]
        if absent:
            print(f"left out: {kind.example}, for there is no {', '.join(absent)} here")
            continue
        with kind(build) as stage:
            try_it(f"{kind.example}: four responders give the same answers", the_same_answers, stage)
            if kind is Runit:
                try_it(f"{kind.example}: a killed one is started again", a_killed_one_is_started_again, stage)
            try_it(f"{kind.example}: SIGTERM answers the request in flight and exits 0",
                   sigterm_answers_the_request_in_flight_and_exits_0, stage)
        psql.run("drop schema queue_statistics cascade;\ndrop role e2e_reader;\n")
    return said.close()


sys.exit(main(sys.argv[1]))
