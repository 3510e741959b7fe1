#!/usr/bin/env python3
"""today.py URL USERNAME [START [END]], with the password in PASSWORD: how each queue of the person's customer did, from
START until END (Unix seconds; without them since midnight). URL is the server's, such as https://pbx.example.com"""

import datetime
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request


def ask(url, function, **parameters):
    """The data of a function's answer. A POST keeps passwords and tokens out of the URL."""
    form = urllib.parse.urlencode(parameters).encode()
    try:
        with urllib.request.urlopen(f"{url}/api/json/{function}/", form, timeout=20) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as refused:
        sys.exit("\n".join(f"{entry['key']}: {entry['message']}".removeprefix(": ")
                           for entry in json.load(refused)["responses"]))


def main():
    midnight = datetime.datetime.combine(datetime.date.today(), datetime.time.min)
    url, username, start, end = (sys.argv[1:] + ["", ""])[:4]
    token = ask(url, "user/login", auth_username=username, auth_password=os.environ["PASSWORD"], token=1)["auth_token"]
    print(f"{'queue':<24} {'calls':>8} {'answered':>8} {'waiting':>8} {'% in 20s':>8}")
    for queue in ask(url, "queues/list", auth_token=token):
        figures = ask(url, "queues/statistics/get", auth_token=token, id=queue["id"],
                      start=start or int(midnight.timestamp()), end=end, service_level=20)
        percent = figures["service_levels"][0]["percent"]
        print(f"{queue['name']:<24} {figures['calls']:>8} {figures['calls_answered']:>8}"
              f" {figures['calls_waiting']:>8} {'-' if percent is None else percent:>8}")


main()
