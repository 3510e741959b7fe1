// Answers of an API that is none: figures drawn from the parameters, the same for the same question. For what the real
// parts cannot show at will: 300 queues, 5,000 destinations, strange names, nonsense.

const kHour = 3600;

function hash(...parts) {
  let value = 2166136261;
  for (const character of parts.join('|')) value = Math.imul(value ^ character.charCodeAt(0), 16777619) >>> 0;
  return value;
}

function callers(key, scale, waiting, levels) {
  const calls = scale === 0 ? 0 : hash(key, 'calls') % scale;
  const waits = waiting ? Math.min(calls, 2) : 0;
  const answered = Math.floor((calls - waits) * (0.7 + (hash(key, 'answered') % 25) / 100));
  const abandoned = calls - waits - answered;
  const some = (name, most) => (calls === 0 ? null : 5 + (hash(key, name) % most));
  const one = {
    calls, calls_answered: answered, calls_in_progress: 0, calls_waiting: waits, calls_abandoned: abandoned,
    calls_timeout: 0, calls_key: 0, calls_empty: 0, calls_other: 0, calls_refused: 0,
    talktime_sum: answered * 190, talktime_min: some('a', 20), talktime_max: some('b', 900),
    talktime_avg: some('c', 300),
    holdtime_sum: answered * 20, holdtime_min: null, holdtime_max: null, holdtime_avg: some('d', 40),
    waittime_sum: calls * 30, waittime_min: null, waittime_max: some('f', 240), waittime_avg: some('e', 70),
    waiting_since: waits > 0 ? waiting : null, first_call: null, last_call: null,
  };
  if (levels) {
    one.service_levels = levels.split(',').map((seconds) => {
      const within = Math.floor(answered * Math.min(1, 0.3 + seconds / 200));
      const left = Math.floor(abandoned * Math.min(1, seconds / 150));
      const of = calls - waits;
      return { seconds: Number(seconds), calls_answered: within, calls_abandoned: left,
               percent: of ? Math.round((10000 * within) / of) / 100 : null };
    });
  }
  return one;
}

/** What the stand-in says: the status and the data, or another body altogether. */
export function answer(name, form, { queues = kQueues, destinations = 6, scale = 40 } = {}) {
  const ok = (data) => ({ status: 200, body: JSON.stringify({
    responses: [{ code: '200', key: '', message: 'OK' }], data }) });
  const queue = Number(form.get('queue') ?? form.get('id') ?? 0);
  const start = Number(form.get('start') ?? 0);
  const end = Number(form.get('end') ?? 0);
  const now = Math.floor(Date.now() / 1000);
  const interval = form.get('interval');
  if (name === 'user/login') {
    if (form.get('auth_password') !== 'password') return refusal(401);
    return ok({ id: 1, username: 'user', customer: 3, auth_token: 'aa.bb.cc', auth_token_expiry: 43200,
                auth_token_expires: now + 43200 });
  }
  if (name === 'queues/list') return ok(queues);
  if (name === 'queues/get') return ok({ id: queue, customer: 4, name: `Queue ${queue}` });
  if (name === 'queues/destinations/statistics/get') {
    return ok(Array.from({ length: destinations }, (_, index) => {
      const key = `${queue}/${index}`;
      const calls = scale === 0 ? 0 : hash(key) % 90;
      const answered = Math.floor(calls * 0.6);
      return { dtype: 'phone', dnumber: kNames[index] ?? String(1234560 + index), destination: 200 + index, calls,
               talktime_sum: answered * (100 + (hash(key, 't') % 150)), talktime_min: null, talktime_max: null,
               talktime_avg: answered ? 100 + (hash(key, 't') % 150) : null, calls_answered: answered,
               calls_in_progress: 0, calls_no_answer: calls - answered, calls_busy: 0, calls_cancelled: 0,
               calls_answered_elsewhere: 0, calls_failed: 0 };
    }));
  }
  const levels = form.get('service_level');
  if (!interval) return ok(callers(`${queue}/${start}`, scale * 30, 0, levels));
  if (interval === 'hour_of_week') {
    return ok(Array.from({ length: 168 }, (_, index) => ({
      weekday: 1 + Math.floor(index / 24), hour: index % 24, seconds: kHour,
      ...callers(`${queue}/${index}`, shape(index % 24, scale), 0, levels) })));
  }
  const step = { hour: kHour, day: 24 * kHour, '15min': 900, week: 168 * kHour, month: 720 * kHour }[interval] ?? kHour;
  const rows = [];
  for (let at = start; at < end; at += step) {
    const is_now = at <= now && now < at + step;
    const most = step === kHour ? shape(new Date(at * 1000).getUTCHours(), scale) : scale * 20;
    rows.push({ start: at, end: Math.min(at + step, end),
                ...callers(`${queue}/${at}`, at > now ? 0 : most, is_now ? now - 95 : 0, levels) });
  }
  return ok(rows);
}

const shape = (hour, scale) => Math.round(scale * Math.max(0, 1.6 - Math.abs(hour - 13) / 6));

const kNames = [];
export const kQueues = [
  { id: 123, customer: 3, name: 'Support' }, { id: 124, customer: 3, name: 'Sales' },
  { id: 125, customer: 3, name: 'Orders' },
];

export const refusal = (code, key = '', headers = {}) => ({ status: code, headers, body: JSON.stringify({
  responses: [{ code: String(code), key, message: 'no' }] }) });

/** Answers the page's requests by `say`, which may be changed while the page runs. Returns what was asked. */
export async function standIn(context, say = {}) {
  const asked = [];
  await context.route('**/api/json/**', async (route) => {
    const name = new URL(route.request().url()).pathname.replace(/^.*\/api\/json\/|\/$/g, '');
    const form = new URLSearchParams(route.request().postData() ?? '');
    asked.push({ name, form, at: Date.now() });
    const said = await say.answer?.(name, form);
    if (said === 'abort') return route.abort();
    const { status, body, headers } = said ?? answer(name, form, say);
    return route.fulfill({ status, body, headers: { 'Content-Type': 'application/json', ...headers } });
  });
  return asked;
}
