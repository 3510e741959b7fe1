// The page through nginx, with real responders and PostgreSQL. `quick`: what make check has; `all`: everything.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { axeSource, kUrl, launch, login, open } from './browser.mjs';
import { compareFigures } from './figures.mjs';
import { scenes } from './scenes.mjs';

const all = process.argv[2] === 'all';
const only = process.env.PAGE_TEST ?? '';
const browser = await launch();
let passed = 0;
let failed = 0;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const kLongestMs = 120000; // a test that hangs is one that failed

/** Runs a test with a browser context of its own, in which everything that the page asks for is kept. */
export async function check(name, run, options = {}) {
  if (only && !name.includes(only)) return;
  const began = Date.now();
  const { longest, ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, timezoneId: 'Europe/Berlin',
    locale: 'en-GB', ...contextOptions });
  context.setDefaultTimeout(15000);
  const asked = [];
  context.on('request', (request) => asked.push(request));
  try {
    const hang = later(longest ?? kLongestMs).then(() => { throw new Error('it hangs'); });
    await Promise.race([run(context, asked), hang]);
    ++passed;
    if (process.env.PAGE_TIMES) console.log(`${name}: ${Date.now() - began} ms`);
  } catch (error) {
    ++failed;
    console.log(`FAILED ${name}\n  ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n  ')}`);
  } finally {
    await context.close();
  }
}

export const sql = (text) => execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1'], { input: text, encoding: 'utf8' })
  .trim();
const admin = (...words) => execFileSync(`${process.env.PAGE_BUILD}/queue-statistics`, words,
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

const go = async (page, fragment) => {
  const old = await page.locator('[data-view]').elementHandle();
  await page.evaluate((to) => { location.hash = to; }, fragment);
  await page.waitForFunction((before) => {
    const view = document.querySelector('[data-view]');
    return view && view !== before && view.hasAttribute('data-age');
  }, old);
};

for (const language of all ? ['en', 'de', 'es', 'fr'] : ['en']) {
  await check(`every_figure_is_the_apis_in_${language}`, async (context, asked) => {
    const page = await open(context, '#today&queue=123');
    for (const view of ['today', 'report', 'wall']) {
      if (view !== 'today') await go(page, `#${view}&queue=123`);
      await compareFigures(page, view, language, asked, sql);
    }
    assert.deepEqual(page.errors, []);
  }, { locale: language === 'en' ? 'en-GB' : language });
}

for (const zone of all ? ['Asia/Kolkata', 'Europe/Kyiv', 'America/St_Johns'] : []) {
  await check(`every_figure_is_the_apis_in_${zone.replace('/', '_')}`, async (context, asked) => {
    const page = await open(context, '#today&queue=124');
    await compareFigures(page, 'today', 'en', asked, sql, zone);
    await go(page, '#report&queue=124');
    await compareFigures(page, 'report', 'en', asked, sql, zone);
    assert.equal(await page.locator('#zone-note').isVisible(), false);
  }, { timezoneId: zone });
}

await check('nothing_secret_is_left_anywhere', async (context, asked) => {
  const page = await context.newPage();
  const dialogs = [];
  page.on('dialog', (dialog) => dialogs.push(dialog.message()));
  await page.goto(`${kUrl}/queue-statistics/`);
  // A wrong password: words, no dialogue of the browser, an empty field.
  await page.locator('[name=username]').fill('user');
  await page.locator('[name=password]').fill('wrong-password');
  const sent = page.locator('[name=password]').press('Enter');
  await page.locator('#login-message').filter({ hasText: /wrong/ }).waitFor();
  await sent;
  assert.equal(await page.locator('[name=password]').inputValue(), '');
  await login(page);
  const token = asked.map((one) => new URLSearchParams(one.postData() ?? '').get('auth_token')).find(Boolean);
  assert.ok(token.length > 20);
  await go(page, '#report');
  await go(page, '#today&queue=124');
  const clean = (text, where) => {
    for (const secret of [token, '=password', 'wrong-password']) {
      assert.ok(!text.includes(secret), `${where} has ${secret}`);
    }
  };
  assert.equal(await page.locator('[name=password]').inputValue(), '');
  const state = await page.evaluate(() => ({
    local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage), cookie: document.cookie,
    title: document.title, url: location.href, state: JSON.stringify(history.state),
    html: document.documentElement.outerHTML, referrer: document.referrer,
    values: [...document.querySelectorAll('input')].map((input) => input.value).join(),
  }));
  for (const [where, text] of Object.entries(state)) clean(text, where);
  assert.deepEqual([state.local, state.session, state.cookie], ['{}', '{}', '']);
  // Of files that came from the cache the network tells nothing; then the browser tells.
  const allHeaders = await Promise.all(asked.map((request) =>
    Promise.race([request.allHeaders(), later(1000).then(() => request.headers())])));
  for (const [index, request] of asked.entries()) {
    assert.ok(request.url().startsWith(kUrl), `left the origin: ${request.url()}`);
    clean(request.url(), 'a URL');
    const headers = allHeaders[index];
    clean(JSON.stringify(headers), 'a header');
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.referer, undefined);
    if (request.url().includes('/api/')) assert.equal(request.method(), 'POST');
  }
  for (const name of readdirSync(process.env.PAGE_LOGS)) {
    const log = readFileSync(`${process.env.PAGE_LOGS}/${name}`, 'utf8');
    for (const secret of [token, 'wrong-password']) assert.ok(!log.includes(secret), `${name} has ${secret}`);
  }
  assert.deepEqual(dialogs, []);
  // Log out forgets token and figures.
  await page.locator('#logout').click();
  await page.locator('dialog[open]').waitFor();
  assert.equal(await page.locator('[data-figure]').count(), 0);
  assert.equal(await page.locator('[data-view]').count(), 0);
  assert.ok(!(await page.locator('#queue').innerHTML()).includes('Support'));
});

