"""The functions of the API, as the sources of core/functions say."""

import os
import re

FOLDER = os.path.abspath(f"{__file__}/../../../core/functions")


def in_core():
    """The parameters of each function, in their order. Reads what every file of core/functions says in one form."""
    found = {}
    for name in sorted(os.listdir(FOLDER)):
        with open(f"{FOLDER}/{name}", encoding="utf-8") as file:
            source = file.read()
        path = re.search(r'return \{"([\w/]+)", kParameters', source)
        parameters = re.search(r"kParameters\{([^}]*)\}", source)
        found[path[1]] = re.findall(r'"(\w+)"', parameters[1])
    return found
