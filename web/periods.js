// The periods that the views ask for. All bounds are Unix seconds; an end is exclusive.

import { addDays, instant, isoDate, local } from './zone.js';

/** @typedef {{start: number, end: number}} Period */

/**
 * Today, and the same weekday of last week: its whole day, and what of it had passed at the same time of day.
 * @param {number} now
 * @param {string} zone
 * @returns {{day: Period, before: Period, beforeDay: Period}}
 */
export function todayPeriods(now, zone) {
  const today = local(now, zone);
  const before = addDays(today, -7);
  const beforeDay = { start: instant(before, zone), end: instant(addDays(before, 1), zone) };
  const sameTime = instant({ ...today, ...before }, zone);
  return {
    day: { start: instant(addDays(today, 0), zone), end: instant(addDays(today, 1), zone) },
    before: { start: beforeDay.start, end: Math.min(Math.max(sameTime, beforeDay.start), beforeDay.end) },
    beforeDay,
  };
}

/**
 * What the report opens with: the last seven days, today included.
 * @param {number} now
 * @param {string} zone
 * @returns {{from: string, to: string}} dates, both included
 */
export function lastDays(now, zone) {
  const today = local(now, zone);
  return { from: isoDate(addDays(today, -6)), to: isoDate(today) };
}

/**
 * @param {import('./zone.js').LocalDate} from
 * @param {import('./zone.js').LocalDate} to the last day, included
 * @param {string} zone
 * @returns {Period}
 */
export function daysPeriod(from, to, zone) {
  return { start: instant(from, zone), end: instant(addDays(to, 1), zone) };
}
