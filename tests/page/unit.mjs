// The page's logic without a browser: periods and clock changes, when to ask again, reading answers, formatting. Runs
// by `node --test`; `run unit` copies web/ to where node takes its files for modules.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const web = process.env.PAGE_WEB;
const load = (name) => import(`${web}/${name}.js`);
const { addUp, count, Failure, left, percent, readCallers, readData, readDestinations, readQueues, readSeries,
        readToken, retryAfterSeconds, waits } = await load('answers');
const { fragmentOf, parseFragment } = await load('address');
const { duration, Formats } = await load('formats');
const { daysPeriod, lastDays, todayPeriods } = await load('periods');
const { delaySeconds, Refresher } = await load('refresh');
const { chooseLanguage, fillIn, formatLanguage } = await load('words');
const { instant, isoDate, local, parseDate, zoneNames } = await load('zone');

const utc = (text) => Date.parse(text) / 1000;
const fails = (kind, run) => assert.throws(run, (failure) => failure instanceof Failure && failure.kind === kind);

test('a_local_time_and_its_instant_are_each_others_inverse', () => {
  for (const zone of ['Europe/Berlin', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia', 'UTC']) {
    for (let at = utc('2026-01-01T00:00Z'); at < utc('2027-01-01T00:00Z'); at += 40000) {
      const back = instant(local(at, zone), zone);
      assert.ok(back === at || local(back, zone).hour === local(at, zone).hour && at - back === 3600, `${zone} ${at}`);
    }
  }
});

test('a_time_that_occurs_twice_is_the_first_one', () => {
  assert.equal(instant({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, 'Europe/Berlin'),
    utc('2026-10-25T00:30Z'));
});

test('a_time_that_is_left_out_is_the_moment_of_the_change', () => {
  assert.equal(instant({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, 'Europe/Berlin'),
    utc('2026-03-29T01:00Z'));
});

test('a_day_without_a_midnight_begins_at_its_first_instant', () => {
  // Cairo puts its clocks forward at midnight.
  assert.equal(instant({ year: 2026, month: 4, day: 24 }, 'Africa/Cairo'), utc('2026-04-23T22:00Z'));
});

test('a_day_of_a_clock_change_has_23_or_25_hours', () => {
  const hours = (now) => {
    const { day } = todayPeriods(utc(now), 'Europe/Kyiv');
    return (day.end - day.start) / 3600;
  };
  assert.equal(hours('2026-03-29T12:00Z'), 23);
  assert.equal(hours('2026-10-25T12:00Z'), 25);
  assert.equal(hours('2026-11-25T12:00Z'), 24);
});

test('last_week_ends_at_the_same_time_of_day_across_a_clock_change', () => {
  const { day, before, beforeDay } = todayPeriods(utc('2026-10-26T09:15:30Z'), 'Europe/Berlin'); // 10:15:30, winter
  assert.equal(day.start, utc('2026-10-25T23:00Z'));
  assert.equal(before.start, utc('2026-10-18T22:00Z'));
  assert.equal(before.end, utc('2026-10-19T08:15:30Z')); // 10:15:30, summer
  assert.equal(beforeDay.end, utc('2026-10-19T22:00Z'));
});

test('last_week_at_a_time_that_was_left_out_ends_at_the_change', () => {
  const { before } = todayPeriods(utc('2026-04-05T00:30Z'), 'Europe/Berlin'); // 02:30
  assert.equal(before.end, utc('2026-03-29T01:00Z'));
});

test('last_week_has_passed_nothing_at_midnight', () => {
  const { day, before } = todayPeriods(utc('2026-11-28T18:30Z'), 'Asia/Kolkata');
  assert.equal(day.start, utc('2026-11-28T18:30Z'));
  assert.equal(before.end, before.start);
});

test('the_report_opens_with_seven_days', () => {
  const { from, to } = lastDays(utc('2026-03-02T23:30Z'), 'Europe/Berlin');
  assert.deepEqual([from, to], ['2026-02-25', '2026-03-03']);
  const period = daysPeriod(parseDate(from), parseDate(to), 'Europe/Berlin');
  assert.equal((period.end - period.start) / 86400, 7);
});

test('only_dates_that_exist_are_dates', () => {
  assert.equal(parseDate('2026-02-29'), null);
  assert.equal(parseDate('2026-2-3'), null);
  assert.equal(parseDate(''), null);
  assert.equal(isoDate(parseDate('2024-02-29')), '2024-02-29');
});

test('a_renamed_zone_is_asked_for_by_its_new_name_first', () => {
  assert.deepEqual(zoneNames('Asia/Calcutta'), ['Asia/Kolkata', 'Asia/Calcutta', 'UTC']);
  assert.deepEqual(zoneNames('Europe/Kiev'), ['Europe/Kyiv', 'Europe/Kiev', 'UTC']);
  assert.deepEqual(zoneNames('Europe/Berlin'), ['Europe/Berlin', 'UTC']);
});

test('a_zone_that_nobody_knows_is_utc', () => {
  for (const zone of ['Etc/Unknown', 'Mars/Olympus', '', undefined]) assert.deepEqual(zoneNames(zone), ['UTC']);
});

test('a_refresh_comes_after_12_to_18_seconds', () => {
  assert.equal(delaySeconds(0, 0, 0), 12);
  assert.ok(Math.abs(delaySeconds(0, 0, 0.9999) - 18) < 0.01);
  assert.equal(delaySeconds(0, 0, 0.7, true), 15);
});

test('failures_double_the_delay_up_to_two_minutes', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 50].map((failures) => delaySeconds(failures, 0, 0.5)), [15, 30, 60, 120, 120, 120]);
  assert.ok(delaySeconds(50, 0, 0.9999) <= 120);
});