await check('the_policy_lets_nothing_else_in', async (context) => {
  const page = await open(context, '#report&queue=123');
  const response = await context.request.get(`${kUrl}/queue-statistics/`);
  assert.equal(response.headers()['content-security-policy'],
    "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  for (const file of ['', 'main.js', 'style.css', 'words/de.json', 'icon.svg', 'chart.min.js', 'nothing']) {
    const headers = (await context.request.get(`${kUrl}/queue-statistics/${file}`)).headers();
    assert.ok(headers['content-security-policy'].startsWith("default-src 'none'"), file);
    assert.equal(headers['referrer-policy'], 'no-referrer', file);
    assert.equal(headers['x-content-type-options'], 'nosniff', file);
  }
  const redirect = await context.request.get(`${kUrl}/queue-statistics?token=abc`, { maxRedirects: 0 });
  assert.deepEqual([redirect.status(), redirect.headers().location], [301, '/queue-statistics/']);
  // An inline script, and a question to the same server by another name, which would answer.
  const elsewhere = `${kUrl.replace('127.0.0.1', 'localhost')}/queue-statistics/`;
  assert.notEqual(elsewhere, `${kUrl}/queue-statistics/`);
  assert.equal((await context.request.get(elsewhere)).status(), 200);
  const marks = await page.evaluate(async (url) => {
    const refused = [];
    document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.wasRun = true';
    document.head.append(script);
    const isAnswered = await fetch(url, { mode: 'no-cors' }).then(() => true, () => false);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    const inline = [...document.querySelectorAll('*')].filter((one) => one !== script && (one.tagName === 'STYLE' ||
      one.tagName === 'SCRIPT' && !one.src || one.getAttributeNames().some((name) => name.startsWith('on'))));
    return { run: window.wasRun === true, isAnswered, refused: refused.sort(),
      inline: inline.map((one) => one.outerHTML) };
  }, elsewhere);
  assert.deepEqual(marks,
    { run: false, isAnswered: false, refused: ['connect-src', 'script-src-elem'], inline: [] });
  assert.deepEqual(page.errors.filter((error) => !/Content Security Policy|localhost/.test(error)), []);
});

