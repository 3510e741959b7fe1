// Writes the pictures of docs/page.md, of the demonstration's data.

import { launch, open } from './browser.mjs';

const browser = await launch();
for (const [view, scheme, height] of [['today', 'light', 1100], ['report', 'light', 1480], ['wall', 'dark', 768]]) {
  const context = await browser.newContext({ viewport: { width: 1366, height }, colorScheme: scheme,
    timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  const page = await open(context, `#${view}&queue=124`);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(500);
  await page.screenshot({ path: `docs/page-${view}.png` });
  await context.close();
}
await browser.close();