test('retry_after_is_honoured_when_it_is_longer', () => {
  assert.equal(delaySeconds(1, 300, 0.5), 300);
  assert.equal(delaySeconds(1, 1, 0.5), 15);
});

test('retry_after_is_seconds_or_a_date', () => {
  assert.equal(retryAfterSeconds('10', 0), 10);
  assert.equal(retryAfterSeconds('Thu, 01 Jan 1970 00:01:00 GMT', 30000), 30);
  for (const nonsense of [null, '', 'soon', '-5', '1.5x']) assert.equal(retryAfterSeconds(nonsense, 0), 0);
  assert.equal(retryAfterSeconds('999999999', 0), 3600);
});

/** A refresher with a clock that the test moves. */
function driven(load, options = {}) {
  let now = 0;
  let timers = [];
  const failures = [];
  const surroundings = {
    now: () => now, random: () => 0.5,
    setTimeout: (run, ms) => {
      const timer = { run, at: now + ms };
      timers.push(timer);
      return timer;
    },
    clearTimeout: (timer) => { timers = timers.filter((one) => one !== timer); },
  };
  const refresher = new Refresher(load, {
    failed: (failure) => failures.push(failure.kind ?? failure.message), repeats: () => true, exact: () => false,
    ...options,
  }, surroundings);
  const settle = async () => { for (let i = 0; i < 10; ++i) await null; };
  const go = async (seconds) => {
    const until = now + seconds * 1000;
    for (;;) {
      await settle();
      timers.sort((a, b) => a.at - b.at);
      if (timers.length === 0 || timers[0].at > until) break;
      const timer = timers.shift();
      now = timer.at;
      timer.run();
    }
    now = until;
    await settle();
  };
  return { refresher, go, failures };
}

test('a_refresh_follows_15_seconds_after_the_answer', async () => {
  let loads = 0;
  const { refresher, go } = driven(async () => { ++loads; });
  refresher.start();
  await go(0);
  assert.equal(loads, 1);
  await go(14.9);
  assert.equal(loads, 1);
  await go(0.2);
  assert.equal(loads, 2);
  await go(150);
  assert.equal(loads, 12);
});

test('there_are_never_two_refreshes_at_once', async () => {
  let running = 0;
  let most = 0;
  let loads = 0;
  const { refresher, go } = driven((signal) => new Promise((resolve) => {
    ++loads;
    most = Math.max(most, ++running);
    signal.addEventListener('abort', () => { --running; resolve(); });
  }));
  refresher.start();
  await go(1);
  for (let i = 0; i < 5; ++i) refresher.start();
  refresher.setHidden(true);
  refresher.setHidden(false);
  await go(1000);
  assert.equal(most, 1);
  assert.equal(loads, 2);
});

test('nothing_is_asked_while_nobody_looks_and_at_once_when_somebody_does_again', async () => {
  let loads = 0;
  const { refresher, go } = driven(async () => { ++loads; });
  refresher.start();
  await go(1);
  refresher.setHidden(true);
  await go(3600);
  assert.equal(loads, 1);
  refresher.setHidden(false);
  await go(0.1);
  assert.equal(loads, 2);
});

test('failures_are_tried_again_ever_later_and_an_answer_ends_that', async () => {
  const at = [];
  let broken = true;
  let clock = 0;
  const { refresher, go, failures } = driven(async () => {
    at.push(clock);
    if (broken) throw new Failure('unavailable');
  });
  refresher.start();
  const run = async (seconds) => { for (let i = 0; i < seconds; ++i) { await go(1); ++clock; } };
  await run(400);
  assert.deepEqual(at, [0, 15, 45, 105, 225, 345].map((second) => (second ? second - 1 : 0)));
  broken = false;
  await run(200);
  assert.equal(at.length, 6 + 10); // at 465 s, then every 15 s up to 600 s
  assert.equal(failures.length, 6);
});

