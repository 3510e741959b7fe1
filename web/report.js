// Report: one queue over days, to be read, printed and taken away.

import { count, left, readCallers, readDestinations, readProfile, readSeries, waits } from './answers.js';
import { Chart } from './charts.js';
import { columnHead, figureCell, h, setFigure, table } from './dom.js';
import { daysPeriod, lastDays } from './periods.js';
import { parseDate } from './zone.js';

/** @typedef {import('./main.js').Context} Context */
/** @typedef {import('./answers.js').Figures} Figures */
/** @typedef {import('./answers.js').Row} Row */
/** @typedef {import('./answers.js').Cell} Cell */
/** @typedef {import('./answers.js').Destination} Destination */
/** @typedef {{period: import('./periods.js').Period, interval: string}} Choice */
/** @typedef {[string, import('./api.js').Parameters]} Question */

const kLimits = [10, 20, 30, 60, 120]; // seconds: the service levels between which waits are counted
const kIntervals = ['15min', 'hour', 'day', 'week', 'month'];
const kShown = 15; // destinations in the chart
const kHeat = 9; // shades of the heat map
const kDay = 86400;
const kLongestProfile = 400; // days

/** @type {{name: string, form: 'number' | 'percent' | 'duration'}[]} */
const kSummary = [
  { name: 'calls', form: 'number' }, { name: 'calls_answered', form: 'number' },
  { name: 'calls_answered_percent', form: 'percent' }, { name: 'calls_abandoned', form: 'number' },
  { name: 'calls_abandoned_percent', form: 'percent' }, { name: 'service_level_20', form: 'percent' },
  { name: 'waittime_avg', form: 'duration' }, { name: 'talktime_avg', form: 'duration' },
];

/** @type {{name: string, form: 'number' | 'percent' | 'duration'}[]} */
const kHeatFigures = [
  { name: 'calls', form: 'number' }, { name: 'calls_answered', form: 'number' },
  { name: 'calls_abandoned', form: 'number' }, { name: 'calls_abandoned_percent', form: 'percent' },
  { name: 'service_level_20', form: 'percent' }, { name: 'waittime_avg', form: 'duration' },
];

export class Report {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    const { words, formats } = context;
    const { from, to } = lastDays(Date.now() / 1000, context.zone);
    this.from = h('input', { type: 'date', name: 'from', required: true, value: from, max: '9999-12-30' });
    this.to = h('input', { type: 'date', name: 'to', required: true, value: to, max: '9999-12-30' });
    this.interval = h('select', { name: 'interval' },
      ...kIntervals.map((name) => h('option', { value: name, selected: name === 'day' }, words(`interval_${name}`))));
    this.hint = h('p', { class: 'hint', role: 'alert', id: 'hint' });
    this.form = h('form', { class: 'choices', submit: (event) => {
      event.preventDefault();
      const choice = this.#choice();
      if (!choice) return;
      this.wanted = choice;
      context.refresh();
    } },
      h('label', {}, h('span', {}, words('from')), this.from), h('label', {}, h('span', {}, words('to')), this.to),
      h('label', {}, h('span', {}, words('interval')), this.interval),
      h('button', { type: 'submit' }, words('show')),
      h('button', { type: 'button', class: 'quiet', click: () => window.print() }, words('print')),
      this.hint);

