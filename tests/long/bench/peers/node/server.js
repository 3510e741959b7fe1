// queues/destinations/statistics/get on the good path, as a node engineer would write it for speed: fastify in a
// cluster, a pg pool a worker with named (prepared) statements, verified logins in the worker's memory. BENCH_QUERIES
// is the folder of the statements, BENCH_SOCKET the Unix socket to listen on, BENCH_PROCESSES the number of workers;
// the database is that of libpq's environment (PGHOST, ...).
import cluster from 'node:cluster';
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import querystring from 'node:querystring';
import bcrypt from 'bcryptjs';
import Fastify from 'fastify';
import pg from 'pg';

const { BENCH_QUERIES, BENCH_SOCKET, BENCH_PROCESSES } = process.env;

const statement = (name) => ({ name, rowMode: 'array', text: readFileSync(`${BENCH_QUERIES}/${name}.sql`, 'utf8') });
const statements = { credentials: statement('credentials'), queue_statistics: statement('queue_statistics') };

const verifiedLogins = new Set();
const key = randomBytes(32);

async function verified(username, password, hash) {
  const login = createHmac('sha256', key).update(JSON.stringify([username, password, hash])).digest('base64');
  if (verifiedLogins.has(login)) return true;
  if (!await bcrypt.compare(password, hash)) return false;
  verifiedLogins.add(login);
  return true;
}

const average = (sum, known) => known ? Math.floor((200 * sum + known) / (2 * known)) / 100 : null;

// One literal a row: objects of one shape are what JSON.stringify is fastest with.
const statistics = ([
  destination, dtype, dnumber, talktime_sum, talktime_min, talktime_max, talktime_known,
  answered, in_progress, no_answer, busy, cancelled, answered_elsewhere, failed,
  ringtime_sum, ringtime_min, ringtime_max, ringtime_known,
  holdtime_sum, holdtime_min, holdtime_max, holdtime_known, first_call, last_call,
]) => ({
  dtype,
  dnumber,
  destination,
  calls: answered + no_answer + busy + cancelled + answered_elsewhere + failed,
  talktime_sum: talktime_sum ?? 0,
  talktime_min,
  talktime_max,
  talktime_avg: average(talktime_sum, talktime_known),
  calls_answered: answered ?? 0,
  calls_in_progress: in_progress ?? 0,
  calls_no_answer: no_answer ?? 0,
  calls_busy: busy ?? 0,
  calls_cancelled: cancelled ?? 0,
  calls_answered_elsewhere: answered_elsewhere ?? 0,
  calls_failed: failed ?? 0,
  ringtime_sum: ringtime_sum ?? 0,
  ringtime_min,
  ringtime_max,
  ringtime_avg: average(ringtime_sum, ringtime_known),
  holdtime_sum: holdtime_sum ?? 0,
  holdtime_min,
  holdtime_max,
  holdtime_avg: average(holdtime_sum, holdtime_known),
  first_call,
  last_call,
});

async function serve() {
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ max: 4, idleTimeoutMillis: 0 }); // kept, and with them what is prepared
  const query = (name, values) => pool.query({ ...statements[name], values }).then((result) => result.rows);
  const querystringParser = (text) => querystring.parse(text.replaceAll(';', '&'));
  const app = Fastify({ routerOptions: { querystringParser } });

  app.get('/api/json/queues/destinations/statistics/get/', async (request, reply) => {
    reply.headers({
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-ID': request.headers['x-request-id'],
    });
    const refuse = (code, key, message) =>
      reply.code(code).send(JSON.stringify({ responses: [{ code: String(code), key, message }] }));

    const { auth_username = '', auth_password = '', queue = '', start = '0', end = '253402300800' } = request.query;
    const [[, , , person, hash, source_allowed, active, login, user_access]] =
      await query('credentials', [auth_username, request.headers['x-remote-addr']]);
    if (person === null || !source_allowed || !active || !await verified(auth_username, auth_password, hash)) {
      return refuse(401, '', 'The authentication details provided are invalid.');
    }
    if (!login || !user_access) return refuse(402, '', 'Your role does not allow this.');
    for (const [name, value] of [['queue', queue], ['start', start], ['end', end]]) {
      if (!/^\d+$/.test(value)) return refuse(400, name, `The ${name} is invalid.`);
    }
    const rows = await query('queue_statistics', [person, queue, start, end]);
    if (!rows.length) {
      return refuse(404, 'queue', 'The queue does not exist, or you do not have permission to view it.');
    }
    return reply.send(JSON.stringify({
      responses: [{ code: '200', key: '', message: 'OK' }],
      data: rows[0][0] === null ? [] : rows.map(statistics),
    }));
  });
  await app.listen({ path: BENCH_SOCKET });
}

if (cluster.isPrimary) for (let i = 0; i < Number(BENCH_PROCESSES); ++i) cluster.fork();
else await serve();