test('a_login_that_ended_stops_it_until_the_next_start', async () => {
  let loads = 0;
  const { refresher, go, failures } = driven(async () => {
    ++loads;
    throw new Failure('login');
  });
  refresher.start();
  await go(1000);
  assert.equal(loads, 1);
  assert.deepEqual(failures, ['login']);
  refresher.start();
  await go(1);
  assert.equal(loads, 2);
});

test('what_does_not_repeat_is_asked_once_but_again_after_a_failure', async () => {
  let loads = 0;
  const { refresher, go } = driven(async () => {
    if (++loads === 1) throw new Failure('network');
  }, { repeats: () => false });
  refresher.start();
  await go(1000);
  assert.equal(loads, 2);
});

const statistics = {
  calls: 10, calls_answered: 6, calls_waiting: 2, calls_abandoned: 1, talktime_sum: 60, waittime_avg: 12.34,
  waiting_since: null,
};
const said = (data, code = '200') => JSON.stringify({ responses: [{ code, key: 'queue', message: '' }], data });

test('an_answer_is_read', () => {
  assert.deepEqual(readData(200, said([1]), 0), [1]);
  const figures = readCallers({ ...statistics, service_levels: [
    { seconds: 20, calls_answered: 3, calls_abandoned: 1, percent: 37.5 }] });
  assert.equal(figures.calls_answered_percent, 75);
  assert.equal(figures.calls_abandoned_percent, 12.5);
  assert.equal(figures.service_level_20, 37.5);
  assert.equal(figures.calls_answered_within_20, 3);
  assert.equal(left(figures), 2);
});

test('a_refusal_has_its_kind_key_and_retry_after', () => {
  for (const [status, kind] of [[400, 'refused'], [401, 'login'], [402, 'role'], [404, 'missing'], [429, 'throttled'],
    [500, 'unavailable'], [502, 'unavailable'], [503, 'unavailable'], [504, 'unavailable'], [413, 'nonsense']]) {
    fails(kind, () => readData(status, said(undefined, String(status)), 7));
  }
  try {
    readData(429, said(undefined, '429'), 7);
  } catch (failure) {
    assert.deepEqual([failure.key, failure.retryAfter], ['queue', 7]);
  }
});

test('nonsense_is_said_to_be_nonsense', () => {
  for (const body of ['', '<html>', 'null', '[]', '{}', '{"data":1}', '{"responses":{},"data":1}', said(1, '500'),
    '{"responses":[{"code":"200"}]}', '{"responses":[null],"data":1}']) {
    fails('nonsense', () => readData(200, body, 0));
  }
  for (const data of [null, [], 'x', 7, {}, { ...statistics, calls: '10' }, { ...statistics, calls: -1 },
    { ...statistics, calls: 1.5 }, { ...statistics, calls: 1e300 }, { ...statistics, calls_answered: null },
    { ...statistics, service_levels: [1] }]) {
    fails('nonsense', () => readCallers(data));
  }
  for (const data of [null, {}, 'x', [1], [{}], [statistics], [{ ...statistics, start: 'x', end: 1 }]]) {
    fails('nonsense', () => readSeries(data));
  }
  for (const data of [null, {}, [{}], [{ id: 1 }], [{ id: 'x', name: 'x' }]]) fails('nonsense', () => readQueues(data));
  for (const data of [null, {}, { auth_token: 7 }, { auth_token: '' }]) fails('nonsense', () => readToken(data));
  fails('nonsense', () => readDestinations([{ ...statistics, destination: 1, dtype: 'phone' }]));
});

test('percents_are_rounded_half_up_to_two_decimals', () => {
  assert.equal(percent(1, 3), 33.33);
  assert.equal(percent(2, 3), 66.67);
  assert.equal(percent(1, 800), 0.13);
  assert.equal(percent(999999999, 1000000000), 100);
  assert.equal(percent(0, 0), null);
});

test('rows_add_up_to_the_answer_without_an_interval', () => {
  const row = (figures) => ({ start: 0, end: 1, figures });
  const total = addUp([row({ ...statistics, calls_answered_within_20: 3, waittime_max: null, waiting_since: 50 }),
    row({ ...statistics, calls_answered_within_20: 1, waittime_max: 9, waiting_since: 40 }), row({ calls: 0 })], 20);
  assert.equal(total.calls, 20);
  assert.equal(total.service_level_20, 25);
  assert.equal(total.waiting_since, 40);
  assert.equal(total.waittime_max, 9);
  assert.equal(addUp([], 20).waiting_since, null);
  assert.equal(count(addUp([], 20), 'calls'), 0);
});

