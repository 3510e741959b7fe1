// Debian's Chromium, driven by playwright-core.

import { createRequire } from 'node:module';

const require = createRequire(new URL('../../build/page-npm/package.json', import.meta.url));
const { chromium } = require('playwright-core');
export const axeSource = require.resolve('axe-core/axe.min.js');

export const kUrl = process.env.PAGE_URL ?? '';

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium', env: { ...process.env, HOME: process.env.PAGE_HOME ?? process.env.HOME },
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** Opens the page and logs in. `clock`: what Playwright's clock is installed with, where the test makes time pass. */
export async function open(context, fragment = '', { clock } = {}) {
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.errors = errors;
  if (clock) await page.clock.install(clock);
  await page.goto(`${kUrl}/queue-statistics/${fragment}`);
  await login(page);
  return page;
}

export async function login(page) {
  await page.locator('[name=username]').fill('user');
  await page.locator('[name=password]').fill('password');
  await page.locator('[name=password]').press('Enter');
  await page.locator('[data-view][data-age]').waitFor({ timeout: 15000 });
}
