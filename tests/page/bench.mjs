// How soon the first figures of Today stand there, from the press of Enter in the login and from a wallboard's address;
// and how many bytes the page is. Lines `name value`.

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

import { kUrl, launch, open } from './browser.mjs';

const token = execFileSync(`${process.env.PAGE_BUILD}/queue-statistics`, ['token', 'add', 'user', '--days', '1'],
  { encoding: 'utf8' }).trim().split('\n').pop().split('\t').pop();
const browser = await launch();
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const login = [];
const wall = [];
for (let i = 0; i < 7; ++i) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  let began = Date.now();
  await page.goto(`${kUrl}/queue-statistics/#today&queue=123&token=${token}`);
  await page.locator('[data-view][data-age]').waitFor();
  wall.push(Date.now() - began);
  await context.close();
  const second = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  began = Date.now();
  await open(second, '#today&queue=123');
  login.push(Date.now() - began);
  await second.close();
}
let bytes = 0;
let requests = 0;
const context = await browser.newContext();
context.on('response', async (response) => {
  ++requests;
  bytes += (await response.request().sizes()).responseBodySize;
});
await open(context, '#today&queue=123');
await context.close();
await browser.close();
const own = ['web', 'web/words'].flatMap((folder) => readdirSync(folder).map((name) => statSync(`${folder}/${name}`)))
  .filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
console.log(`first_figures_by_token_ms ${median(wall)}`);
console.log(`first_figures_with_login_ms ${median(login)}`);
console.log(`requests_until_figures ${requests}`);
console.log(`bytes_until_figures ${bytes}`);
console.log(`own_files_bytes ${own}`);
