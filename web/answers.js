// Reads the API's answers. Whatever an answer holds, what leaves here has the promised types, or is a Failure.

/**
 * What went wrong, as far as it matters to the person:
 * login: 401; role: 402; missing: 404; refused: 400, `key` says which parameter; throttled: 429; unavailable: 5xx;
 * network: no answer; nonsense: an answer that is none.
 * @typedef {'login' | 'role' | 'missing' | 'refused' | 'throttled' | 'unavailable' | 'network' | 'nonsense'} Kind
 */

export class Failure extends Error {
  /**
   * @param {Kind} kind
   * @param {{key?: string, retryAfter?: number}} [more] retryAfter: seconds, 0: not said
   */
  constructor(kind, { key = '', retryAfter = 0 } = {}) {
    super(kind);
    this.kind = kind;
    this.key = key;
    this.retryAfter = retryAfter;
  }
}

/** @typedef {Record<string, number | null>} Figures */
/** @typedef {{start: number, end: number, figures: Figures}} Row */
/** @typedef {{weekday: number, hour: number, figures: Figures}} Cell */
/** @typedef {{id: number, name: string, figures: Figures}} Destination */
/** @typedef {{id: number, name: string}} Queue */

const kCallers = ['calls', 'calls_answered', 'calls_waiting', 'calls_abandoned', 'talktime_sum'];
const kOffers = ['calls', 'calls_answered', 'calls_no_answer', 'calls_busy', 'talktime_sum'];

/** @type {Record<number, Kind>} */
const kKinds = { 400: 'refused', 401: 'login', 402: 'role', 404: 'missing', 429: 'throttled' };

/**
 * Seconds of a Retry-After header, which may also be a date. 0: none, or none that can be read. At most an hour.
 * @param {string | null} header
 * @param {number} now milliseconds
 */
export function retryAfterSeconds(header, now) {
  const text = (header ?? '').trim();
  const seconds = /^\d+$/.test(text) ? Number(text)
    : /^[A-Z][a-z]{2}, /.test(text) ? (Date.parse(text) - now) / 1000 : 0;
  return seconds > 0 ? Math.min(Math.ceil(seconds), 3600) : 0;
}

/**
 * @param {number} status of HTTP
 * @param {string} body
 * @param {number} retryAfter seconds
 * @returns {unknown} the answer's data
 */
export function readData(status, body, retryAfter) {
  if (status >= 500) throw new Failure('unavailable', { retryAfter });
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = null;
  }
  if (status === 200 && isRecord(answer) && Array.isArray(answer.responses) && answer.responses[0]?.code === '200' &&
      answer.data !== undefined) {
    return answer.data;
  }
  const kind = kKinds[status];
  if (!kind) throw new Failure('nonsense', { retryAfter });
  const key = isRecord(answer) && Array.isArray(answer.responses) ? String(answer.responses[0]?.key ?? '') : '';
  throw new Failure(kind, { key, retryAfter });
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} data
 * @returns {any[]}
 */
function rows(data) {
  if (!Array.isArray(data) || !data.every(isRecord)) throw new Failure('nonsense');
  return data;
}

/** @param {unknown} value */
function whole(value) {
  if (!Number.isSafeInteger(value) || /** @type {number} */ (value) < 0) throw new Failure('nonsense');
  return /** @type {number} */ (value);
}

/**
 * The numbers and nulls of one answer; service levels as service_level_20 (percent) and calls_answered_within_20,
 * calls_abandoned_within_20.
 * @param {unknown} data
 * @param {string[]} required counts without which the answer is none
 * @returns {Figures}
 */
function figures(data, required) {
  if (!isRecord(data)) throw new Failure('nonsense');
  /** @type {Figures} */
  const result = {};
  for (const [name, value] of Object.entries(data)) {
    if (value === null || Number.isFinite(value)) result[name] = value;
  }
  for (const name of required) whole(result[name]);
  for (const level of Array.isArray(data.service_levels) ? data.service_levels : []) {
    if (!isRecord(level)) throw new Failure('nonsense');
    const seconds = whole(level.seconds);
    result[`calls_answered_within_${seconds}`] = whole(level.calls_answered);
    result[`calls_abandoned_within_${seconds}`] = whole(level.calls_abandoned);
    result[`service_level_${seconds}`] = Number.isFinite(level.percent) ? level.percent : null;
  }
  return result;
}

/** @param {unknown} data of queues/statistics/get without interval */
export const readCallers = (data) => withShares(figures(data, kCallers));

/**
 * @param {unknown} data of queues/statistics/get with an interval
 * @returns {Row[]}
 */
