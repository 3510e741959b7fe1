// Puts the page together: who looks, at what, in which language, and when to ask again.

import { Failure, readQueue, readQueues } from './answers.js';
import { clearToken, fragmentOf, parseFragment, takeToken } from './address.js';
import { Api } from './api.js';
import { forPrint, paintAll } from './charts.js';
import { byId, h } from './dom.js';
import { duration, Formats } from './formats.js';
import { Refresher } from './refresh.js';
import { Report } from './report.js';
import { Today } from './today.js';
import { Wall } from './wall.js';
import { chooseLanguage, formatLanguage, loadWords } from './words.js';
import { zoneNames } from './zone.js';

/**
 * What the views share.
 * @typedef {{
 *   api: Api, words: import('./words.js').Words, formats: Formats, language: string, zone: string,
 *   all: (answers: Promise<unknown>[]) => Promise<unknown[]>, serverNow: () => number, refresh: () => void,
 *   failed: (failure: unknown) => string,
 * }} Context
 */

const kQueuesSeconds = 3600; // how long a list of queues is good for
const kWordsSeconds = 15; // until words that did not come are asked for again
const kLateSeconds = 60; // older figures are said to be old, whatever the reason

const bar = byId('bar', HTMLElement);
const main = byId('main', HTMLElement);
const notice = byId('notice', HTMLElement);
const message = byId('message', HTMLElement);
const ageText = byId('age', HTMLElement);
const zoneNote = byId('zone-note', HTMLElement);
const chooser = byId('queue', HTMLSelectElement);
const languageChooser = byId('language', HTMLSelectElement);
const coloursChooser = byId('colours', HTMLSelectElement);
const login = byId('login', HTMLDialogElement);
const loginForm = byId('login-form', HTMLFormElement);
const loginMessage = byId('login-message', HTMLElement);
const loginButton = byId('login-button', HTMLButtonElement);
const username = byId('username', HTMLInputElement);
const password = byId('password', HTMLInputElement);

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const api = new Api();
/** @type {import('./words.js').Words} */
let words = (key) => key;
let language = 'en';
let zones = zoneNames(Intl.DateTimeFormat().resolvedOptions().timeZone);
const browserZone = zones[0];
let formats = new Formats(language, zones[0]);
/** @type {Today | Report | Wall | undefined} */
let view;
/** Of the person's customer, and guests: those of other customers that the address has named. */
/** @type {(import('./answers.js').Queue & {isGuest?: boolean})[] | undefined} */
let queues;
let queuesAt = 0;
let person = ''; // who logged in last, to keep the figures from anybody else
/** When the figures that are shown came, of performance.now(); undefined: there are none. */
/** @type {number | undefined} */
let shownAt;
/** @type {unknown} */
let lastFailure;

// What a person chose; nothing is stored that was not chosen.
/** @param {string} name */
const chosen = (name) => {
  try {
    return localStorage.getItem(`queue-statistics-${name}`);
  } catch {
    return null;
  }
};
/** @param {string} name @param {string} value */
const choose = (name, value) => {
  try {
    localStorage.setItem(`queue-statistics-${name}`, value);
  } catch {
    // Then the choice lasts as long as the page.
  }
};

const refresher = new Refresher(load, {
  failed: (failure) => showFailure(failure),
  repeats: () => view?.repeats ?? false,
  exact: () => view instanceof Wall && view.queues.length > 1,
}, {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
});

/**
 * All answers, or the first failure once all have come: a refresh has ended when nothing of it is under way.
 * @param {Promise<unknown>[]} answers
 */
