// Charts by Chart.js, in the colours of style.css. Each has its table beside it; without Chart.js the table stands
// alone.

import { h } from './dom.js';

/** @typedef {{label: string, values: (number | null)[], colour: string, line?: boolean}} Series */

// Between the lines of a chart of seconds: parts of minutes, hours and days.
const kSteps = [5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400];

/** @type {Set<Chart>} */
const charts = new Set();

/** @param {string} name of a custom property */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class Chart {
  /**
   * @param {string} label what screen readers say
   * @param {HTMLElement} table
   * @param {string} showTable the summary of the table's details
   * @param {{stacked?: boolean, horizontal?: boolean, seconds?: boolean, format: (value: number) => string}} options
   */
  constructor(label, table, showTable, options) {
    this.options = options;
    this.canvas = h('canvas', { role: 'img', 'aria-label': label });
    this.frame = h('div', { class: 'chart' }, this.canvas);
    this.details = h('details', {}, h('summary', {}, showTable), table);
    this.element = h('div', {}, this.frame, this.details);
    /** @type {any} */
    this.chart = undefined;
    /** @type {string[]} */
    this.labels = [];
    /** @type {Series[]} */
    this.series = [];
    charts.add(this);
  }

  /**
   * @param {string[]} labels
   * @param {Series[]} series
   */
  show(labels, series) {
    this.labels = labels;
    this.series = series;
    const library = /** @type {any} */ (globalThis).Chart;
    if (!library) {
      this.frame.hidden = true;
      this.details.open = true;
      return;
    }
    if (this.options.horizontal) {
      this.frame.dataset.rows = String(Math.max(2, Math.min(labels.length, 15)));
    }
    const data = { labels, datasets: series.map((one) => this.#dataset(one)) };
    if (!this.chart) {
      library.defaults.font.family = getComputedStyle(document.body).fontFamily;
      this.chart = new library(this.canvas, { type: 'bar', data, options: this.#settings() });
    } else {
      this.chart.data = data;
      this.chart.options = this.#settings();
      this.chart.update('none');
    }
  }

  /** @param {Series} series */
  #dataset({ label, values, colour: name, line }) {
    const paint = colour(name);
    return line
      ? { type: 'line', label, data: values, borderColor: paint, backgroundColor: paint, borderWidth: 2,
          borderDash: [5, 4], pointStyle: 'line', pointRadius: 0, pointHitRadius: 12, tension: 0.3, spanGaps: false,
          order: 0 }
      : { label, data: values, backgroundColor: paint, borderRadius: 3, maxBarThickness: 40, order: 1,
          pointStyle: 'rectRounded',
          stack: this.options.stacked ? 'one' : label };
  }

  #settings() {
    const text = colour('--muted');
    const grid = colour('--line');
    const number = this.options.format;
    const across = this.options.horizontal;
    const most = Math.max(0, ...this.series.flatMap(({ values }) => values.map((value) => value ?? 0)));
    const step = kSteps.find((seconds) => most <= 5 * seconds) ?? 86400 * Math.ceil(most / 5 / 86400);
    const names = {
      stacked: this.options.stacked, grid: { display: false }, border: { display: false },
      ticks: { color: text, maxRotation: 0, autoSkipPadding: 12, autoSkip: !across },
    };
    const numbers = {
      stacked: this.options.stacked, beginAtZero: true, grid: { color: grid, drawBorder: false },
      // As wide in every chart, so that charts below each other have their hours below each other.
      afterFit: (/** @type {any} */ scale) => {
        if (!across) scale.width = Math.max(scale.width, 52);
      },
      ticks: {
        color: text, precision: 0, maxTicksLimit: 7, ...(this.options.seconds ? { stepSize: step } : {}),
        callback: (/** @type {number} */ value) => number(value),
      },
    };
    return {
      animation: false, responsive: true, maintainAspectRatio: false, indexAxis: across ? 'y' : 'x',
      interaction: { mode: 'index', intersect: false, axis: across ? 'y' : 'x' },
      scales: across ? { x: numbers, y: names } : { x: names, y: numbers },
      plugins: {
        legend: {
          display: this.series.length > 1, position: 'bottom', align: 'start',
          labels: {
            color: text, usePointStyle: true, boxWidth: 18, padding: 16,
            sort: (/** @type {any} */ a, /** @type {any} */ b) => a.datasetIndex - b.datasetIndex,
          },
        },
        tooltip: {
          callbacks: {
            label: (/** @type {any} */ item) => {
              const value = across ? item.parsed.x : item.parsed.y;
              return ` ${item.dataset.label}: ${value === null ? '–' : number(value)}`;
            },
          },
        },
      },
    };
  }

  /** Again in the colours of now. */
  paint() {
    if (this.chart) this.show(this.labels, this.series);
  }

  destroy() {
    charts.delete(this);
    this.chart?.destroy();
  }
}

/** After a change of colours. */
export function paintAll() {
  for (const chart of charts) chart.paint();
}

/** @param {boolean} printing paper is white, and 18 cm wide */
export function forPrint(printing) {
  document.documentElement.toggleAttribute('data-paper', printing);
  for (const chart of charts) {
    chart.paint();
    if (printing) chart.chart?.resize(660, chart.frame.clientHeight || 240);
    else chart.chart?.resize();
  }
}
