// Numbers, times and durations as the person's language writes them.

export class Formats {
  /**
   * @param {string} language
   * @param {string} zone
   */
  constructor(language, zone) {
    /** @param {Intl.DateTimeFormatOptions} options */
    const date = (options) => new Intl.DateTimeFormat(language, { timeZone: zone, ...options });
    this.numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
    this.percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
    this.times = date({ hour: '2-digit', minute: '2-digit' });
    this.hours = date({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this.shortHours = date({ hour: '2-digit', hourCycle: 'h23' });
    this.days = date({ weekday: 'long', day: 'numeric', month: 'long' });
    this.dates = date({ year: 'numeric', month: 'short', day: 'numeric' });
    this.moments = date({ year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
    this.weekdayNames = date({ weekday: 'long' });
    const utc = new Intl.DateTimeFormat(language, { timeZone: 'UTC', weekday: 'short' });
    // 1 = Monday: 5 January 1970 was one.
    this.weekdays = [0, 1, 2, 3, 4, 5, 6].map((day) => utc.format((4 + day) * 86400000));
  }

  /** @param {number | null | undefined} value */
  number(value) {
    return value === null || value === undefined ? '–' : this.numbers.format(value);
  }

  /** @param {number | null | undefined} value of 100 */
  percent(value) {
    return value === null || value === undefined ? '–' : this.percents.format(value / 100);
  }

  /** @param {number | null | undefined} value */
  duration(value) {
    return duration(value);
  }

  /** @param {number} instant */
  time(instant) {
    return this.times.format(instant * 1000);
  }

  /** @param {number} instant of a full local hour or quarter: 09:00 */
  hour(instant) {
    return this.hours.format(instant * 1000);
  }

  /** @param {number} instant the hour alone: 09 */
  shortHour(instant) {
    const parts = this.shortHours.formatToParts(instant * 1000);
    return parts.find(({ type }) => type === 'hour')?.value ?? '';
  }

  /** @param {number} instant */
  day(instant) {
    return this.days.format(instant * 1000);
  }

  /** @param {number} instant */
  date(instant) {
    return this.dates.format(instant * 1000);
  }

  /** @param {number} instant */
  moment(instant) {
    return this.moments.format(instant * 1000);
  }

  /** @param {number} instant */
  weekday(instant) {
    return this.weekdayNames.format(instant * 1000);
  }
}

/**
 * Seconds as 0:07, 12:34 or 1:02:03; fractions of a second are rounded.
 * @param {number | null | undefined} seconds
 */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
