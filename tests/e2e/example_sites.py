"""Facts, like those of facts.py, about the example sites of debian/examples, with their servers for TLS switched on."""

import os
import re
import secrets
import socket
import ssl
import subprocess

from lib import answer_check, case_file, exchange, stage as stages

MARKER = "marker" + secrets.token_hex(12)
LOGIN = f"auth_username=amy;auth_password={MARKER}"
NO_FUNCTION = case_file.Expected("404", entries=[("", "The function does not exist.")])


def site(name, begin, end):
    """The example with its active server removed and its commented servers switched on. begin, end: the first and the
    last line of a server."""
    switch = ["-e", f"/^{begin}/,/^{end}/d", "-e", f"/^#{begin}/,/^#{end}/s/^#//"]
    text = subprocess.run(["sed", *switch, f"{stages.TREE}/debian/examples/{name}-site.conf"], text=True, check=True,
                          capture_output=True).stdout
    return re.sub(r" *listen \[::\].*\n", "", text).replace("{", "{{").replace("}", "}}")


def nginx_with_tls(stage):
    head, _, _ = stages.NGINX.partition("  server {{")
    text = (head.replace("  include {dir}/{name}-queue-statistics-log.conf;\n", "") +
            site("nginx", "server {", "}").replace("listen 443", "listen 127.0.0.1:{tls}")
            .replace("listen 80", "listen 127.0.0.1:{port}").replace("/var/log/nginx/", "{dir}/{name}_")
            .replace("/usr/share/queue-statistics/nginx/", "{dir}/nginx-") + "}}\n")
    check(stage, text, ["nginx", "-p", stage.dir, "-c", "tls.conf"])


def apache_with_tls(stage):
    head, _, _ = stages.APACHE.partition("<VirtualHost")
    modules = "".join(f"LoadModule {name}_module modules/mod_{name}.so\n" for name in ("ssl", "rewrite"))
    text = (head + modules + "Listen 127.0.0.1:{tls}\n" + site("apache", "<Virtual", "<.Virtual")
            .replace("*:443", "*:{tls}").replace("*:80", "*:{port}").replace("${{APACHE_LOG_DIR}}/", "{dir}/{name}_")
            .replace("/usr/share/queue-statistics/apache/", "{dir}/nginx-"))
    check(stage, text, ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", f"{stage.dir}/tls.conf"])


def check(stage, text, command):
    subprocess.run(["openssl", "req", "-new", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{stage.dir}/localhost.key",
                    "-out", f"{stage.dir}/localhost.pem"], check=True, capture_output=True)
    text = re.sub(r"/etc/ssl/\w+/", f"{stage.dir}/", text)
    user = {"nginx": "user www-data;", "/usr/sbin/apache2": "User www-data\nGroup www-data"}[command[0]]
    tls = stages.free_port()
    stage.start_server("tls", text, {"user": user if os.geteuid() == 0 else "", "tls": tls}, command)

    def ask(port, method, target, fields=(), body=None):
        request = case_file.Request(f"{method} {target}", list(fields), {}, body)
        client = (case_file.new_address(), 0)
        with socket.create_connection(("127.0.0.1", port), exchange.TIMEOUT, client) as connection:
            if port == tls:
                context = ssl.create_default_context(cafile=f"{stage.dir}/localhost.pem")
                connection = context.wrap_socket(connection, server_hostname="localhost")
            with connection:
                connection.sendall(request.http_bytes(None))
                return exchange.parse_http(exchange.receive_all(connection), method == "HEAD")

    def assert_no_function(answer):
        wrong = answer_check.check(NO_FUNCTION, answer)
        assert not wrong, "\n".join(wrong)

    function = case_file.FUNCTION
    # The server with TLS answers the API.
    good = ask(tls, "GET", "/local/api/json/queues/destinations/statistics/get?{login amy};queue=101")
    wrong = answer_check.check(case_file.Expected("200", data="[]"), good)
    assert not wrong, "\n".join(wrong)
    assert ask(tls, "GET", f"{function}?{LOGIN};queue=101").status == 401
    assert_no_function(ask(tls, "GET", f"/api/json/queues/gte/?{LOGIN}"))

    # The server without TLS has no function at all, and redirects nothing that may be meant for one.
    form = ["Content-Type: application/x-www-form-urlencoded"]
    for path in (function, function.rstrip("/"), "/local" + function, "/api/json/queues/gte/", "/api/json"):
        assert_no_function(ask(stage.ports["tls"], "GET", f"{path}?{LOGIN};queue=101"))
        assert_no_function(ask(stage.ports["tls"], "POST", path, form, LOGIN))

    # It redirects everything else, without the query.
    for path in ("/", "/other/path", "/api/jsonp", "/a%20b", "/a%0d%0aX-Evil:%201"):
        for method in ("GET", "HEAD", "POST"):
            answer = ask(stage.ports["tls"], method, f"{path}?{LOGIN}", [f"Referer: http://localhost/?{LOGIN}"])
            location = [value.replace("%0D%0A", "%0d%0a") for value in answer.header("Location")]
            assert (answer.status, location) == (301, [f"https://localhost{path}"]), f"{path}: {answer}"
            assert not answer.header("X-Evil") and MARKER.encode() not in answer.body, answer

    names = [f"{stage.dir}/{name}" for name in os.listdir(stage.dir) if name.endswith(".log")]
    logs = {name: open(name, encoding="utf-8", errors="replace").read() for name in names}
    assert sum("/other/path" in text for text in logs.values()) == 1, "it is not logged"
    for name, text in logs.items():
        assert MARKER not in text, f"the password stands in {name}"
