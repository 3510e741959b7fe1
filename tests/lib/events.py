"""Events of phone systems (PBX) as rows of their live tables, and the offers and callers made from them."""

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

CALLERS = """
select concat_ws(',', q.name, c.uniqueid, extract(epoch from c.entered)::bigint, coalesce(c.waittime::text, ''),
                 coalesce(c.talktime::text, ''), c.outcome, c.in_progress)
  from queue_statistics.queue_calls c
  join queue_statistics.queues q on q.id = c.queue;
"""

# What the commands that change a name run afterwards, until nothing is left.
FOLLOW = "do $$ begin while queue_statistics.resolve_step(2) = 'more' loop null; end loop; end $$;\n"


def offers(database):
    """All offers of a database as lines, sorted. Unknown times are empty."""
    return sorted(psql.run(OFFERS, database).splitlines())


def callers(database):
    """All callers of a database as lines, sorted. Unknown times are empty."""
    return sorted(psql.run(CALLERS, database).splitlines())


def calls(database):
    """All offers of a database, then all callers."""
    return offers(database) + callers(database)


def fields(line):
    """A line of Asterisk's queue log as columns of the realtime table. Fields after data5 stay in data5, with pipes."""
    parts = line.split("|")
    if len(parts) > 10:
        parts = parts[:9] + ["|".join(parts[9:])]
    return parts + [""] * (10 - len(parts))


def headers(line):
    """A line of Name=value words as columns of FreeSWITCH's table."""
    return [json.dumps(dict(word.split("=", 1) for word in line.split()))]


class Table:
    """The live table of a kind of events: its name, its columns, and the function that makes a row from a line."""

    def __init__(self, name, columns, row):
        self.name = "queue_statistics." + name
        self.head = f"{self.name} ({columns})"
        self.row = row

    def inserted(self, lines):
        """SQL with one INSERT per row, as phone systems write them."""
        return "".join(f"insert into {self.head} values ({', '.join(map(psql.quoted, self.row(line)))});\n"
                       for line in lines)

    def copied(self, lines):
        return f"copy {self.head} from stdin;\n" + "".join(
            "\t".join(field.replace("\\", "\\\\") for field in self.row(line)) + "\n" for line in lines) + "\\.\n"


ASTERISK = Table("queue_log", "time, callid, queuename, agent, event, data1, data2, data3, data4, data5", fields)
FREESWITCH = Table("freeswitch_events", "event", headers)


def filed(lines, feed="file"):
    """SQL that folds lines of Asterisk's queue log as the import of a file does, for the last customer; or, as
    `followed_file`, as the follower does with lines that were added to the file."""
    rows = ", ".join(f"({n}, {psql.quoted(line)})" for n, line in enumerate(lines))
    return f"""select 'unfolded' from (values {rows or "(0, '')"}) l (n, line)
 cross join lateral string_to_array(l.line, '|') f
 cross join lateral queue_statistics.asterisk_event('asterisk', f[1], f[2], f[3], f[4], f[5],
                                                    array_to_string(f[6:], '|')) e
 where (e.event).kind is not null
having queue_statistics.fold_each(array_agg(e.event order by l.n), '{feed}',
                                  (select max(id) from queue_statistics.customers)) is null;
"""


def import_file(program, kind, lines, database):
    """Imports a file of these lines. Returns what the program said about it, without the file's name."""
    with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        done = subprocess.run([program, "import", kind, "--customer", "1", file.name], text=True, check=False,
                              env=os.environ | {"PGDATABASE": database}, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
    return done.stderr.replace(file.name + ":", "").splitlines()


def read_case(path):
    """The sections of a case of tests/events: a list of lines by the section's name."""
    sections = {}
    current = None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            current = sections.setdefault(line[3:].strip(), [])
        elif current is not None and line and not line.startswith("#"):
            current.append(line)
    return sections
