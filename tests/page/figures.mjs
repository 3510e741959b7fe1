// Compares every figure on the page with the API's answer, asked for apart from the page. Which periods these are says
// PostgreSQL, which knows time zones by itself.

import assert from 'node:assert/strict';

import { kUrl } from './browser.mjs';

async function ask(name, parameters) {
  const body = new URLSearchParams({ auth_username: 'user', auth_password: 'password', ...parameters });
  const response = await fetch(`${kUrl}/api/json/${name}/`, { method: 'POST', body });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer.data;
}

function value(data, name) {
  const level = /^(service_level|calls_answered_within|calls_abandoned_within)_(\d+)$/.exec(name);
  if (level) {
    const found = data.service_levels.find(({ seconds }) => seconds === Number(level[2]));
    return found[{ service_level: 'percent', calls_answered_within: 'calls_answered',
      calls_abandoned_within: 'calls_abandoned' }[level[1]]];
  }
  const share = /^(calls_answered|calls_abandoned)_percent$/.exec(name);
  if (share) {
    const done = BigInt(data.calls - data.calls_waiting);
    return done === 0n ? null : Number((BigInt(data[share[1]]) * 20000n + done) / (2n * done)) / 100;
  }
  assert.ok(name in data, `the API has no ${name}`);
  return data[name];
}

/** A number as a person reads it: 1.234,5 %, or 1:02:03. */
function readable(text, language) {
  if (text === '–') return null;
  if (/^\d+(:\d\d)+$/.test(text)) return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const parts = new Intl.NumberFormat(language).formatToParts(12345.6);
  const of = (type) => parts.find((part) => part.type === type)?.value ?? '';
  return Number(text.replaceAll(of('group'), '').replace(/[\s\u00a0\u202f%]/g, '').replace(of('decimal'), '.'));
}

export async function compareFigures(page, view, language, asked, sql, zone = 'Europe/Berlin') {
  const locale = language === 'en' ? 'en-GB' : language;
  const shown = await page.evaluate(() => [...document.querySelectorAll('[data-figure]')].map((element) => ({
    name: element.dataset.figure, value: element.dataset.value, text: element.textContent,
    period: element.dataset.period, view: element.closest('[data-view]')?.dataset.view,
    queue: element.closest('[data-queue]')?.dataset.queue, start: element.closest('[data-start]')?.dataset.start,
    destination: element.closest('[data-destination]')?.dataset.destination,
    weekday: element.closest('[data-weekday]')?.dataset.weekday, hour: element.closest('[data-hour]')?.dataset.hour,
  })));
  const queue = shown[0]?.queue;
  const [start, end, beforeStart, beforeEnd, beforeNow, reportStart] = sql(`
    with day as (select date_trunc('day', now() at time zone '${zone}') as day)
    select string_agg(floor(extract(epoch from moment at time zone '${zone}'))::text, ' ' order by place)
      from day, lateral (values (1, day), (2, day + interval '1 day'), (3, day - interval '7 days'),
        (4, day - interval '6 days'), (5, (now() at time zone '${zone}') - interval '7 days'),
        (6, day - interval '6 days')) as moments (place, moment)`).split(' ').map(Number);
  const callers = 'queues/statistics/get';
  const levels = { service_level: '10,20,30,60,120' };
  const period = view === 'report' ? { start: reportStart, end } : { start, end };
  const hourly = { interval: view === 'report' ? 'day' : 'hour', timezone: zone };

  // The end of last week's period moves: the page's own, which must be right to a few seconds.
  let passedThen = beforeNow;
  if (view === 'today') {
    const ends = asked.filter((one) => one.url().includes(`/${callers}/`))
      .map((one) => new URLSearchParams(one.postData() ?? ''))
      .filter((form) => form.get('queue') === queue && form.get('start') === String(beforeStart) &&
        !form.has('interval'));
    passedThen = Number(ends.at(-1)?.get('end'));
    assert.ok(Math.abs(passedThen - beforeNow) < 20, `last week ends at ${passedThen}, and should at ${beforeNow}`);
  }
  const total = await ask(callers, { queue, ...period, ...levels });
  const past = await ask(callers, { queue, start: beforeStart, end: passedThen, ...levels });
  const rows = await ask(callers, { queue, ...period, ...levels, ...hourly });
  const pastRows = await ask(callers, { queue, start: beforeStart, end: beforeEnd, ...levels, ...hourly });
  const destinations = await ask('queues/destinations/statistics/get', { queue, ...period });
  const profile = view !== 'report' ? []
    : await ask(callers, { queue, ...period, ...levels, interval: 'hour_of_week', timezone: zone });

  for (const one of shown) {
    const where = JSON.stringify(one);
    assert.equal(one.view, view, where);
    assert.equal(one.queue, queue, where);
    let data = one.period === 'before' ? past : total;
    if (one.start) data = [...rows, ...pastRows].find((row) => String(row.start) === one.start);
    if (one.destination) data = destinations.find((row) => String(row.destination) === one.destination);
    if (one.weekday) {
      data = profile.find((row) => String(row.weekday) === one.weekday && String(row.hour) === one.hour);
    }
    assert.ok(data, `the API has no such row: ${where}`);
    const expected = value(data, one.name);
    assert.equal(one.value, expected === null ? '' : String(expected), where);
    if (one.name !== 'waiting_since') {
      const read = readable(one.text, locale);
      const isRead = read === expected || /time_/.test(one.name) && read === Math.round(expected);
      assert.ok(isRead, `reads ${read}: ${where}`);
    }
  }
  // Nothing is missing: each row, as often as the view shows it.
  const times = (of) => {
    const found = {};
    for (const one of shown) if (one[of]) found[one[of]] = (found[one[of]] ?? 0) + 1;
    return found;
  };
  const each = (keys, count) => Object.fromEntries(keys.map((key) => [key, count]));
  const ids = destinations.map(({ destination }) => destination);
  const starts = (series) => series.map(({ start: at }) => at);
  const clock = new Intl.DateTimeFormat('en', { timeZone: zone, timeStyle: 'short' });
  const hours = new Set(rows.map((row) => clock.format(row.start * 1000)));
  const expectedStarts = {
    today: () => ({ ...each(starts(rows), 4),
      ...each(starts(pastRows).filter((at) => hours.has(clock.format(at * 1000))), 2) }),
    report: () => each(starts(rows), 5),
    wall: () => each(starts(rows).filter((at) => at * 1000 <= Date.now()).slice(-12), 1),
  };
  assert.deepEqual(times('start'), expectedStarts[view]());
  assert.deepEqual(times('destination'), view === 'wall' ? {} : each(ids, view === 'today' ? 6 : 3));
  const cells = shown.filter((one) => one.weekday).map((one) => `${one.weekday} ${one.hour}`);
  assert.equal(new Set(cells).size, view === 'report' ? 168 : 0);
  assert.equal(cells.length, new Set(cells).size);
  const alone = shown.filter((one) => !one.start && !one.destination && !one.weekday);
  assert.equal(alone.length, { today: 19, report: 8, wall: 6 }[view]);
  const has = (name, when) => shown.some((one) => one.name === name && (!when || one.period === when));
  if (view === 'today') {
    for (const name of ['calls_waiting', 'calls', 'calls_answered', 'calls_abandoned', 'calls_answered_percent',
      'calls_abandoned_percent', 'service_level_20']) {
      assert.ok(has(name, 'now') && has(name, 'before'), name);
    }
  }
  assert.ok(has('waiting_since') || view === 'report');
}
