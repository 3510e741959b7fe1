// Today: one queue, now, beside the same weekday of last week.

import { addUp, count, left, readCallers, readDestinations, readSeries } from './answers.js';
import { Chart } from './charts.js';
import { bar, columnHead, figureCell, h, setFigure, table } from './dom.js';
import { todayPeriods } from './periods.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./answers.js').Figures} Figures */
/** @typedef {import('./answers.js').Row} Row */
/** @typedef {import('./answers.js').Destination} Destination */

export const kWithin = 20; // seconds of the service level that is shown
const kShown = 50; // destinations, until somebody wants to see more
const kMore = 500;
const kHour = 3600;

/**
 * @typedef {{element: HTMLElement, now: HTMLElement[], words: HTMLElement, before: HTMLElement[], day: HTMLElement,
 *   extra: HTMLElement}} Tile
 */

/** @type {{name: string, form: 'number' | 'duration'}[]} */
const kColumns = [
  { name: 'calls', form: 'number' }, { name: 'calls_answered', form: 'number' },
  { name: 'calls_no_answer', form: 'number' }, { name: 'calls_busy', form: 'number' },
  { name: 'talktime_sum', form: 'duration' }, { name: 'talktime_avg', form: 'duration' },
];

export class Today {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    const { words } = context;
    /** @type {{hour: number, start: number, rows: Row[]} | undefined} last week's hours, which change no more */
    this.beforeHours = undefined;
    /** @type {Destination[]} */
    this.destinations = [];
    this.sort = { column: 'name', descending: false };
    this.shown = kShown;
    /** @type {number | null} */
    this.waitingSince = null;

    this.title = h('bdi');
    this.subtitle = h('p', { class: 'subtitle' });
    this.tiles = {
      waiting: this.#tile('waiting'), longest: this.#tile('longest_wait'), entered: this.#tile('entered'),
      answered: this.#tile('answered'), abandoned: this.#tile('abandoned'),
      within: this.#tile('within', { seconds: kWithin }),
    };

    this.hours = table(words('callers_by_hour'), [
      columnHead(words('hour')), columnHead(words('entered')), columnHead(words('answered')),
      columnHead(words('left')), columnHead(words('mean_wait')), columnHead(words('entered_last_week')),
    ]);
    this.callers = new Chart(words('callers_by_hour'), this.hours.box, words('as_table'),
      { stacked: true, format: (value) => context.formats.number(value) });
    this.meanWaits = table(words('mean_wait'), [
      columnHead(words('hour')), columnHead(words('mean_wait')), columnHead(words('mean_wait_last_week')),
    ]);
    this.waits = new Chart(words('mean_wait'), this.meanWaits.box, words('as_table'),
      { seconds: true, format: (value) => context.formats.duration(value) });