async function all(answers) {
  const settled = await Promise.allSettled(answers);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** @returns {Context} */
function context() {
  return {
    api, words, formats, language, zone: zones[0], all, refresh: () => refresher.start(),
    serverNow: () => (Date.now() + api.ahead) / 1000,
    failed: (failure) => {
      if (failure instanceof Failure && failure.kind === 'login') showFailure(failure);
      return inWords(failure);
    },
  };
}

/** @param {AbortSignal} signal */
async function load(signal) {
  try {
    await loadQueues(signal);
    if (!view) return;
    const asked = view;
    const isShown = prepare(asked);
    if (isShown) await asked.load(signal);
    if (asked !== view || signal.aborted) return;
    shownAt = isShown ? performance.now() : undefined;
    lastFailure = undefined;
    tick();
  } catch (failure) {
    if (failure instanceof Failure && failure.kind === 'missing') queues = undefined; // perhaps others are there now
    if (failure instanceof Failure && failure.kind === 'refused' && failure.key === 'timezone' && zones.length > 1) {
      // This database does not know the browser's zone.
      zones = zones.slice(1);
      openView();
      return;
    }
    throw failure;
  }
}

/**
 * The queues of the person's customer, and the one of the address, which may be another customer's.
 * @param {AbortSignal} signal
 */
async function loadQueues(signal) {
  const { queue } = parseFragment(location.hash);
  if (!queues || performance.now() - queuesAt > kQueuesSeconds * 1000) {
    queues = readQueues(await api.get('queues/list', {}, signal));
    queuesAt = performance.now();
    showQueues();
  }
  if (queue !== null && !queues.some(({ id }) => id === queue)) {
    queues = [...queues, { ...readQueue(await api.get('queues/get', { id: queue }, signal)), isGuest: true }];
    showQueues();
  }
}

function showQueues() {
  chooser.replaceChildren(...(queues ?? []).map(({ id, name }) => h('option', { value: id, dir: 'auto' }, name)));
  chooser.disabled = chooser.options.length === 0;
}

/**
 * Tells the view which queue to show. False: it is not to be shown.
 * @param {Today | Report | Wall} asked
 */
function prepare(asked) {
  const { queue } = parseFragment(location.hash);
  const own = (queues ?? []).filter(({ isGuest }) => !isGuest);
  const one = queues?.find(({ id }) => id === queue) ?? own[0];
  if (!one) {
    main.replaceChildren(h('p', { class: 'empty' }, words('no_queues')));
    return false;
  }
  chooser.value = String(one.id);
  showLinks(one.id);
  document.title = [asked instanceof Wall && queue === null ? '' : one.name,
    words(parseFragment(location.hash).view), words('product')].filter(Boolean).join(' – ');
  if (asked instanceof Wall) {
    const wanted = queue === null ? own : [one];
    if (wanted.map(({ id }) => id).join() !== asked.queues.map(({ id }) => id).join()) asked.begin(...wanted);
  } else if (!asked.queue) {
    asked.begin(one);
  } else if (asked.queue.id !== one.id) {
    openView(); // else its name would stand above the other one's figures
    return false;
  }
  if (asked.element.parentElement !== main) main.replaceChildren(asked.element);
  return true;
}

/** @param {number} queue */
function showLinks(queue) {
  const { view: current } = parseFragment(location.hash);
  for (const name of /** @type {import('./address.js').View[]} */ (['today', 'report', 'wall'])) {
    const link = byId(`to-${name}`, HTMLAnchorElement);
    link.setAttribute('href', fragmentOf(name, name === 'wall' ? null : queue));
    if (name === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

/** Makes the view that the address names, new, and fills it. */
function openView() {
  const { view: name } = parseFragment(location.hash);
  view?.destroy();
  formats = new Formats(formatLanguage(navigator.languages, language), zones[0]);
  view = name === 'report' ? new Report(context()) : name === 'wall' ? new Wall(context()) : new Today(context());
  document.documentElement.dataset.page = name;
  bar.hidden = name === 'wall' || !api.hasToken;
  shownAt = undefined;
  lastFailure = undefined;
  main.replaceChildren();
  zoneNote.hidden = zones[0] === browserZone;
  zoneNote.textContent = words('zone_utc', { zone: browserZone });
  tick();
  if (api.hasToken) refresher.start();
  else askForLogin('');
}

/**
 * @param {unknown} failure
 * @returns {string}
 */
function inWords(failure) {
  if (!(failure instanceof Failure)) return words('failed_nonsense');
  if (failure.kind === 'refused' && failure.key === 'interval') return words('failed_interval');
  return words(`failed_${failure.kind}`);
}

/** @param {unknown} failure */
function showFailure(failure) {
  if (failure instanceof Failure && failure.kind === 'login') {
    api.forget();
    askForLogin(words(shownAt === undefined ? 'failed_login' : 'failed_expired'));
  }
  lastFailure = failure;
  tick();
}

/** Once a second: the age of the figures, and what counts up by itself. */
function tick() {
  const age = shownAt === undefined ? undefined : Math.floor((performance.now() - shownAt) / 1000);
  const old = lastFailure !== undefined || (age !== undefined && age > kLateSeconds && view?.repeats === true);
  if (view) {
    if (age !== undefined) view.element.setAttribute('data-age', String(age));
    view.element.classList.toggle('old', old && age !== undefined);
    view.tick();
  }
  notice.hidden = !old;
  const text = lastFailure === undefined ? (old ? words('late') : '') : inWords(lastFailure);
  if (message.textContent !== text) message.textContent = text;
  ageText.textContent = old && age !== undefined ? words('age', { age: duration(age) }) : '';
}

/** @param {string} why */
function askForLogin(why) {
  refresher.stop();
  loginMessage.textContent = why;
  if (!login.open) login.showModal();
  (username.value === '' ? username : password).focus();
}

loginForm.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (loginButton.disabled) return;
  const secret = password.value;
  password.value = '';
  loginButton.disabled = true;
  loginMessage.textContent = '';
  try {
    await api.login(username.value, secret);
    login.close();
    const isSame = person === username.value;
    person = username.value;
    if (view && shownAt !== undefined && isSame) {
      lastFailure = undefined;
      refresher.start();
    } else {
      queues = undefined;
      openView();
    }
  } catch (failure) {
    const refused = failure instanceof Failure && failure.kind === 'refused';
    loginMessage.textContent = failure instanceof Failure && failure.kind === 'login' ? words('login_wrong')
      : refused ? words('login_no_tokens') : inWords(failure);
    password.focus();
  } finally {
    loginButton.disabled = false;
  }
});
login.addEventListener('cancel', (event) => event.preventDefault());

byId('logout', HTMLElement).addEventListener('click', () => {
  refresher.stop();
  api.forget();
  queues = undefined;
  shownAt = undefined;
  person = '';
  username.value = '';
  showQueues();
  document.title = words('product');
  history.replaceState(null, '', fragmentOf(parseFragment(location.hash).view, null));
  openView();
});

byId('skip', HTMLElement).addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});

