// Elements. Text becomes text nodes, so names with markup stay names.

const kSvg = 'http://www.w3.org/2000/svg';

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * @param {Element} element
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes] a function listens for the event of its name
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/**
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(kSvg, tag);
  fill(element, attributes, children);
  return element;
}

/**
 * The element of this id, which index.html has.
 * @template {HTMLElement} Type
 * @param {string} id
 * @param {new () => Type} type
 * @returns {Type}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no ${id}`);
  return element;
}

/**
 * What an element shows of a figure.
 * @param {Element} element
 * @param {string} name the figure's name in the API
 * @param {number | null | undefined} value
 * @param {string} text
 * @param {'now' | 'before'} [period]
 */
export function setFigure(element, name, value, text, period) {
  element.setAttribute('data-figure', name);
  element.setAttribute('data-value', value === null || value === undefined ? '' : String(value));
  if (period) element.setAttribute('data-period', period);
  if (element.textContent !== text) element.textContent = text;
}

/**
 * A cell of a table with a figure in it.
 * @param {string} name
 * @param {number | null | undefined} value
 * @param {string} text
 * @param {Attributes} [attributes]
 */
export function figureCell(name, value, text, attributes = {}) {
  const cell = h('td', attributes);
  setFigure(cell, name, value, text);
  return cell;
}

/**
 * A bar behind a number, as wide as its share.
 * @param {number} share 0..1
 */
export function bar(share) {
  const width = `${Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 10}%`;
  return svg('svg', { 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width, height: '100%' }));
}

/**
 * A table in a box that scrolls by itself, also by the keyboard.
 * @param {string} caption
 * @param {Child[]} heads cells of the head
 * @returns {{box: HTMLElement, body: HTMLElement, foot: HTMLElement}}
 */
export function table(caption, heads) {
  const head = h('tr', {}, ...heads);
  const body = h('tbody');
  const foot = h('tfoot');
  const box = h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', { class: 'unseen' }, caption), h('thead', {}, head), body, foot));
  return { box, body, foot };
}

/** @param {string} text */
export const columnHead = (text) => h('th', { scope: 'col' }, text);
