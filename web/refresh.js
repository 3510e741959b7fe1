// When to ask again. One refresh at a time; the next one is due some time after the answer to the last one.

import { Failure } from './answers.js';

const kIntervalSeconds = 15;
const kLongestSeconds = 120;

/**
 * Seconds until the next refresh.
 * @param {number} failures in a row
 * @param {number} retryAfter seconds that the server asked for, 0: none
 * @param {number} random in [0, 1)
 * @param {boolean} [exact] without failures: no spreading
 */
export function delaySeconds(failures, retryAfter, random, exact = false) {
  const spread = exact && failures === 0 ? 1 : 0.8 + 0.4 * random;
  const wait = Math.min(kIntervalSeconds * 2 ** Math.max(0, failures - 1), kLongestSeconds) * spread;
  return Math.max(Math.min(wait, kLongestSeconds), retryAfter);
}

/**
 * What a refresher needs of its surroundings: milliseconds that only go forward, timers, chance.
 * @typedef {{now: () => number, setTimeout: (run: () => void, ms: number) => any, clearTimeout: (timer: any) => void,
 *   random: () => number}} Surroundings
 */

export class Refresher {
  /**
   * @param {(signal: AbortSignal) => Promise<void>} load one refresh; throws what failed
   * @param {{failed: (failure: unknown) => void, repeats: () => boolean, exact: () => boolean}} options
   *   repeats: whether to ask again after an answer; a failure is tried again in any case, but for a login that ended
   * @param {Surroundings} surroundings
   */
  constructor(load, options, surroundings) {
    this.load = load;
    this.options = options;
    this.surroundings = surroundings;
    this.failures = 0;
    this.due = 0;
    this.stopped = true;
    this.hidden = false;
    /** @type {any} */
    this.timer = undefined;
    /** @type {AbortController | undefined} the refresh under way */
    this.running = undefined;
    this.again = false;
  }

  /** Asks at once, also after a stop. A refresh under way is given up first. */
  start() {
    this.stopped = false;
    this.failures = 0;
    this.due = this.surroundings.now();
    if (this.running) {
      this.again = true;
      this.running.abort();
    } else {
      this.#schedule();
    }
  }

  stop() {
    this.stopped = true;
    this.again = false;
    this.running?.abort();
    this.surroundings.clearTimeout(this.timer);
  }

  /** @param {boolean} hidden nobody looks: nothing is asked until somebody does again */
  setHidden(hidden) {
    this.hidden = hidden;
    this.#schedule();
  }

  #schedule() {
    this.surroundings.clearTimeout(this.timer);
    if (this.stopped || this.hidden || this.running || this.due === Infinity) return;
    const wait = Math.max(0, this.due - this.surroundings.now());
    this.timer = this.surroundings.setTimeout(() => this.#run(), wait);
  }

  async #run() {
    const running = (this.running = new AbortController());
    let retryAfter = 0;
    let repeats = true;
    try {
      await this.load(running.signal);
      this.failures = 0;
      repeats = this.options.repeats();
    } catch (failure) {
      if (!running.signal.aborted) {
        this.failures += 1;
        if (failure instanceof Failure) retryAfter = failure.retryAfter;
        if (failure instanceof Failure && failure.kind === 'login') this.stopped = true;
        this.options.failed(failure);
      }
    }
    this.running = undefined;
    const { now, random } = this.surroundings;
    if (this.again) {
      this.again = false;
      this.due = now();
    } else {
      const wait = delaySeconds(this.failures, retryAfter, random(), this.options.exact());
      this.due = repeats ? now() + wait * 1000 : Infinity;
    }
    this.#schedule();
  }
}