chooser.addEventListener('change', () => {
  location.hash = fragmentOf(parseFragment(location.hash).view, Number(chooser.value));
});

window.addEventListener('hashchange', () => {
  clearToken();
  useToken();
  openView();
});

function useToken() {
  const token = takeToken();
  if (token === '') return;
  api.useToken(token);
  queues = undefined;
  person = '';
  if (login.open) login.close();
}

document.addEventListener('keydown', (event) => {
  // The wall has no controls; this is the way back for who came by the link.
  if (event.key === 'Escape' && view instanceof Wall && !login.open) location.hash = fragmentOf('today', null);
});
document.addEventListener('visibilitychange', () => refresher.setHidden(document.hidden));
window.addEventListener('online', () => {
  if (lastFailure !== undefined && api.hasToken) refresher.start();
});
window.addEventListener('beforeprint', () => forPrint(true));
window.addEventListener('afterprint', () => forPrint(false));
prefersDark.addEventListener('change', applyColours);

/** Shows everything in the language, as soon as its words are there and while it is still the chosen one. */
async function applyLanguage() {
  const wanted = language;
  const loaded = await loadWords(wanted).catch(() => undefined);
  if (wanted !== language) return;
  if (!loaded) {
    setTimeout(() => wanted === language && applyLanguage(), kWordsSeconds * 1000);
    return;
  }
  words = loaded;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-word]')) {
    element.textContent = words(element.getAttribute('data-word') ?? '');
  }
  document.title = words('product');
  openView();
}

languageChooser.addEventListener('change', () => {
  language = languageChooser.value;
  choose('language', language);
  applyLanguage();
});

function applyColours() {
  const choice = coloursChooser.value;
  document.documentElement.dataset.colours =
    choice === 'auto' ? (prefersDark.matches ? 'dark' : 'light') : choice;
  paintAll();
}

coloursChooser.addEventListener('change', () => {
  choose('colours', coloursChooser.value);
  applyColours();
});

function start() {
  language = chooseLanguage([chosen('language') ?? '', ...navigator.languages]);
  languageChooser.value = language;
  coloursChooser.value = chosen('colours') ?? 'auto';
  if (coloursChooser.selectedIndex < 0) coloursChooser.value = 'auto';
  applyColours();
  useToken();
  refresher.setHidden(document.hidden);
  setInterval(() => {
    if (!document.hidden) tick();
  }, 1000);
  applyLanguage();
}

start();
