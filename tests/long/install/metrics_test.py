"""The test that `metrics-test` starts with a PostgreSQL."""

import re
import subprocess
import sys

from lib import case_file, psql, stage as stages, verdict

RULES = psql.TREE / "debian/examples/prometheus/queue-statistics.rules.yml"
# Of Prometheus and node_exporter themselves.
OTHERS = {"up", "node_textfile_mtime_seconds"}


# Of two phone systems, about a queue that does not exist.
EVENTS = """
set search_path = queue_statistics;
insert into queue_log (time, callid, queuename, agent, event)
values ('1700000000', '1', 'nowhere', 'NONE', 'ENTERQUEUE');
insert into queue_log (source, time, callid, queuename, agent, event)
values (e'odd "\\\\\nname', '1700000000', '1', 'nowhere', 'NONE', 'ENTERQUEUE');
"""
PREFIX = "queue_statistics_"
EXPECTED = {f"{PREFIX}schema_version": "1", f"{PREFIX}waiting_names": "2",
            f"{PREFIX}newest_call_timestamp_seconds": "253402300799"}
PRESENT = [PREFIX + name for name in (
    "rolled_up_timestamp_seconds", "problems", "roll_up_backlog", 'newest_event_timestamp_seconds{source="asterisk"}',
    'newest_event_timestamp_seconds{source="odd \\"\\\\\\nname"}', 'size_bytes{part="calls"}')]


def promtool(*arguments, text=None):
    """What promtool complains of, as lines; no lines: nothing."""
    done = subprocess.run(["promtool", *map(str, arguments)], input=text, text=True, capture_output=True, check=False)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def sample(text, name):
    return next((line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(name + " ")), None)


def metrics_in(rules):
    """The metrics in the expressions of alert rules."""
    expressions = re.findall(r"^ +expr: (?:>-\n)?((?:.*\n?)+?)(?= +(?:for|annotations):)", rules, re.M)
    return set(re.findall(r"\b(queue_statistics_[a-z_]+|up|node_[a-z_]+)\b(?=[{\[ ])", "".join(expressions)))


def main():
    build = sys.argv[1]
    said = verdict.Verdict()
    with stages.Stage(build) as stage:
        stage.start_nginx("nginx", stage.socket)
        for query in ("{login amy};queue=100", "auth_username=amy;auth_password=wrong", "{login amy};queue=1"):
            case_file.Request(f"GET /api/json/...?{query}").send(stage, None)
        psql.run(EVENTS)
        request = case_file.Request("GET /queue-statistics/metrics", options={"from": "127.0.0.1"})
        responders = request.send(stage, None).body.decode()
        status = subprocess.run([f"{build}/queue-statistics", "status", "--prometheus"], check=True,
                                capture_output=True, text=True).stdout
    said.say("promtool_reads_the_metrics_of_the_responders", *promtool("check", "metrics", text=responders))
    said.say("promtool_reads_the_metrics_of_status", *promtool("check", "metrics", text=status))
    said.say("promtool_loads_the_alert_rules", *promtool("check", "rules", RULES))
    samples = set(re.findall(r"^([a-z_]+)", responders + status, re.M)) | OTHERS
    wanted = metrics_in(RULES.read_text())
    assert len(wanted) > 8, wanted
    said.say("the_alert_rules_name_metrics_that_are_there",
             *(f"there is no metric {name}" for name in sorted(wanted - samples)))
    said.say("status_says_what_is_in_the_database", *(
        f"{name} is {sample(status, name)}, not {value}" for name, value in EXPECTED.items()
        if sample(status, name) != value), *(f"there is no {name}" for name in PRESENT if sample(status, name) is None))
    return said.close()


if __name__ == "__main__":
    sys.exit(main())
