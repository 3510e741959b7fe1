// The page's words in the person's language: one JSON file per language.

const kLanguages = ['en', 'de', 'es', 'fr'];

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Words */

/**
 * The first language of the person's that the page has.
 * @param {readonly string[]} wanted BCP 47
 */
export function chooseLanguage(wanted) {
  const known = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => kLanguages.includes(tag));
  return known ?? 'en';
}

/**
 * What Intl formats with: the person's own variant (de-AT, en-GB) of the page's language where there is one.
 * @param {readonly string[]} wanted
 * @param {string} language
 */
export function formatLanguage(wanted, language) {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

/**
 * @param {string} language
 * @returns {Promise<Words>} rejected where they do not come
 */
export async function loadWords(language) {
  const response = await fetch(`words/${language}.json`, { credentials: 'omit' });
  if (!response.ok) throw new Error(`${response.status}`);
  const texts = /** @type {Record<string, string>} */ (await response.json());
  return (key, values = {}) => fillIn(texts[key] ?? key, values);
}

/**
 * @param {string} text with {name} where a value belongs
 * @param {Record<string, string | number>} values
 */
export const fillIn = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
