"""docs/openapi.yaml, and the tables of README, with which it is compared."""

import os
import re

import yaml

ROOT = os.path.abspath(f"{__file__}/../../..")


def text_of(name):
    with open(f"{ROOT}/{name}", encoding="utf-8") as file:
        return file.read()


class Document:
    """docs/openapi.yaml."""

    def __init__(self):
        self.tree = yaml.safe_load(text_of("docs/openapi.yaml"))
        self.used = set()

    def at(self, reference):
        """What a $ref means; KeyError when there is no such thing."""
        self.used.add(reference)
        node = self.tree
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]
        return node

    def resolved(self, node):
        return self.at(node["$ref"]) if "$ref" in node else node

    def references(self, node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key == "$ref":
                    yield value
                else:
                    yield from self.references(value)
        elif isinstance(node, list):
            for value in node:
                yield from self.references(value)

    def operations(self):
        """(function, method, operation) each."""
        for path, item in self.tree["paths"].items():
            for method, operation in item.items():
                yield path.strip("/"), method, operation

    def parameters(self, operation):
        """The names that a GET takes, with the name of each schema."""
        found = [self.resolved(each) for each in operation["parameters"]]
        return {each["name"]: each["schema"]["$ref"] for each in found}

    def form(self, operation):
        """The same of a POST, without the login."""
        content = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]
        login, own = self.resolved(content["schema"])["allOf"]
        assert login["$ref"].endswith("/Credentials")
        return {name: each["$ref"] for name, each in own["properties"].items()}

    def messages(self):
        """(code, message) of every entry of `responses` that an answer may have."""
        for schema in self.tree["components"]["schemas"].values():
            entries = schema.get("properties", {}).get("responses", schema).get("items", {}).get("properties", {})
            if "code" in entries:
                message = entries["message"]
                for each in message.get("enum", [message.get("const")]):
                    yield entries["code"]["const"], each

    def fields(self, name):
        return list(self.tree["components"]["schemas"][name]["properties"])


def table(name):
    """The cells of the rows of README's table of that name, without its head."""
    part = text_of("README.md").split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0]
    rows = [[cell.strip() for cell in line.strip("| ").split(" |")] for line in part.splitlines() if line[:1] == "|"]
    return rows[2:]


def words(rows):
    return [word for row in rows for word in re.findall(r"\w+", row[0])]