    this.wanted = /** @type {Choice} */ (this.#choice());
    /** @type {Choice | undefined} what the report that is shown was made of */
    this.made = undefined;

    this.title = h('bdi');
    this.subtitle = h('p', { class: 'subtitle' });
    this.summary = h('dl', { class: 'summary' });

    this.series = table(words('by_interval'), [
      columnHead(words('start')), columnHead(words('entered')), columnHead(words('answered')),
      columnHead(words('left')), columnHead(words('answered_percent')), columnHead(words('mean_wait')),
      columnHead(words('talk_time')),
    ]);
    this.callers = new Chart(words('by_interval'), this.series.box, words('as_table'),
      { stacked: true, format: (value) => formats.number(value) });
    this.talk = table(words('talk_by_destination'), [
      columnHead(words('destination')), columnHead(words('talk_time')), columnHead(words('answered')),
      columnHead(words('mean_talk')),
    ]);
    this.destinations = new Chart(words('talk_by_destination'), this.talk.box, words('as_table'),
      { horizontal: true, seconds: true, format: (value) => formats.duration(value) });
    this.bins = table(words('waits'), [
      columnHead(words('waited')), columnHead(words('answered')), columnHead(words('abandoned')),
    ]);
    this.waits = new Chart(words('waits'), this.bins.box, words('as_table'),
      { stacked: true, format: (value) => formats.number(value) });

    /** @type {Cell[]} */
    this.profile = [];
    this.heatFigure = h('select', { name: 'figure', change: () => this.#showHeat() },
      ...kHeatFigures.map(({ name }) => h('option', { value: name }, words(`heat_${name}`))));
    this.heat = table(words('weekday_by_hour'), [
      h('th', { scope: 'col' }, h('span', { class: 'unseen' }, words('weekday'))),
      ...Array.from({ length: 24 }, (_, hour) => columnHead(String(hour))),
    ]);
    this.heat.box.classList.add('heat');
    this.heatNote = h('p', { class: 'hint' });

    this.element = h('article', { 'data-view': 'report', class: 'view' },
      h('header', { class: 'heading' }, h('h1', {}, this.title), this.subtitle), this.form, this.summary,
      h('section', { class: 'card' },
        h('h2', {}, words('by_interval'),
          this.#csv(words('by_interval'), (made) => this.#series(made))),
        this.callers.element),
      h('div', { class: 'pair' },
        h('section', { class: 'card' },
          h('h2', {}, words('talk_by_destination'),
            this.#csv(words('talk_by_destination'), (made) => this.#offers(made))),
          this.destinations.element),
        h('section', { class: 'card' },
          h('h2', {}, words('waits'), this.#csv(words('waits'), (made) => this.#total(made))), this.waits.element)),
      h('section', { class: 'card' },
        h('h2', {}, words('weekday_by_hour'), this.#csv(words('weekday_by_hour'), (made) => this.#hoursOfWeek(made))),
        h('label', { class: 'choice' }, h('span', {}, words('figure')), this.heatFigure), this.heat.box,
        this.heatNote));
  }

  /** @param {import('./answers.js').Queue} queue */
  begin(queue) {
    this.queue = queue;
    this.element.setAttribute('data-queue', String(queue.id));
    this.title.textContent = queue.name;
  }

  /** The report stands as it was made. */
  get repeats() {
    return false;
  }

  /** What the form says; null, and a hint, where that is no period. */
  #choice() {
    const { words, zone } = this.context;
    const from = parseDate(this.from.value);
    const to = parseDate(this.to.value);
    const right = from && to && this.from.value <= this.to.value && from.year >= 1970 && to.year < 9999;
    this.hint.textContent = right ? '' : words('period_wrong');
    return right ? { period: daysPeriod(from, to, zone), interval: this.interval.value } : null;
  }

  /** @param {Choice} choice @returns {Question} */
  #total({ period }) {
    return ['queues/statistics/get', { queue: this.queue?.id ?? 0, ...period, service_level: kLimits.join(',') }];
  }

  /** @param {Choice} choice @returns {Question} */
  #series(choice) {
    const [name, parameters] = this.#total(choice);
    return [name, { ...parameters, interval: choice.interval, timezone: this.context.zone }];
  }

  /** @param {Choice} choice @returns {Question} */
  #offers({ period }) {
    return ['queues/destinations/statistics/get', { queue: this.queue?.id ?? 0, ...period }];
  }

  /** @param {Choice} choice @returns {Question} */
  #hoursOfWeek(choice) {
    const [name, parameters] = this.#series({ ...choice, interval: 'hour_of_week' });
    return [name, { ...parameters, service_level: 20 }];
  }

  /** @param {AbortSignal} signal */
  async load(signal) {
    const { api, all, words } = this.context;
    const { wanted } = this;
    const { period } = wanted;
    const short = period.end - period.start <= kLongestProfile * kDay;
    const ask = (/** @type {Question} */ [name, parameters]) => api.get(name, parameters, signal);
    const answers = await all([
      ask(this.#series(wanted)), ask(this.#total(wanted)), ask(this.#offers(wanted)),
      short ? ask(this.#hoursOfWeek(wanted)) : Promise.resolve([]),
    ]);
    const rows = readSeries(answers[0]);
    const total = readCallers(answers[1]);
    const destinations = readDestinations(answers[2]);
    this.profile = readProfile(answers[3]);
    this.made = wanted;
    this.heatNote.textContent = short ? '' : words('too_long_for_profile');
    this.#showTotal(total, period);
    this.#showSeries(rows, wanted.interval);
    this.#showTalk(destinations);
    this.#showWaits(total);
    this.#showHeat();
  }

  /**
   * @param {Figures} total
   * @param {import('./periods.js').Period} period
   */
  #showTotal(total, period) {
    const { words, formats } = this.context;
    this.subtitle.textContent = words('report_of', {
      from: formats.date(period.start), to: formats.date(period.end - 1), zone: this.context.zone,
      made: formats.moment(Date.now() / 1000),
    });
    this.summary.replaceChildren(...kSummary.map(({ name, form }) => {
      const value = h('dd');
      setFigure(value, name, total[name], formats[form](total[name]));
      return h('div', {}, h('dt', {}, words(`total_${name}`)), value);
    }));
  }

  /**
   * @param {Row[]} rows
   * @param {string} interval
   */
  #showSeries(rows, interval) {
    const { words, formats } = this.context;
    const within = interval === 'hour' || interval === '15min';
    const labels = rows.map((row) => (within ? formats.moment(row.start) : formats.date(row.start)));
    this.callers.show(labels, [
      { label: words('answered'), values: rows.map((row) => count(row.figures, 'calls_answered')), colour: '--accent' },
      { label: words('left'), values: rows.map((row) => left(row.figures)), colour: '--bar' },
    ]);
    this.series.body.replaceChildren(...rows.map(({ start, figures }, index) => h('tr', { 'data-start': start },
      h('th', { scope: 'row' }, labels[index]), figureCell('calls', figures.calls, formats.number(figures.calls)),
      figureCell('calls_answered', figures.calls_answered, formats.number(figures.calls_answered)),
      h('td', {}, formats.number(left(figures))),
      figureCell('calls_answered_percent', figures.calls_answered_percent,
        formats.percent(figures.calls_answered_percent)),
      figureCell('waittime_avg', figures.waittime_avg, formats.duration(figures.waittime_avg)),
      figureCell('talktime_sum', figures.talktime_sum, formats.duration(figures.talktime_sum)))));
  }

  /** @param {Destination[]} destinations */
  #showTalk(destinations) {
    const { words, formats } = this.context;
    const sorted = [...destinations].sort((a, b) =>
      count(b.figures, 'talktime_sum') - count(a.figures, 'talktime_sum') || a.id - b.id);
    const top = sorted.slice(0, kShown);
    this.destinations.show(top.map(({ name }) => name), [{
      label: words('talk_time'), values: top.map(({ figures }) => count(figures, 'talktime_sum')), colour: '--accent',
    }]);
    this.talk.body.replaceChildren(...sorted.map(({ id, name, figures }) => h('tr', { 'data-destination': id },
      h('th', { scope: 'row' }, h('bdi', {}, name)),
      figureCell('talktime_sum', figures.talktime_sum, formats.duration(figures.talktime_sum)),
      figureCell('calls_answered', figures.calls_answered, formats.number(figures.calls_answered)),
      figureCell('talktime_avg', figures.talktime_avg, formats.duration(figures.talktime_avg)))));
  }

  /** @param {Figures} total */
  #showWaits(total) {
    const { words, formats } = this.context;
    const bins = waits(total, kLimits);
    const labels = bins.map(({ from, to }) => (to === null
      ? words('over', { limit: formats.duration(from) })
      : words('up_to', { limit: formats.duration(to) })));
    this.waits.show(labels, [
      { label: words('answered'), values: bins.map(({ answered }) => answered), colour: '--accent' },
      { label: words('abandoned'), values: bins.map(({ abandoned }) => abandoned), colour: '--bar' },
    ]);
    this.bins.body.replaceChildren(...bins.map(({ answered, abandoned }, index) => h('tr', {},
      h('th', { scope: 'row' }, labels[index]), h('td', {}, formats.number(answered)),
      h('td', {}, formats.number(abandoned)))));
  }

