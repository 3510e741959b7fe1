// Wall: what a screen across the room shows. No controls; one queue, or all in turn.

import { addUp, count, readSeries } from './answers.js';
import { h, setFigure, svg } from './dom.js';
import { kWithin } from './today.js';
import { todayPeriods } from './periods.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./answers.js').Row} Row */

const kHours = 12; // the last ones of today

export class Wall {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    const { words } = context;
    /** @type {number | null} */
    this.waitingSince = null;
    this.title = h('bdi');
    this.clock = h('p', { class: 'clock' });
    this.turn = h('p', { class: 'turn' });
    this.figures = {
      waiting: h('p'), longest: h('p'), within: h('p'), entered: h('p'), answered: h('p'), abandoned: h('p'),
    };
    const labels = {
      waiting: words('waiting'), longest: words('longest_wait'), within: words('within', { seconds: kWithin }),
      entered: words('entered'), answered: words('answered'), abandoned: words('abandoned'),
    };
    const names = /** @type {(keyof typeof labels)[]} */ (Object.keys(labels));
    /** @type {Record<string, HTMLElement>} */
    this.tiles = {};
    for (const name of names) {
      this.tiles[name] = h('div', { class: 'tile' }, h('h2', {}, labels[name]), this.figures[name]);
    }
    this.hours = h('ol', { class: 'hours', 'aria-label': words('callers_by_hour') });
    this.element = h('article', { 'data-view': 'wall', class: 'view wall' },
      h('header', {}, h('h1', {}, this.title), this.turn, this.clock),
      h('section', { class: 'tiles', 'aria-label': words('today') }, ...Object.values(this.tiles)), this.hours);
    /** @type {import('./answers.js').Queue[]} */
    this.queues = [];
    this.next = 0;
  }

  /** @param {import('./answers.js').Queue[]} queues shown in turn */
  begin(...queues) {
    this.queues = queues;
    this.next = 0;
  }

  get repeats() {
    return true;
  }

  /** @param {AbortSignal} signal */
  async load(signal) {
    const { api, all, zone } = this.context;
    // Taken before the answer: a queue that fails keeps no turn of the others.
    const turn = this.next;
    this.next = (turn + 1) % this.queues.length;
    const queue = this.queues[turn];
    const { day } = todayPeriods(Date.now() / 1000, zone);
    const [answer] = await all([api.get('queues/statistics/get', {
      queue: queue.id, ...day, service_level: kWithin, interval: 'hour', timezone: zone,
    }, signal)]);
    this.#show(turn, readSeries(answer));
  }

  /**
   * @param {number} turn
   * @param {Row[]} rows
   */
  #show(turn, rows) {
    const { words, formats } = this.context;
    const queue = this.queues[turn];
    const total = addUp(rows, kWithin);
    this.element.setAttribute('data-queue', String(queue.id));
    this.title.textContent = queue.name;
    this.turn.textContent = this.queues.length > 1
      ? words('turn', { number: formats.number(turn + 1), count: formats.number(this.queues.length) }) : '';
    this.waitingSince = total.waiting_since;
    const level = `service_level_${kWithin}`;
    setFigure(this.figures.waiting, 'calls_waiting', total.calls_waiting, formats.number(total.calls_waiting));
    setFigure(this.figures.within, level, total[level], formats.percent(total[level]));
    setFigure(this.figures.entered, 'calls', total.calls, formats.number(total.calls));
    setFigure(this.figures.answered, 'calls_answered', total.calls_answered, formats.number(total.calls_answered));
    setFigure(this.figures.abandoned, 'calls_abandoned', total.calls_abandoned,
      formats.number(total.calls_abandoned));
    this.tiles.waiting.classList.toggle('busy', count(total, 'calls_waiting') > 0);

    const now = Date.now() / 1000;
    const past = rows.filter((row) => row.start <= now).slice(-kHours);
    const most = past.reduce((top, row) => Math.max(top, count(row.figures, 'calls')), 1);
    this.hours.replaceChildren(...past.map((row) => {
      const calls = count(row.figures, 'calls');
      const answered = count(row.figures, 'calls_answered');
      const number = h('b');
      setFigure(number, 'calls', calls, formats.number(calls));
      /** @param {number} value */
      const height = (value) => Math.round((value / most) * 1000) / 10;
      return h('li', { 'data-start': row.start }, number,
        svg('svg', { 'aria-hidden': 'true', focusable: 'false' },
          svg('rect', { class: 'rest', width: '100%', y: `${100 - height(calls)}%`, height: `${height(calls)}%` }),
          svg('rect', { width: '100%', y: `${100 - height(answered)}%`, height: `${height(answered)}%` })),
        h('span', {}, formats.shortHour(row.start)));
    }));
    this.tick();
  }

  tick() {
    const { formats } = this.context;
    const seconds = this.waitingSince === null ? null : this.context.serverNow() - this.waitingSince;
    setFigure(this.figures.longest, 'waiting_since', this.waitingSince, formats.duration(seconds));
    this.clock.textContent = formats.time(Date.now() / 1000);
  }

  destroy() {}
}