    this.heads = new Map(['name', ...kColumns.map(({ name }) => name)].map((name) => [name, this.#sortHead(name)]));
    this.table = table(words('destinations'), [...this.heads.values()]);
    this.more = h('button', { type: 'button', class: 'quiet', click: () => {
      this.shown += kMore;
      this.#showDestinations();
    } });

    this.element = h('article', { 'data-view': 'today', class: 'view' },
      h('header', { class: 'heading' }, h('h1', {}, this.title), this.subtitle),
      h('section', { class: 'tiles', 'aria-label': words('today') },
        ...Object.values(this.tiles).map((tile) => tile.element)),
      h('section', { class: 'card' }, h('h2', {}, words('callers_by_hour')), this.callers.element,
        h('div', { class: 'low' }, h('h2', {}, words('mean_wait')), this.waits.element)),
      h('section', { class: 'card' }, h('h2', {}, words('destinations')), this.table.box, this.more));
  }

  /** @param {import('./answers.js').Queue} queue */
  begin(queue) {
    this.queue = queue;
    this.element.setAttribute('data-queue', String(queue.id));
    this.title.textContent = queue.name;
  }

  get repeats() {
    return true;
  }

  /** @param {AbortSignal} signal */
  async load(signal) {
    const { api, all, zone } = this.context;
    const queue = /** @type {import('./answers.js').Queue} */ (this.queue).id;
    const now = Date.now() / 1000;
    const { day, before, beforeDay } = todayPeriods(now, zone);
    const levels = { service_level: kWithin };
    const hourly = { interval: 'hour', timezone: zone };
    const callers = 'queues/statistics/get';
    const hour = Math.floor(now / kHour);
    const known = this.beforeHours;
    const isKnown = known && known.hour === hour && known.start === beforeDay.start;
    const answers = await all([
      api.get(callers, { queue, ...day, ...levels, ...hourly }, signal),
      api.get('queues/destinations/statistics/get', { queue, ...day }, signal),
      api.get(callers, { queue, ...before, ...levels }, signal),
      isKnown ? Promise.resolve(null) : api.get(callers, { queue, ...beforeDay, ...hourly }, signal),
    ]);
    const rows = readSeries(answers[0]);
    const destinations = readDestinations(answers[1]);
    const past = readCallers(answers[2]);
    if (answers[3] !== null) this.beforeHours = { hour, start: beforeDay.start, rows: readSeries(answers[3]) };
    this.#show(now, rows, destinations, past);
  }

  /**
   * @param {number} now
   * @param {Row[]} rows
   * @param {Destination[]} destinations
   * @param {Figures} past
   */
  #show(now, rows, destinations, past) {
    const { words, formats } = this.context;
    const total = addUp(rows, kWithin);
    this.waitingSince = total.waiting_since;
    const periods = todayPeriods(now, this.context.zone);
    const name = formats.weekday(periods.before.start);
    const weekday = words('last_weekday', { weekday: name });
    this.subtitle.textContent =
      words('today_until', { day: formats.day(now), time: formats.time(now), weekday: name });

    const { waiting, longest, entered, answered, abandoned, within } = this.tiles;
    const number = (/** @type {number | null | undefined} */ value) => formats.number(value);
    const percent = (/** @type {number | null | undefined} */ value) => formats.percent(value);
    const duration = (/** @type {number | null | undefined} */ value) => formats.duration(value);
    this.#setTile(waiting, weekday, [['calls_waiting', number]], total, past);
    waiting.element.classList.toggle('busy', count(total, 'calls_waiting') > 0);
    this.#setTile(longest, weekday, [['waittime_max', duration]], total, past);
    longest.day.textContent = words('longest_today');
    this.#setTile(entered, weekday, [['calls', number]], total, past);
    this.#setTile(answered, weekday, [['calls_answered', number], ['calls_answered_percent', percent]], total, past);
    this.#setTile(abandoned, weekday, [['calls_abandoned', number], ['calls_abandoned_percent', percent]], total, past);
    this.#setTile(within, weekday,
      [[`service_level_${kWithin}`, percent], [`calls_answered_within_${kWithin}`, number]], total, past);
    this.tick();

    this.#showHours(rows);
    this.destinations = destinations;
    this.#showDestinations();
  }

  /** Once a second: the longest wait goes on. */
  tick() {
    const seconds = this.waitingSince === null ? null : this.context.serverNow() - this.waitingSince;
    setFigure(this.tiles.longest.now[0], 'waiting_since', this.waitingSince, this.context.formats.duration(seconds),
      'now');
  }

