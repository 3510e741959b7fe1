// What the address's fragment says: the view and the queue. A wallboard's token is taken out of it at once, before any
// other module has been loaded.

/** @typedef {'today' | 'report' | 'wall'} View */

let token = '';

/**
 * @param {string} fragment with or without #
 * @returns {{view: View, queue: number | null, token: string}}
 */
export function parseFragment(fragment) {
  const [name, ...pairs] = fragment.replace(/^#/, '').split('&');
  /** @type {View} */
  const view = name === 'report' || name === 'wall' ? name : 'today';
  let queue = null;
  let found = '';
  for (const pair of pairs) {
    const [key, value = ''] = pair.split('=');
    if (key === 'queue' && /^[0-9]{1,15}$/.test(value) && Number(value) > 0) queue = Number(value);
    if (key === 'token') found = value;
  }
  return { view, queue, token: found };
}

/**
 * @param {View} view
 * @param {number | null} queue
 */
export const fragmentOf = (view, queue) => `#${view}${queue === null ? '' : `&queue=${queue}`}`;

/** Moves a token from the address into memory. Any fragment that has the word is rewritten, whatever its form. */
export function clearToken() {
  const { view, queue, token: found } = parseFragment(location.hash);
  if (!/token/i.test(location.hash)) return;
  token = found;
  history.replaceState(null, '', fragmentOf(view, queue));
}

/** The token of the address, once. */
export function takeToken() {
  const taken = token;
  token = '';
  return taken;
}

if (typeof location !== 'undefined') clearToken();