  #showHeat() {
    const { formats } = this.context;
    const { name, form } = kHeatFigures.find((one) => one.name === this.heatFigure.value) ?? kHeatFigures[0];
    const most = this.profile.reduce((top, { figures }) => Math.max(top, count(figures, name)), 0);
    /** @type {Map<number, HTMLElement>} */
    const rows = new Map();
    for (const { weekday, hour, figures } of this.profile) {
      let row = rows.get(weekday);
      if (!row) {
        row = h('tr', {}, h('th', { scope: 'row' }, formats.weekdays[weekday - 1] ?? weekday));
        rows.set(weekday, row);
      }
      const value = figures[name];
      const shade = most > 0 ? Math.ceil((count(figures, name) / most) * kHeat) : 0;
      row.append(figureCell(name, value, formats[form](value),
        { 'data-weekday': weekday, 'data-hour': hour, class: `heat-${shade}` }));
    }
    this.heat.body.replaceChildren(...rows.values());
    this.heat.box.hidden = rows.size === 0;
  }

  /**
   * A link that loads CSV. The token travels in the form of a POST, so the link has no address to follow.
   * @param {string} label
   * @param {(made: Choice) => Question} question
   */
  #csv(label, question) {
    const { api, words, failed } = this.context;
    return h('button', { type: 'button', class: 'link', 'aria-label': `CSV: ${label}`, click: async () => {
      if (!this.made) return;
      try {
        const { name, content } = await api.csv(...question(this.made));
        const address = URL.createObjectURL(content);
        h('a', { href: address, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 10000);
      } catch (failure) {
        this.hint.textContent = failed(failure);
      }
    } }, words('csv'));
  }

  tick() {}

  destroy() {
    for (const chart of [this.callers, this.destinations, this.waits]) chart.destroy();
  }
}
