"""queues/destinations/statistics/get on the good path, as a Python engineer would write it for speed: a bare ASGI
application for uvicorn (with uvloop and httptools where installed), an asyncpg pool a process, whose connections keep
their prepared statements, verified logins in the process's memory.

BENCH_QUERIES is the folder of the statements; the database is that of libpq's environment (PGHOST, ...).
"""

import crypt
import hmac
import json
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl

import asyncpg

QUERIES = {path.stem: path.read_text() for path in Path(os.environ["BENCH_QUERIES"]).glob("*.sql")}
KEY = secrets.token_bytes(32)
verified_logins = set()
pool = None


def verified(username, password, stored):
    login = hmac.digest(KEY, repr((username, password, stored)).encode(), "sha256")
    if login in verified_logins:
        return True
    if not hmac.compare_digest(crypt.crypt(password, stored), stored):
        return False
    verified_logins.add(login)
    return True


def average(total, known):
    if not known:
        return None
    hundredths = (200 * total + known) // (2 * known)
    return hundredths / 100 if hundredths % 100 else hundredths // 100


def statistics(row):
    (
        destination, dtype, dnumber, talktime_sum, talktime_min, talktime_max, talktime_known,
        answered, in_progress, no_answer, busy, cancelled, answered_elsewhere, failed,
        ringtime_sum, ringtime_min, ringtime_max, ringtime_known,
        holdtime_sum, holdtime_min, holdtime_max, holdtime_known, first_call, last_call,
    ) = row  # fmt: skip
    return {
        "dtype": dtype,
        "dnumber": dnumber,
        "destination": destination,
        "calls": sum(filter(None, (answered, no_answer, busy, cancelled, answered_elsewhere, failed))),
        "talktime_sum": talktime_sum or 0,
        "talktime_min": talktime_min,
        "talktime_max": talktime_max,
        "talktime_avg": average(talktime_sum, talktime_known),
        "calls_answered": answered or 0,
        "calls_in_progress": in_progress or 0,
        "calls_no_answer": no_answer or 0,
        "calls_busy": busy or 0,
        "calls_cancelled": cancelled or 0,
        "calls_answered_elsewhere": answered_elsewhere or 0,
        "calls_failed": failed or 0,
        "ringtime_sum": ringtime_sum or 0,
        "ringtime_min": ringtime_min,
        "ringtime_max": ringtime_max,
        "ringtime_avg": average(ringtime_sum, ringtime_known),
        "holdtime_sum": holdtime_sum or 0,
        "holdtime_min": holdtime_min,
        "holdtime_max": holdtime_max,
        "holdtime_avg": average(holdtime_sum, holdtime_known),
        "first_call": first_call,
        "last_call": last_call,
    }


async def respond(query_string, client):
    """The status and the body's object."""

    def refuse(code, key, message):
        return code, {"responses": [{"code": str(code), "key": key, "message": message}]}

    given = dict(parse_qsl(query_string.replace(";", "&"), keep_blank_values=True))
    username, password = given.get("auth_username", ""), given.get("auth_password", "")
    numbers = [given.get("queue", ""), given.get("start", "0"), given.get("end", "253402300800")]
    async with pool.acquire() as connection:
        _, _, _, person, stored, source_allowed, active, login, user_access = await connection.fetchrow(
            QUERIES["credentials"], username, client
        )
        if person is None or not source_allowed or not active or not verified(username, password, stored):
            return refuse(401, "", "The authentication details provided are invalid.")
        if not login or not user_access:
            return refuse(402, "", "Your role does not allow this.")
        for name, value in zip(("queue", "start", "end"), numbers):
            if not (value.isascii() and value.isdigit()):
                return refuse(400, name, f"The {name} is invalid.")
        rows = await connection.fetch(QUERIES["queue_statistics"], person, *map(int, numbers))
    if not rows:
        return refuse(404, "queue", "The queue does not exist, or you do not have permission to view it.")
    return 200, {
        "responses": [{"code": "200", "key": "", "message": "OK"}],
        "data": [] if rows[0][0] is None else [statistics(row) for row in rows],
    }


class Connection(asyncpg.Connection):
    async def reset(self, *, timeout=None):
        """Saves a round trip a request: the statements here leave nothing on a connection to reset."""


async def application(scope, receive, send):
    global pool
    if scope["type"] == "lifespan":
        await receive()
        pool = await asyncpg.create_pool(
            connection_class=Connection,
            min_size=4,
            max_size=4,
            max_cached_statement_lifetime=0,
            max_inactive_connection_lifetime=0,
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await pool.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = dict(scope["headers"])
    status, content = await respond(scope["query_string"].decode(), headers[b"x-remote-addr"].decode())
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"application/json; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                (b"x-request-id", headers.get(b"x-request-id", b"")),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
