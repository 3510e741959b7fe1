"""Sends mixed requests to a responder under valgrind. `leaks` starts this with a PostgreSQL."""

import collections
import os
import random as randomness
import re
import secrets
import socket
import sys

import fastcgi_mutations
from lib import exchange, stage as stages, stand

REQUESTS = int(os.environ.get("LEAKS_REQUESTS", 10_000))
SUMS = re.compile("(definitely|indirectly|possibly) lost|still reachable|no leaks are possible|SUMMARY: \\d+ errors")
SEED = os.environ.get("ABUSE_SEED") or secrets.token_hex(4)


def ask(path, data):
    """Sends the bytes. Returns the status of the answer, or 0 without an answer."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(60)
        peer.connect(path)
        try:
            peer.sendall(data)
            peer.shutdown(socket.SHUT_WR)
            output = exchange.output_of(exchange.receive_all(peer))
        except (BrokenPipeError, ConnectionResetError):
            return 0
    return exchange.parse_cgi(output, output.endswith(b"\r\n\r\n")).status if output else 0


def main():
    random, counts, wrong = randomness.Random(SEED), collections.Counter(), []
    print(f"ABUSE_SEED={SEED} LEAKS_REQUESTS={REQUESTS}", flush=True)
    with stages.Stage(sys.argv[1], processes=1) as stage:
        stand.add_caller(stage)
        run = stand.Run(stage, True)
        report = f"{stage.dir}/valgrind.log"
        valgrind = ("valgrind", "--leak-check=full", "--errors-for-leak-kinds=definite", "--error-exitcode=99",
                    f"--log-file={report}")
        try:
            with run.responders(prefix=valgrind, nginx=False) as group:
                for _ in range(REQUESTS):
                    # Three of four requests are whole, so that most of them reach the database.
                    if random.random() < 0.75:
                        data = fastcgi_mutations.well_formed(random)
                    else:
                        data, _ = fastcgi_mutations.connection(random)
                    counts[ask(group.socket, data)] += 1
        except AssertionError as error:
            wrong.append(str(error))
        with open(report, encoding="utf-8", errors="replace") as file:
            text = file.read()
        # valgrind prints its sums when the responder ends after SIGTERM.
        print(*(line.partition("== ")[2].strip() for line in text.splitlines() if SUMS.search(line)), sep="\n")
        if not re.search("(definitely lost: 0 bytes|no leaks are possible)(.|\n)*ERROR SUMMARY: 0 errors", text):
            wrong.append(text)
        if not counts[200]:
            wrong.append("no request was answered 200")
    print(", ".join(f"{code or 'closed'} × {count}" for code, count in sorted(counts.items())))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{int(not wrong)} passed, {int(bool(wrong))} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