await check('a_wallboards_token_leaves_the_address_at_once', async (context, asked) => {
  const token = admin('token', 'add', 'user', '--days', '1').split('\n').pop().split('\t').pop();
  const page = await context.newPage();
  await page.goto(`${kUrl}/queue-statistics/#wall&queue=123&token=${token}`);
  await page.locator('[data-view=wall][data-age]').waitFor();
  assert.equal(await page.evaluate(() => location.hash), '#wall&queue=123');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  assert.ok(!(await page.content()).includes(token));
  for (const request of asked) assert.ok(!request.url().split('#')[0].includes(token));
  // Neither back nor forward brings it back.
  await page.evaluate(() => { location.hash = '#today'; });
  await page.locator('[data-view=today][data-age]').waitFor();
  await page.goBack();
  await page.locator('[data-view=wall][data-age]').waitFor();
  assert.equal(await page.evaluate(() => location.hash), '#wall&queue=123');
});

if (all) {
  await check('a_caller_who_enters_is_seen_within_a_refresh', async (context) => {
    const page = await open(context, '#today&queue=123');
    const waiting = page.locator('[data-figure=calls_waiting][data-period=now]');
    const before = Number(await waiting.getAttribute('data-value'));
    sql("insert into queue_statistics.queue_calls (queue, uniqueid, entered, outcome) " +
        "values (123, 'page-test', now(), 'waiting')");
    await page.waitForFunction((count) => document.querySelector('[data-figure=calls_waiting][data-period=now]')
      .getAttribute('data-value') === String(count), before + 1, { timeout: 20000 });
    sql("delete from queue_statistics.queue_calls where uniqueid = 'page-test'");
  });

  await check('a_server_that_stops_leaves_grey_figures_and_comes_back', async (context) => {
    const page = await open(context, '#today&queue=123');
    sql("alter role demo_responder nologin; select pg_terminate_backend(pid) from pg_stat_activity " +
        "where usename = 'demo_responder'");
    await page.locator('.view.old').waitFor({ timeout: 25000 });
    assert.match(await page.locator('#message').textContent(), /unavailable/);
    await page.locator('#age').filter({ hasText: /ago/ }).waitFor();
    const calls = page.locator('[data-figure=calls][data-period=now]').first();
    assert.ok(Number(await calls.getAttribute('data-value')) > 0);
    sql('alter role demo_responder login');
    await page.locator('.view:not(.old)').waitFor({ timeout: 60000 });
    assert.equal(await page.locator('#notice').isVisible(), false);
  });

  await check('a_token_that_ended_shows_the_login_over_the_old_figures', async (context) => {
    const page = await open(context, '#today&queue=123');
    admin('token', 'new-key', '--yes');
    await page.locator('dialog[open]').waitFor({ timeout: 25000 });
    assert.match(await page.locator('#login-message').textContent(), /ended/);
    assert.ok(await page.locator('[data-figure]').count() > 10);
    await login(page);
    await page.locator('.view:not(.old)').waitFor();
    assert.equal(await page.locator('dialog[open]').count(), 0);
  });

  await check('csv_is_loaded_by_post', async (context, asked) => {
    const page = await open(context, '#report&queue=123');
    for (const button of await page.getByRole('button', { name: /^CSV/ }).all()) {
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
      assert.match(download.suggestedFilename(), /^[\w.-]+\.csv$/);
      const text = readFileSync(await download.path(), 'utf8');
      assert.match(text.split('\r\n')[0], /calls,|,calls/);
    }
    assert.ok(asked.filter((one) => one.postData()?.includes('format=csv')).length === 4);
  });

}
if (all) await scenes(check, axeSource);

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
