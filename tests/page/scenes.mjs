// What the real parts cannot show at will: the same page through the same nginx, over answers of a stand-in.

import assert from 'node:assert/strict';

import { answer, kQueues, refusal, standIn } from './answers.mjs';
import { kUrl, login, open } from './browser.mjs';

const views = ['today', 'report', 'wall'];
const sizes = [[360, 640], [1366, 768], [1920, 1080], [3840, 2160], [683, 384]]; // the last: 1366x768 at 200 %
const message = (page) => page.locator('#message').textContent();
const figures = (page) => page.locator('main [data-figure=calls]').count();
const settled = (page) => page.locator('[data-view][data-age]').waitFor();

// Seconds pass, slowly enough that the page's questions are answered before they count as too late.
async function pass(page, seconds) {
  for (let left = seconds * 1000; left > 0; left -= 5000) {
    await page.clock.runFor(Math.min(left, 5000));
    await page.waitForTimeout(seconds > 1000 ? 1 : 60);
  }
}

async function go(page, view, queue = 123) {
  await page.evaluate((to) => { location.hash = to; }, `#${view}&queue=${queue}`);
  await page.locator(`[data-view=${view}][data-age]`).waitFor();
}

export async function scenes(check, axe) {
  for (const scheme of ['light', 'dark']) {
    for (const view of views) {
      await check(`axe_finds_nothing_in_${view}_${scheme}`, async (context) => {
        await standIn(context);
        const page = await open(context, `#${view}&queue=123`);
        for (const details of await page.locator('summary').all()) await details.click();
        const violations = async () => {
          // axe is a guest of the test (bypassCSP): the policy of the page would not let it in.
          await page.addScriptTag({ path: axe });
          const found = await page.evaluate(() => window.axe.run(document));
          return found.violations.map(({ id, nodes }) =>
            `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(' ')}`);
        };
        assert.deepEqual(await violations(), []);
      }, { colorScheme: scheme, bypassCSP: true });
    }
  }
  await check('axe_finds_nothing_in_the_login', async (context) => {
    await standIn(context);
    const page = await context.newPage();
    await page.goto(`${kUrl}/queue-statistics/`);
    await page.locator('dialog[open]').waitFor();
    await page.addScriptTag({ path: axe });
    const found = await page.evaluate(() => window.axe.run(document));
    assert.deepEqual(found.violations.map(({ id }) => id), []);
  }, { bypassCSP: true });

  for (const [width, height] of sizes) {
    await check(`nothing_scrolls_sideways_at_${width}x${height}`, async (context) => {
      await standIn(context);
      for (const language of ['en', 'de']) {
        const page = await open(context, '');
        await page.locator('#language').selectOption(language);
        await settled(page);
        for (const view of views) {
          await go(page, view);
          const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(wide <= room, `${view} in ${language} is ${wide} wide`);
          if (view === 'wall') {
            const out = await page.evaluate(() => [...document.querySelectorAll('.wall .tile p')]
              .filter((one) => one.scrollWidth > one.parentElement.clientWidth).map((one) => one.textContent));
            assert.deepEqual(out, [], 'figures wider than their tiles');
          }
        }
        await page.close();
      }
    }, { viewport: { width, height } });
  }

  await check('the_keyboard_reaches_every_control', async (context) => {
    await standIn(context, { destinations: 60 });
    for (const view of ['today', 'report']) {
      const page = await context.newPage();
      await page.goto(`${kUrl}/queue-statistics/#${view}&queue=123`);
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.type('user');
      await page.keyboard.press('Tab');
      await page.keyboard.type('password');
      await page.keyboard.press('Enter');
      await settled(page);
      const controls = await page.evaluate(() => {
        const all = [...document.querySelectorAll('a, button, select, input, summary, [tabindex="0"]')]
          .filter((one) => one.checkVisibility() && !one.disabled && !one.closest('dialog'));
        all.forEach((one, index) => { one.dataset.control = index; });
        return all.length;
      });
      const reached = new Set();
      await page.evaluate(() => document.activeElement?.blur());
      for (let i = 0; i < controls * 5 && reached.size < controls; ++i) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          const one = document.activeElement;
          const seen = one && getComputedStyle(one).outlineStyle !== 'none';
          return [one?.dataset.control ?? '', seen, one?.outerHTML.slice(0, 200)];
        });
        if (at[0] !== '') {
          reached.add(at[0]);
          assert.ok(at[1], `control ${at[0]} shows no focus: ${at[2]}`);
        }
      }
      assert.equal(reached.size, controls, `${view}: ${[...reached].join()}`);
      // And they work: sort, open a table, change the queue.
      if (view === 'today') {
        await page.getByRole('button', { name: 'Offers' }).focus();
        await page.keyboard.press('Enter');
        assert.equal(await page.locator('th[aria-sort=descending]').count(), 1);
        await page.locator('#queue').focus();
        await page.keyboard.press('ArrowDown');
        await page.locator('[data-view][data-queue="124"][data-age]').waitFor();
        await page.locator('#logout').focus();
        await page.keyboard.press('Enter');
        await page.locator('dialog[open]').waitFor();
      }
      await page.close();
    }
  });

  const failures = [
    [429, /Too many/, { 'Retry-After': '20' }], [503, /unavailable/, { 'Retry-After': '1' }], [402, /role/, {}],
    [404, /does not exist/, {}], [504, /unavailable/, {}],
  ];
  for (const [code, words, headers] of failures) {
    await check(`a_${code}_is_said_in_words_over_grey_figures`, async (context) => {
      const say = {};
      await standIn(context, say);
      const page = await open(context, '#today&queue=123', { clock: {} });
      say.answer = (name) => (/statistics/.test(name) ? refusal(code, '', headers) : undefined);
      await pass(page, 19);
      await page.locator('.view.old').waitFor();
      assert.match(await message(page), words);
      assert.ok(await page.locator('[data-figure]').count() > 50);
      await page.clock.runFor(6000);
      assert.match(await page.locator('#age').textContent(), /0:\d\d ago/);
      say.answer = undefined;
      await pass(page, 45);
      await page.locator('.view:not(.old)').waitFor();
    });
  }

  await check('nonsense_and_no_network_are_said_in_words', async (context) => {
    const say = {};
    await standIn(context, say);
    const page = await open(context, '#today&queue=123', { clock: {} });
    const before = await page.locator('[data-figure=calls][data-period=now]').first().textContent();
    const bodies = ['<html>', '{}', '{"responses":[{"code":"200"}],"data":[{"start":"x"}]}',
      '{"responses":[{"code":"200"}],"data":[{"start":1,"end":2,"calls":-5}]}'];
    for (const body of bodies) {
      say.answer = (name) => (/statistics/.test(name) ? { status: 200, body } : undefined);
      await pass(page, 125);
      await page.locator('#message').filter({ hasText: /cannot be read/ }).waitFor();
      assert.equal(await page.locator('[data-figure=calls][data-period=now]').first().textContent(), before);
    }
    say.answer = () => 'abort';
    await pass(page, 125);
    await page.locator('#message').filter({ hasText: /cannot be reached/ }).waitFor();
    say.answer = undefined;
    await pass(page, 125);
    await page.locator('.view:not(.old)').waitFor();
    assert.deepEqual(page.errors.filter((error) => !/ERR_FAILED/.test(error)), []);
  });

  await check('a_refresh_asks_at_most_four_times_and_last_weeks_hours_once_an_hour', async (context) => {
    const asked = await standIn(context);
    const page = await open(context, '#today&queue=123', { clock: { time: new Date('2026-11-25T09:55:00Z') } });
    const statistics = () => asked.filter(({ name }) => /statistics/.test(name));
    assert.equal(statistics().length, 4);
    const counts = [];
    for (let i = 0; i < 60; ++i) {
      const old = statistics().length;
      await pass(page, 10);
      await page.waitForTimeout(20);
      counts.push(statistics().length - old);
    }
    const total = statistics().length - 4;
    // 600 s, each 12 to 18 s one refresh of three questions, and a fourth in the first one after ten o'clock.
    assert.ok(Math.max(...counts) <= 4 && total >= 3 * 30 && total <= 3 * 51 + 1, `${total} questions`);
    const day = Date.parse('2026-11-25T00:00:00Z') / 1000;
    const hours = asked.filter(({ form }) =>
      form.get('interval') === 'hour' && Number(form.get('start')) < day - 6 * 86400);
    assert.equal(hours.length, 2, `last week's hours were asked for ${hours.length} times`);
    const old = statistics().length;
    await go(page, 'wall');
    assert.equal(statistics().length, old + 1);
    assert.equal(statistics().at(-1).form.get('interval'), 'hour');
  });

  await check('all_queues_take_turns_on_the_wall', async (context) => {
    const asked = await standIn(context);
    const page = await open(context, '#wall', { clock: {} });
    const seen = [];
    for (let i = 0; i < 6; ++i) {
      seen.push(await page.locator('[data-view=wall]').getAttribute('data-queue'));
      await pass(page, 15.1);
      await page.waitForTimeout(150);
    }
    assert.deepEqual(seen, ['123', '124', '125', '123', '124', '125']);
    assert.ok(asked.filter(({ name }) => /statistics/.test(name)).length <= 7);
    assert.equal(await page.locator('header#bar').isVisible(), false);
    assert.equal(await page.locator('main :is(a, button, select, input)').count(), 0);
  });

  await check('a_queue_that_fails_keeps_no_turn_of_the_wall', async (context) => {
    await standIn(context, { answer: (name, form) =>
      (/statistics/.test(name) && form.get('queue') === '124' ? refusal(503) : undefined) });
    const page = await open(context, '#wall', { clock: {} });
    await pass(page, 15.1);
    await page.locator('[data-view=wall].old').waitFor();
    await pass(page, 19);
    await page.locator('[data-view=wall][data-queue="125"]:not(.old)').waitFor();
    assert.equal(await page.locator('.turn').textContent(), '3 of 3');
  });

  await check('a_queue_of_another_customer_takes_no_turn_of_the_wall', async (context) => {
    await standIn(context);
    const page = await open(context, '#today&queue=900');
    assert.equal(await page.locator('main h1').textContent(), 'Queue 900');
    await page.locator('#to-wall').click();
    await page.locator('[data-view=wall][data-age]').waitFor();
    assert.equal(await page.locator('.turn').textContent(), '1 of 3');
  });

  await check('figures_of_one_person_are_never_another_ones', async (context) => {
    const say = {};
    await standIn(context, say);
    const page = await open(context, '#today', { clock: {} });
    // A link with somebody else's token, which ends; then the first person logs in again.
    say.answer = (name, form) => (form.get('auth_token') !== 'other' ? undefined
      : answer(name, form, { queues: [{ id: 900, customer: 9, name: 'Another' }] }));
    await page.evaluate(() => { location.hash = '#today&token=other'; });
    await page.locator('[data-queue="900"][data-age]').waitFor();
    say.answer = (name, form) => (form.get('auth_token') === 'other' ? refusal(401) : undefined);
    await pass(page, 19);
    await page.locator('dialog[open]').waitFor();
    await login(page);
    await page.locator('[data-queue="123"][data-age]').waitFor();
    assert.ok(!(await page.content()).includes('Another'));
  });

  await check('another_queues_name_stands_above_its_own_figures', async (context) => {
    const say = {};
    await standIn(context, say);
    const page = await open(context, '#today', { clock: {} });
    // The list of queues is asked for once an hour. Now it begins with another one, whose figures do not come.
    say.queues = kQueues.slice(1);
    say.answer = (name) => (/statistics/.test(name) ? refusal(503) : undefined);
    await page.clock.fastForward(3601 * 1000);
    await page.locator('main h1').filter({ hasText: 'Sales' }).waitFor();
    assert.equal(await figures(page), 0);
    say.answer = undefined;
    await pass(page, 19);
    await page.locator('[data-queue="124"][data-age]:not(.old)').waitFor();
    assert.ok(await figures(page) > 0);
  });

  await check('a_page_that_nobody_sees_asks_nothing', async (context) => {
    const asked = await standIn(context);
    const page = await open(context, '#today&queue=123', { clock: {} });
    const hide = (hidden) => page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
    await hide(true);
    const old = asked.length;
    await pass(page, 3600);
    assert.equal(asked.length, old);
    await hide(false);
    await page.clock.runFor(100);
    await page.waitForTimeout(200);
    assert.ok(asked.length > old);
  });

  await check('a_clock_that_jumps_a_day_shows_the_new_day', async (context) => {
    const asked = await standIn(context);
    const page = await open(context, '#today&queue=123', { clock: { time: new Date('2026-11-25T09:05:00Z') } });
    await page.clock.setSystemTime(new Date('2026-11-26T09:05:00Z'));
    await pass(page, 19);
    await page.locator('.subtitle').filter({ hasText: /26 November/ }).waitFor();
    await page.clock.setSystemTime(new Date('2026-11-24T09:05:00Z'));
    await pass(page, 19);
    await page.locator('.subtitle').filter({ hasText: /24 November/ }).waitFor();
    assert.equal(asked.at(-1).form.get('queue'), '123');
    assert.equal(await page.locator('.view.old').count(), 0);
  });

  await check('a_zone_that_the_server_does_not_know_is_utc_and_said', async (context) => {
    await standIn(context, { answer: (name, form) =>
      (form.has('timezone') && form.get('timezone') !== 'UTC' ? refusal(400, 'timezone') : undefined) });
    const page = await open(context, '#today&queue=123');
    await page.locator('#zone-note').filter({ hasText: /UTC.*Asia\/Kolkata/ }).waitFor();
    const start = await page.locator('[data-start]').first().getAttribute('data-start');
    assert.equal(Number(start) % 86400, 0);
  }, { timezoneId: 'Asia/Kolkata' });

  await check('a_browser_without_a_zone_counts_in_utc', async (context) => {
    const asked = await standIn(context);
    const page = await context.newPage();
    await page.addInitScript(() => {
      const real = Intl.DateTimeFormat.prototype.resolvedOptions;
      Intl.DateTimeFormat.prototype.resolvedOptions = function () {
        return { ...real.call(this), timeZone: 'Etc/Unknown' };
      };
    });
    await page.goto(`${kUrl}/queue-statistics/#today&queue=123`);
    await login(page);
    assert.ok(asked.some(({ form }) => form.get('timezone') === 'UTC'));
  });

  await check('no_calls_are_zeros_and_dashes', async (context) => {
    await standIn(context, { scale: 0 });
    const page = await open(context, '#today&queue=123');
    for (const view of views) {
      await go(page, view);
      assert.ok(await page.locator('[data-figure=calls]').first().textContent() === '0');
      assert.ok(!/NaN|undefined|null|Infinity/.test(await page.locator('main').textContent()));
    }
    assert.deepEqual(page.errors, []);
  });

  await check('no_queues_are_said_in_words', async (context) => {
    await standIn(context, { queues: [] });
    const page = await context.newPage();
    await page.goto(`${kUrl}/queue-statistics/`);
    await page.locator('[name=username]').fill('user');
    await page.locator('[name=password]').fill('password');
    await page.locator('[name=password]').press('Enter');
    await page.locator('.empty').filter({ hasText: /no queues/ }).waitFor();
  });

  await check('no_queues_leave_no_notice_of_what_was_before', async (context) => {
    const say = {};
    await standIn(context, say);
    const page = await open(context, '#today', { clock: {} });
    say.answer = () => refusal(503);
    await pass(page, 19);
    await page.locator('#message').filter({ hasText: /unavailable/ }).waitFor();
    say.answer = undefined;
    say.queues = [];
    await page.clock.fastForward(3601 * 1000);
    await page.locator('.empty').filter({ hasText: /no queues/ }).waitFor();
    await page.locator('#notice').waitFor({ state: 'hidden' });
    await pass(page, 70);
    assert.equal(await page.locator('#notice').isVisible(), false);
  });

  await check('words_that_do_not_come_are_asked_for_again', async (context) => {
    await standIn(context);
    const bad = [{ status: 503, body: '{}' }, { status: 200, body: '<html>' }];
    let asked = 0;
    await context.route('**/words/en.json', (route) => {
      asked += 1;
      if (asked === 1) return route.abort();
      return asked - 2 < bad.length ? route.fulfill(bad[asked - 2]) : route.continue();
    });
    const page = await context.newPage();
    await page.clock.install();
    await page.goto(`${kUrl}/queue-statistics/#today&queue=123`);
    await pass(page, 46);
    await login(page);
    assert.equal(asked, 4);
    assert.equal(await page.locator('h2').first().textContent(), 'Waiting');
  });

  const strange = ['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', 'דלפק קבלה', 'الدعم الفني (١)',
    'A'.repeat(200), '{name} &amp; 100%', '支持', '\u202Eevil'];
  await check('queues_with_strange_names_show_them_as_they_are', async (context) => {
    const queues = [...kQueues, ...Array.from({ length: 297 }, (_, index) => (
      { id: 1000 + index, customer: 3, name: strange[index] ?? `Queue ${index}` }))];
    await standIn(context, { queues });
    const page = await open(context, '#today&queue=123');
    let dialogs = 0;
    page.on('dialog', () => { ++dialogs; });
    assert.equal(await page.locator('#queue option').count(), 300);
    for (const [index, name] of strange.entries()) {
      for (const view of ['today', 'wall']) {
        await go(page, view, 1000 + index);
        assert.equal(await page.locator('main h1').textContent(), name);
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide <= room, `${name} makes ${view} ${wide} wide`);
      }
    }
    assert.equal(dialogs, 0);
    assert.equal(await page.locator('main img, main script').count(), 0);
  });

  await check('five_thousand_destinations_are_sorted_and_summed', async (context) => {
    await standIn(context, { destinations: 5000 });
    const page = await open(context, '#today&queue=123');
    assert.equal(await page.locator('tr[data-destination]').count(), 50);
    const sum = Number((await page.locator('tfoot td').first().textContent()).replaceAll(',', ''));
    const { body } = answer('queues/destinations/statistics/get', new URLSearchParams('queue=123'),
      { destinations: 5000 });
    assert.equal(sum, JSON.parse(body).data.reduce((total, { calls }) => total + calls, 0));
    await page.getByRole('button', { name: /Show more: 50 of 5,000/ }).click();
    assert.equal(await page.locator('tr[data-destination]').count(), 550);
    await page.getByRole('button', { name: 'Offers' }).click();
    const calls = await page.locator('tr[data-destination] [data-figure=calls]')
      .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    assert.deepEqual(calls, [...calls].sort((a, b) => b - a));
  });

  await check('the_report_prints_on_a4_with_queue_period_zone_and_time', async (context) => {
    await standIn(context);
    const page = await open(context, '#report&queue=123');
    const pdf = await page.pdf({ format: 'A4' });
    const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
    assert.ok(pages >= 1 && pages <= 4, `${pages} pages`);
    await page.emulateMedia({ media: 'print' });
    assert.match(await page.locator('.subtitle').textContent(),
      /^\d+ \w{3,4} \d{4} to \d+ \w{3,4} \d{4}, time zone Europe\/Berlin; made \d+ \w{3,4} \d{4}/);
    assert.equal(await page.locator('main h1').textContent(), 'Support');
    for (const gone of ['#bar', '.choices', '.link']) {
      assert.equal(await page.locator(gone).first().isVisible(), false, gone);
    }
  }, { colorScheme: 'dark' });

  await check('an_interval_too_short_is_said_in_words', async (context) => {
    await standIn(context, { answer: (name, form) =>
      (form.get('interval') === '15min' ? refusal(400, 'interval') : undefined) });
    const page = await open(context, '#report&queue=123');
    await page.locator('[name=interval]').selectOption('15min');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('#message').filter({ hasText: /too short/ }).waitFor();
    await page.locator('[name=interval]').selectOption('day');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('.view:not(.old)').waitFor();
    await page.locator('[name=from]').fill('2026-12-31');
    await page.locator('[name=to]').fill('2026-12-01');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('#hint').filter({ hasText: /two days/ }).waitFor();
  });

  await check('csv_is_of_the_report_that_is_shown', async (context) => {
    const asked = await standIn(context, { answer: (name, form) =>
      (form.get('format') === 'csv' ? { status: 200, body: 'calls\r\n', headers: { 'Content-Type': 'text/csv' } }
        : undefined) });
    const page = await open(context, '#report&queue=123');
    const shown = asked.find(({ form }) => form.get('interval') === 'day').form;
    await page.locator('[name=from]').fill('2026-01-01');
    await page.locator('[name=to]').fill('');
    await page.locator('[name=interval]').selectOption('hour');
    for (const button of await page.getByRole('button', { name: /^CSV/ }).all()) {
      await Promise.all([page.waitForEvent('download'), button.click()]);
      const { form } = asked.at(-1);
      assert.deepEqual([form.get('start'), form.get('end')], [shown.get('start'), shown.get('end')]);
      assert.notEqual(form.get('interval'), 'hour');
    }
    assert.equal(asked.filter(({ form }) => form.get('format') === 'csv').length, 4);
  });

  const hours = Number(process.env.PAGE_HOURS ?? 24);
  await check(`${hours}_hours_do_not_grow`, async (context) => {
    await standIn(context);
    const page = await open(context, '#today&queue=123', { clock: { time: new Date('2026-11-25T09:05:00Z') } });
    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable');
    const measure = async () => {
      await cdp.send('HeapProfiler.collectGarbage');
      const { metrics } = await cdp.send('Performance.getMetrics');
      const of = (name) => metrics.find((metric) => metric.name === name).value;
      return { heap: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
    };
    const simulate = async (some) => {
      for (let second = 0; second < some * 3600; second += 20) {
        await page.clock.fastForward(20000);
        await page.waitForTimeout(10);
      }
    };
    await simulate(Math.min(1, hours / 4));
    const first = await measure();
    await simulate(hours - Math.min(1, hours / 4));
    const last = await measure();
    assert.ok(last.heap < first.heap * 1.2 + 1e6, `heap ${first.heap} -> ${last.heap}`);
    assert.ok(last.nodes < first.nodes * 1.2 + 200, `nodes ${first.nodes} -> ${last.nodes}`);
    assert.ok(last.listeners < first.listeners * 1.2 + 20, `listeners ${first.listeners} -> ${last.listeners}`);
  }, { longest: 1200000 });

}
