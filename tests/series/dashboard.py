"""The example dashboard for Grafana: it has the parts of Grafana's published JSON model, and what its panels ask for is
answered with the fields that they show. No Grafana is started."""

import json
import re
from decimal import Decimal

from lib import psql

DASHBOARD = psql.TREE / "debian/examples/grafana/queue-statistics.json"
# https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
PARTS = {"id", "uid", "title", "tags", "timezone", "editable", "graphTooltip", "panels", "time", "timepicker",
         "templating", "annotations", "refresh", "schemaVersion", "version", "links"}
OF_PANEL = {"id", "type", "title", "gridPos", "datasource", "targets", "fieldConfig", "options"}
# The types of the Infinity data source (grafana/grafana-infinity-datasource, src/types/query.types.ts).
OF_TARGET = {"refId", "datasource", "type", "source", "parser", "format", "url", "url_options", "root_selector",
             "columns", "filters"}
TYPES = {"string", "number", "timestamp_epoch_s"}
WIDTH = 24


def value(row, selector):
    for key in selector.split("."):
        row = row[int(key)] if key.isdigit() else row[key]
    return row


def check(test):
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    test.check("dashboard: its parts", PARTS, set(dashboard))
    test.check("dashboard: no id of one site", None, dashboard["id"])
    variables = {one["name"]: one["current"].get("value") for one in dashboard["templating"]["list"]}
    variables |= {"__from:date:seconds": "1700000000", "__to:date:seconds": "1702592000", "interval": "day"}
    ids = [panel["id"] for panel in dashboard["panels"]]
    test.check("dashboard: each panel has an id of its own", len(ids), len(set(ids)))
    for panel in dashboard["panels"]:
        name = f"dashboard, {panel['title']}: "
        test.check(name + "parts", OF_PANEL, set(panel))
        at = panel["gridPos"]
        test.check(name + "place", True, set(at) == {"x", "y", "w", "h"} and at["x"] + at["w"] <= WIDTH)
        for target in panel["targets"]:
            test.check(name + "parts of the question", OF_TARGET, set(target))
            test.check(name + "data source", "yesoreyeram-infinity-datasource", target["datasource"]["type"])
            test.check(name + "types", True, {column["type"] for column in target["columns"]} <= TYPES)
            function = re.fullmatch("/api/json/(.*)/", target["url"])[1]
            parameters = {one["key"]: re.sub(r"\$\{([^}]*)\}", lambda used: variables[used[1]], one["value"])
                          for one in target["url_options"]["params"]}
            rows = test.client.data(function, **parameters)
            test.check(name + "rows", True, bool(rows))
            for column in target["columns"]:
                shown = value(rows[0], column["selector"])
                expected = str if column["selector"] in ("dtype", "dnumber") else (int, Decimal, type(None))
                test.check(name + column["selector"], True, isinstance(shown, expected))