  /** @param {Row[]} rows */
  #showHours(rows) {
    const { words, formats } = this.context;
    const before = new Map();
    for (const row of this.beforeHours?.rows ?? []) {
      const label = formats.hour(row.start);
      if (!before.has(label)) before.set(label, row);
    }
    const labels = rows.map((row) => formats.hour(row.start));
    /** @param {string} name */
    const past = (name) => labels.map((label) => before.get(label)?.figures[name] ?? null);
    this.callers.show(labels, [
      { label: words('answered'), values: rows.map((row) => count(row.figures, 'calls_answered')), colour: '--accent' },
      { label: words('left'), values: rows.map((row) => left(row.figures)), colour: '--bar' },
      { label: words('entered_last_week'), values: past('calls'), colour: '--muted', line: true },
    ]);
    this.waits.show(labels, [
      { label: words('mean_wait'), values: rows.map((row) => row.figures.waittime_avg ?? null), colour: '--accent' },
      { label: words('mean_wait_last_week'), values: past('waittime_avg'), colour: '--muted', line: true },
    ]);
    /** @param {Row | undefined} row @param {string} name @param {(value: any) => string} text */
    const beforeCell = (row, name, text) => {
      const cell = h('td', { 'data-start': row?.start });
      if (row) setFigure(cell, name, row.figures[name], text(row.figures[name]), 'before');
      else cell.textContent = '–';
      return cell;
    };
    const number = (/** @type {any} */ value) => formats.number(value);
    const duration = (/** @type {any} */ value) => formats.duration(value);
    const now = { 'data-period': 'now' };
    this.hours.body.replaceChildren(...rows.map((row, index) => h('tr', { 'data-start': row.start },
      h('th', { scope: 'row' }, labels[index]),
      figureCell('calls', row.figures.calls, number(row.figures.calls), now),
      figureCell('calls_answered', row.figures.calls_answered, number(row.figures.calls_answered), now),
      h('td', {}, number(left(row.figures))),
      figureCell('waittime_avg', row.figures.waittime_avg, duration(row.figures.waittime_avg), now),
      beforeCell(before.get(labels[index]), 'calls', number))));
    this.meanWaits.body.replaceChildren(...rows.map((row, index) => h('tr', { 'data-start': row.start },
      h('th', { scope: 'row' }, labels[index]),
      figureCell('waittime_avg', row.figures.waittime_avg, duration(row.figures.waittime_avg), now),
      beforeCell(before.get(labels[index]), 'waittime_avg', duration))));
  }

  #showDestinations() {
    const { words, formats, language } = this.context;
    const { column, descending } = this.sort;
    const order = new Intl.Collator(language, { numeric: true });
    const sorted = [...this.destinations].sort((a, b) => {
      const by = column === 'name' ? order.compare(a.name, b.name)
        : count(a.figures, column) - count(b.figures, column);
      return (descending ? -by : by) || a.id - b.id;
    });
    for (const [name, head] of this.heads) {
      head.setAttribute('aria-sort', name !== column ? 'none' : descending ? 'descending' : 'ascending');
    }
    const most = new Map(kColumns.map(({ name }) =>
      [name, this.destinations.reduce((top, one) => Math.max(top, count(one.figures, name)), 0)]));
    this.table.body.replaceChildren(...sorted.slice(0, this.shown).map((one) => h('tr', { 'data-destination': one.id },
      h('th', { scope: 'row' }, h('bdi', {}, one.name)),
      ...kColumns.map(({ name, form }) => {
        const value = one.figures[name];
        const text = h('span');
        setFigure(text, name, value, formats[form](value));
        return h('td', { class: 'barred' }, bar(count(one.figures, name) / (most.get(name) || 1)), text);
      }))));
    if (sorted.length === 0) {
      this.table.body.append(h('tr', {}, h('td', { colspan: kColumns.length + 1 }, words('no_destinations'))));
    }
    /** @param {string} name */
    const sum = (name) => this.destinations.reduce((total, one) => total + count(one.figures, name), 0);
    this.table.foot.replaceChildren(h('tr', {}, h('th', { scope: 'row' }, words('sum')),
      ...kColumns.map(({ name, form }) => h('td', {}, name === 'talktime_avg' ? '' : formats[form](sum(name))))));
    this.more.hidden = sorted.length <= this.shown;
    this.more.textContent =
      words('show_more', { shown: formats.number(this.shown), count: formats.number(sorted.length) });
  }

  /** @param {string} name */
  #sortHead(name) {
    const sort = () => {
      this.sort = { column: name, descending: this.sort.column === name ? !this.sort.descending : name !== 'name' };
      this.#showDestinations();
    };
    const text = this.context.words(name === 'name' ? 'destination' : `offers_${name}`);
    return h('th', { scope: 'col', 'aria-sort': 'none' }, h('button', { type: 'button', click: sort }, text));
  }

  /**
   * @param {string} label
   * @param {Record<string, number>} [values]
   * @returns {Tile}
   */
  #tile(label, values) {
    const now = [h('span', { class: 'value' }, '–'), h('span', { class: 'share' })];
    const words = h('span');
    const before = [h('span'), h('span')];
    const extra = h('span');
    const day = h('span');
    const element = h('div', { class: 'tile' }, h('h2', {}, this.context.words(label, values)),
      h('p', { class: 'now' }, ...now), h('p', { class: 'before', hidden: label !== 'longest_wait' }, day, ' ', extra),
      h('p', { class: 'before' }, words, ' ', before[0], ' ', before[1]));
    return { element, now, words, before, day, extra };
  }

  /**
   * @param {Tile} tile
   * @param {string} label of last week's figures
   * @param {[string, (value: number | null | undefined) => string][]} shown
   * @param {Figures} total
   * @param {Figures} past
   */
  #setTile(tile, label, shown, total, past) {
    tile.words.textContent = label;
    shown.forEach(([name, text], index) => {
      // The longest wait itself counts up; the longest of the day stands below it.
      const now = name === 'waittime_max' ? tile.extra : tile.now[index];
      setFigure(now, name, total[name], text(total[name]), 'now');
      setFigure(tile.before[index], name, past[name], text(past[name]), 'before');
    });
  }

  destroy() {
    this.callers.destroy();
    this.waits.destroy();
  }
}
