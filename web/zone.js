// Time zones by Intl alone: local date and time of an instant, and back. Instants are Unix seconds.

/** @typedef {{year: number, month: number, day: number}} LocalDate */
/** @typedef {LocalDate & {hour: number, minute: number, second: number}} Local */

const kDay = 86400;

// Browsers keep names that the zone database has renamed. A zone database may be without the old names.
/** @type {Record<string, string>} */
const kRenamed = {
  'Africa/Asmera': 'Africa/Asmara', 'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca', 'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba', 'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis', 'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville', 'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Katmandu': 'Asia/Kathmandu', 'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh', 'Atlantic/Faeroe': 'Atlantic/Faroe', 'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton', 'Pacific/Ponape': 'Pacific/Pohnpei', 'Pacific/Truk': 'Pacific/Chuuk',
};

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {string} zone */
function format(zone) {
  let known = formats.get(zone);
  if (!known) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
      minute: 'numeric', second: 'numeric',
    });
    formats.set(zone, known);
  }
  return known;
}

/**
 * The names by which to ask for a zone, the best first: its new name, its name in the browser, UTC. A zone that the
 * browser itself cannot compute with (Etc/Unknown) is UTC.
 * @param {string | undefined} zone
 * @returns {string[]}
 */
export function zoneNames(zone) {
  if (!zone) return ['UTC'];
  const names = [kRenamed[zone], zone].filter((name) => {
    if (!name || name === 'Etc/Unknown') return false;
    try {
      format(name);
      return true;
    } catch {
      return false;
    }
  });
  return [...new Set([...names, 'UTC'])];
}

/**
 * @param {number} instant
 * @param {string} zone
 * @returns {Local}
 */
export function local(instant, zone) {
  /** @type {Record<string, number>} */
  const part = {};
  for (const { type, value } of format(zone).formatToParts(instant * 1000)) part[type] = Number(value);
  return {
    year: part['year'], month: part['month'], day: part['day'], hour: part['hour'], minute: part['minute'],
    second: part['second'],
  };
}

/** @param {LocalDate & Partial<Local>} of_ */
function asUtc({ year, month, day, hour = 0, minute = 0, second = 0 }) {
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/**
 * Seconds that the zone's clocks are ahead of UTC.
 * @param {number} instant
 * @param {string} zone
 */
function offset(instant, zone) {
  const whole = Math.floor(instant);
  return asUtc(local(whole, zone)) - whole;
}

/**
 * The instant of a local time. A time that occurs twice is the first one; a time that is left out is the moment at
 * which the clocks are put forward.
 * @param {LocalDate & Partial<Local>} time
 * @param {string} zone
 */
export function instant(time, zone) {
  const wanted = asUtc(time);
  const near = [offset(wanted - kDay, zone), offset(wanted + kDay, zone)].map((ahead) => wanted - ahead);
  near.sort((a, b) => a - b);
  for (const candidate of near) {
    if (candidate + offset(candidate, zone) === wanted) return candidate;
  }
  let [before, after] = near; // the change lies in (before, after]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offset(middle, zone) >= wanted) after = middle;
    else before = middle;
  }
  return after;
}

/**
 * @param {LocalDate} date
 * @param {number} days
 * @returns {LocalDate}
 */
export function addDays({ year, month, day }, days) {
  const moved = new Date(Date.UTC(year, month - 1, day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/**
 * YYYY-MM-DD, as <input type="date"> has it.
 * @param {LocalDate} date
 */
export function isoDate({ year, month, day }) {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/**
 * @param {string} text
 * @returns {LocalDate | null} null: not a date that exists
 */
export function parseDate(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return isoDate(addDays(date, 0)) === text ? date : null;
}
