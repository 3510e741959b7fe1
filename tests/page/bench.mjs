// How soon the first figures of Today stand there, from the press of Enter in the login and from a wallboard's address;
// and how many bytes the page is, minified as well, where Debian's esbuild is. Lines `name value`.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';

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
const context = await browser.newContext();
const answers = [];
context.on('response', (response) => answers.push(response.request()));
await open(context, '#today&queue=123');
const sizes = await Promise.all(answers.map(async (request) => (
  { path: new URL(request.url()).pathname, bytes: (await request.sizes()).responseBodySize })));
await context.close();
const files = sizes.filter(({ path }) => path.startsWith('/queue-statistics/'));
const sum = (some) => some.reduce((total, { bytes }) => total + bytes, 0);
await browser.close();
const own = ['web', 'web/words'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((path) => statSync(path).isFile());
const bytes = (paths) => paths.reduce((total, path) => total + statSync(path).size, 0);
// The page is not minified: this is what it would be, with the words of one language.
const minified = (path) => {
  if (/\.(js|css)$/.test(path)) return execFileSync('/usr/bin/esbuild', ['--minify', path]).length;
  if (path === 'web/words/en.json') return Buffer.byteLength(JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))));
  return path.endsWith('.json') ? 0 : statSync(path).size;
};
console.log(`first_figures_by_token_ms ${median(wall)}`);
console.log(`first_figures_with_login_ms ${median(login)}`);
console.log(`requests_until_figures ${sizes.length}`);
console.log(`bytes_until_figures ${sum(sizes)}`);
console.log(`files_until_figures ${files.length}`);
console.log(`file_bytes_until_figures ${sum(files)}`);
console.log(`chart_js_bytes ${sum(files.filter(({ path }) => path.endsWith('/chart.min.js')))}`);
console.log(`own_files_bytes ${bytes(own)}`);
if (existsSync('/usr/bin/esbuild')) {
  console.log(`own_files_minified_bytes ${own.reduce((total, path) => total + minified(path), 0)}`);
}