export function readSeries(data) {
  return rows(data).map((row) => ({
    start: whole(row.start), end: whole(row.end), figures: withShares(figures(row, kCallers)),
  }));
}

/**
 * @param {unknown} data of queues/statistics/get with interval=hour_of_week
 * @returns {Cell[]}
 */
export function readProfile(data) {
  return rows(data).map((row) => ({
    weekday: whole(row.weekday), hour: whole(row.hour), figures: withShares(figures(row, kCallers)),
  }));
}

/**
 * @param {unknown} data of queues/destinations/statistics/get of a queue
 * @returns {Destination[]}
 */
export function readDestinations(data) {
  return rows(data).map((row) => ({
    id: whole(row.destination), name: `${text(row.dtype)} ${text(row.dnumber)}`, figures: figures(row, kOffers),
  }));
}

/**
 * @param {unknown} data of queues/list
 * @returns {Queue[]}
 */
export const readQueues = (data) => rows(data).map(readQueue);

/**
 * @param {unknown} data of queues/get
 * @returns {Queue}
 */
export function readQueue(data) {
  if (!isRecord(data)) throw new Failure('nonsense');
  return { id: whole(data.id), name: text(data.name) };
}

/**
 * @param {unknown} data of user/login with token=1
 * @returns {string}
 */
export function readToken(data) {
  if (!isRecord(data) || text(data.auth_token) === '') throw new Failure('nonsense');
  return text(data.auth_token);
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== 'string') throw new Failure('nonsense');
  return value;
}

/**
 * 100 x part / whole, rounded half up to two decimals, as the API writes percents. null: there is nothing to divide.
 * @param {number} part
 * @param {number} of_
 */
export function percent(part, of_) {
  return of_ > 0 ? Math.floor((part * 20000 + of_) / (2 * of_)) / 100 : null;
}

/**
 * Adds the shares of those who no longer wait.
 * @param {Figures} of_
 * @returns {Figures}
 */
function withShares(of_) {
  const done = count(of_, 'calls') - count(of_, 'calls_waiting');
  return {
    ...of_, calls_answered_percent: percent(count(of_, 'calls_answered'), done),
    calls_abandoned_percent: percent(count(of_, 'calls_abandoned'), done),
  };
}

/**
 * A figure that is never null in what was read; 0 where it is not known.
 * @param {Figures} of_
 * @param {string} name
 */
export const count = (of_, name) => of_[name] ?? 0;

/**
 * Who left without an answer.
 * @param {Figures} of_
 */
export const left = (of_) => count(of_, 'calls') - count(of_, 'calls_answered') - count(of_, 'calls_waiting');

/**
 * The rows of a series as one answer, of the figures that rows can tell: counts, sums, the longest wait.
 * @param {Row[]} series
 * @param {number} level seconds of the service level that the rows have
 * @returns {Figures}
 */
export function addUp(series, level) {
  const sums = ['calls', 'calls_answered', 'calls_waiting', 'calls_abandoned', `calls_answered_within_${level}`];
  /** @type {Figures} */
  const total = {};
  for (const name of sums) total[name] = series.reduce((sum, row) => sum + count(row.figures, name), 0);
  /** @param {string} name @param {(...values: number[]) => number} choose */
  const choice = (name, choose) => {
    const values = series.map((row) => row.figures[name]).filter((value) => typeof value === 'number');
    return values.length > 0 ? choose(...values) : null;
  };
  total.waiting_since = choice('waiting_since', Math.min);
  total.waittime_max = choice('waittime_max', Math.max);
  total[`service_level_${level}`] =
    percent(count(total, `calls_answered_within_${level}`), count(total, 'calls') - count(total, 'calls_waiting'));
  return withShares(total);
}

/**
 * How many callers waited up to each limit, from the service levels: who was answered, and who hung up.
 * @param {Figures} of_
 * @param {number[]} limits ascending
 * @returns {{from: number, to: number | null, answered: number, abandoned: number}[]} the last has no limit
 */
export function waits(of_, limits) {
  const bins = [];
  let from = 0;
  let answered = 0;
  let abandoned = 0;
  for (const to of [...limits, null]) {
    const upTo = [
      count(of_, to === null ? 'calls_answered' : `calls_answered_within_${to}`),
      count(of_, to === null ? 'calls_abandoned' : `calls_abandoned_within_${to}`),
    ];
    bins.push({ from, to, answered: upTo[0] - answered, abandoned: upTo[1] - abandoned });
    [answered, abandoned] = upTo;
    from = to ?? 0;
  }
  return bins;
}
