"""Events of phone systems as rows of the tables they go into live, and the offers made of them."""

import json
import os
import subprocess
import tempfile

from lib import psql

OFFERS = """
select concat_ws(',', q.name, d.dtype, d.dnumber, c.uniqueid, extract(epoch from c.start)::bigint,
                 coalesce(c.ringtime::text, ''), coalesce(c.holdtime::text, ''), coalesce(c.talktime::text, ''),
                 c.outcome, c.in_progress)
  from queue_statistics.queue_destination_calls c
  join queue_statistics.queues q on q.id = c.queue
  join queue_statistics.queue_destinations d on d.queue = c.queue and d.id = c.destination;
"""


def offers(database):
    """The lines of all offers, sorted. Times that are not known are empty."""
    return sorted(psql.run(OFFERS, database).splitlines())


def fields(line):
    """A line of Asterisk's queue log as the realtime table's columns: what is beyond data5 stays glued to it."""
    parts = line.split("|")
    if len(parts) > 10:
        parts = parts[:9] + ["|".join(parts[9:])]
    return parts + [""] * (10 - len(parts))


def headers(line):
    """A line of Name=value words as FreeSWITCH's table has it."""
    return [json.dumps(dict(word.split("=", 1) for word in line.split()))]


class Table:
    """Where a kind of events goes in live: its columns, and a line as a row of them."""

    def __init__(self, name, columns, row):
        self.name = "queue_statistics." + name
        self.head = f"{self.name} ({columns})"
        self.row = row

    def inserted(self, lines):
        """Each row by an INSERT of its own, as phone systems write them."""
        return "".join(f"insert into {self.head} values ({', '.join(map(psql.quoted, self.row(line)))});\n"
                       for line in lines)

    def copied(self, lines):
        return f"copy {self.head} from stdin;\n" + "".join(
            "\t".join(field.replace("\\", "\\\\") for field in self.row(line)) + "\n" for line in lines) + "\\.\n"


ASTERISK = Table("queue_log", "time, callid, queuename, agent, event, data1, data2, data3, data4, data5", fields)
FREESWITCH = Table("freeswitch_events", "event", headers)


def import_file(program, kind, lines, database):
    """Imports a file of these lines; what the program said of it, without the file's name."""
    with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        done = subprocess.run([program, "import", kind, "--customer", "1", file.name], text=True, check=False,
                              env=os.environ | {"PGDATABASE": database}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
    return done.stderr.replace(file.name + ":", "").splitlines()


def read_case(path):
    """The sections of a case of tests/events: the lines of each, by its name."""
    sections = {}
    current = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = sections.setdefault(line[3:].strip(), [])
        elif current is not None and line and not line.startswith("#"):
            current.append(line)
    return sections
