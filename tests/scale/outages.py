"""What the network can do between a router and a shard, in a network namespace of its own, whose loopback loses every
packet when told to. The shard that is reached by TCP is a machine that vanishes; the other nodes talk by Unix sockets.
See `run`."""

import contextlib
import os
import shutil
import subprocess
import sys

import nodes
from lib import postgresql, verdict
from nodes import Database, Responders, eventually
from scale import CALLERS, OFFERS, make

KEEP = "tcp_user_timeout=1000 keepalives_idle=5 keepalives_interval=2 keepalives_count=3"


@contextlib.contextmanager
def vanished():
    """A context: whatever is sent by TCP is lost, without a word to either side."""
    subprocess.run("tc qdisc replace dev lo root pfifo limit 0", shell=True, check=True)
    try:
        yield
    finally:
        subprocess.run("tc qdisc del dev lo root", shell=True, check=True)


def owned_file(name, text):
    """A file that the server's user alone may read."""
    path = postgresql.directory(name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)
    shutil.chown(path, "postgres")
    return path


def by_tcp(said, router, shard, of_router):
    """The nodes reach each other by TCP and scram, and the router logs in as the user that the address names."""
    for database, role in ((shard, "asker"), (router, "shards")):
        database.run("alter system set listen_addresses = '127.0.0.1';")
        with open(postgresql.directory(database.cluster, "pg_hba.conf"), "w", encoding="utf-8") as file:
            file.write(f"local all all trust\nhost {database.name} {role} 127.0.0.1/32 scram-sha-256\n")
        database.ctl("-m", "fast", "restart")
    shard.run("create role asker login password 'of asker';")
    shard.command("grant", "router", "asker")
    router.run("alter role shards password 'of shards';")
    passwords = owned_file("passwords", "127.0.0.1:*:*:asker:of asker\n127.0.0.1:*:*:shards:of shards\n")
    address = f"host=127.0.0.1 port={shard.port} dbname=shard1 user=asker {KEEP} passfile="
    router.command("shard", "add", 1, address + owned_file("wrong", "127.0.0.1:*:*:asker:wrong\n"))
    said.check("a wrong password", [503, 200], [of_router.status(OFFERS, queue=queue) for queue in (7, 1)])
    router.command("shard", "add", 1, address + passwords)
    said.check("by TCP and scram", [200, 200], [of_router.status(OFFERS, queue=queue) for queue in (7, 1)])
    said.check("as the user of the address", "asker|127.0.0.1", shard.run(
        "select distinct usename, host(client_addr) from pg_stat_activity"
        " where usename in ('asker', 'queue_statistics_router');"))
    shard.run(f"alter subscription queue_statistics_shard_1 connection"
              f" 'host=127.0.0.1 port={router.port} dbname=router user=shards passfile={passwords}';")
    router.command("queue", "add", "--id", 40, "--customer", 4, "By TCP")
    eventually("the queue's copy", lambda: shard.run("select count(*) from queue_statistics.queues where id = 40;")
               == "1")
    return address + passwords


def machine_vanishes(said, of_router):
    """An answer that needs the machine waits for tcp_user_timeout; the others do not. Afterwards all is well."""
    with vanished():
        for what in ("a connection that was there", "a new connection"):
            status, _, seconds = of_router.ask(OFFERS, queue=7)
            said.check(f"{what}: {status} after {seconds:.1f} s", [True, True], [status in (503, 504), seconds < 4])
            status, _, seconds = of_router.ask(OFFERS, queue=1)
            said.check(f"another shard's queue: {seconds:.2f} s", [200, True], [status, seconds < 1])
        said.check("health", 200, of_router.status("health"))
    eventually("the machine's answers", lambda: of_router.status(OFFERS, queue=7) == 200, 15)
    said.check("its callers", 200, of_router.status(CALLERS, queue=7))


@contextlib.contextmanager
def pgbouncer(shard):
    """A context: PgBouncer beside the router, with the settings of docs/scaling.md. Yields the shard's new address."""
    folder = postgresql.directory("pgbouncer")
    os.mkdir(folder)
    shutil.chown(folder, "postgres")
    settings = owned_file("pgbouncer.ini", f"""[databases]
shard1 = host=127.0.0.1 port={shard.port} dbname=shard1 user=asker password='of asker'
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 6432
listen_addr =
auth_type = any
pool_mode = transaction
server_connect_timeout = 2
server_login_retry = 5
query_wait_timeout = 2
tcp_user_timeout = 1000
tcp_keepidle = 5
tcp_keepintvl = 2
tcp_keepcnt = 3
""")
    with subprocess.Popen(["pgbouncer", "-q", settings], user="postgres") as running:
        try:
            eventually("PgBouncer", lambda: os.path.exists(f"{folder}/.s.PGSQL.6432"))
            yield f"host={folder} port=6432 dbname=shard1 user=asker"
        finally:
            running.terminate()


def breaker(said, router, shard, of_router, address):
    """With PgBouncer beside the router only the first answers wait."""
    if not shutil.which("pgbouncer"):
        print("left out: there is no PgBouncer here (apt install pgbouncer)")
        return
    with pgbouncer(shard) as through:
        router.command("shard", "add", 1, through)
        said.check("through PgBouncer", [200, 200], [of_router.status(OFFERS, queue=queue) for queue in (7, 7)])
        with vanished():
            asked = [of_router.ask(OFFERS, queue=7) for _ in range(12)]
            said.check("the machine has vanished", set(), {status for status, *_ in asked} - {503, 504})
            slow = [round(seconds, 1) for _, _, seconds in asked if seconds > 0.5]
            said.check(f"few answers wait: {slow}", True, len(slow) <= 4 and all(seconds < 6 for seconds in slow))
            said.check("another shard's queue", 200, of_router.status(OFFERS, queue=1))
        eventually("the machine's answers", lambda: of_router.status(OFFERS, queue=7) == 200, 30)
        router.command("shard", "add", 1, address)
    said.check("without PgBouncer again", 200, of_router.status(OFFERS, queue=7))


def main():
    nodes.BUILD = sys.argv[1]
    said = verdict.Verdict()
    single, router = Database("single", "data", 5432), Database("router", "data", 5432)
    with nodes.clusters(("shard0", "shard1")) as shards:
        make(said, single, router, shards)
        with Responders(router) as of_router:
            address = by_tcp(said, router, shards[1], of_router)
            machine_vanishes(said, of_router)
            breaker(said, router, shards[1], of_router, address)
    return said.close()


if __name__ == "__main__":
    sys.exit(main())