test('waits_lie_between_the_service_levels', () => {
  const bins = waits({ calls_answered: 9, calls_abandoned: 3, calls_answered_within_10: 4, calls_abandoned_within_10: 1,
    calls_answered_within_60: 8, calls_abandoned_within_60: 1 }, [10, 60]);
  assert.deepEqual(bins, [{ from: 0, to: 10, answered: 4, abandoned: 1 },
    { from: 10, to: 60, answered: 4, abandoned: 0 }, { from: 60, to: null, answered: 1, abandoned: 2 }]);
});

test('durations_read_as_clocks_do', () => {
  assert.deepEqual([0, 7, 59.6, 754, 3723, 360000, null, -3].map(duration),
    ['0:00', '0:07', '1:00', '12:34', '1:02:03', '100:00:00', '–', '0:00']);
});

test('numbers_and_weekdays_are_of_the_language', () => {
  const german = new Formats('de', 'UTC');
  assert.equal(german.number(1234.5), '1.234,5');
  assert.equal(german.percent(36.79), '36,79\u00a0%');
  assert.equal(german.percent(null), '–');
  assert.equal(new Formats('en', 'UTC').weekdays[0], 'Mon');
  assert.equal(new Formats('en', 'Asia/Kolkata').hour(0), '05:30');
});

test('the_address_names_view_queue_and_token', () => {
  assert.deepEqual(parseFragment('#wall&token=a.b-c_d&queue=7'), { view: 'wall', queue: 7, token: 'a.b-c_d' });
  assert.deepEqual(parseFragment(''), { view: 'today', queue: null, token: '' });
  assert.deepEqual(parseFragment('#nothing&queue=x'), { view: 'today', queue: null, token: '' });
  assert.equal(parseFragment('#report&queue=99999999999999999999').queue, null);
  assert.equal(fragmentOf('wall', 7), '#wall&queue=7');
  assert.equal(fragmentOf('today', null), '#today');
});

test('the_language_is_the_first_wanted_one_that_is_there', () => {
  assert.equal(chooseLanguage(['', 'pt-BR', 'de-AT', 'en']), 'de');
  assert.equal(chooseLanguage(['zh']), 'en');
  assert.equal(formatLanguage(['pt', 'de-AT'], 'de'), 'de-AT');
  assert.equal(formatLanguage(['pt'], 'fr'), 'fr');
});

test('every_language_has_the_same_words_with_the_same_values', () => {
  const all = new Map(readdirSync(`${web}/words`).map((name) =>
    [name, JSON.parse(readFileSync(`${web}/words/${name}`, 'utf8'))]));
  assert.deepEqual([...all.keys()].sort(), ['de.json', 'en.json', 'es.json', 'fr.json']);
  const english = all.get('en.json');
  const values = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [name, words] of all) {
    assert.deepEqual(Object.keys(words), Object.keys(english), name);
    for (const [key, text] of Object.entries(words)) {
      assert.deepEqual(values(text), values(english[key]), `${name} ${key}`);
    }
  }
});

test('every_word_that_the_page_asks_for_is_there_and_none_is_idle', () => {
  const english = JSON.parse(readFileSync(`${web}/words/en.json`, 'utf8'));
  const source = readdirSync(web).filter((name) => /\.(js|html)$/.test(name))
    .map((name) => readFileSync(`${web}/${name}`, 'utf8')).join('\n');
  const asked = [...source.matchAll(/(?:words|#tile)\('(\w+)'|data-word="(\w+)"/g)]
    .map((match) => match[1] ?? match[2]);
  for (const key of asked) assert.ok(key in english, key);
  // Some names are put together: failed_ and a kind, interval_, heat_, total_, offers_ and a figure.
  const built = /^(failed|interval|heat|total|offers)_/;
  for (const key of Object.keys(english)) {
    assert.ok(built.test(key) || source.includes(`'${key}'`) || source.includes(`"${key}"`), `nobody says ${key}`);
  }
});

test('every_module_is_asked_for_at_once', () => {
  const index = readFileSync(`${web}/index.html`, 'utf8');
  for (const name of readdirSync(web).filter((one) => one.endsWith('.js'))) {
    assert.ok(index.includes(`="${name}"`), name);
  }
});

test('values_are_filled_in', () => {
  assert.equal(fillIn('{a} of {b}, {c}', { a: 1, b: '{a}' }), '1 of {a}, {c}');
});
