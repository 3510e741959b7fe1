// Asks the API. The token is in memory only, and travels in the body: no URL, header or cookie ever has it.

import { Failure, readData, readToken, retryAfterSeconds } from './answers.js';

/** @typedef {Record<string, string | number>} Parameters */

const kTimeoutMs = 15000; // longer than the web server's own limit (10 s)

export class Api {
  #token = '';
  /** Milliseconds that the server's clock is ahead of the browser's. */
  ahead = 0;

  get hasToken() {
    return this.#token !== '';
  }

  /** @param {string} token */
  useToken(token) {
    this.#token = token;
  }

  forget() {
    this.#token = '';
  }

  /**
   * @param {string} username
   * @param {string} password
   */
  async login(username, password) {
    const data = await this.#ask('user/login', { auth_username: username, auth_password: password, token: 1 });
    this.#token = readToken(data);
  }

  /**
   * The data of an answer.
   * @param {string} name of the function
   * @param {Parameters} parameters
   * @param {AbortSignal} [signal]
   */
  async get(name, parameters, signal) {
    return this.#ask(name, { auth_token: this.#token, ...parameters }, signal);
  }

  /**
   * An answer as CSV, with the file name that it came with.
   * @param {string} name
   * @param {Parameters} parameters
   * @returns {Promise<{name: string, content: Blob}>}
   */
  async csv(name, parameters) {
    const { response, content } = await this.#post(name, { auth_token: this.#token, ...parameters, format: 'csv' });
    if (response.status !== 200 || !/^text\/csv\b/.test(response.headers.get('Content-Type') ?? '')) {
      readData(response.status, await content.text(), retryAfter(response));
      throw new Failure('nonsense');
    }
    const file = /filename="?([\w.-]+)"?/.exec(response.headers.get('Content-Disposition') ?? '');
    return { name: file ? file[1] : 'queue-statistics.csv', content };
  }

  /**
   * @param {string} name
   * @param {Parameters} parameters
   * @param {AbortSignal} [signal]
   */
  async #ask(name, parameters, signal) {
    const { response, content } = await this.#post(name, parameters, signal);
    return readData(response.status, await content.text(), retryAfter(response));
  }

  /**
   * @param {string} name
   * @param {Parameters} parameters
   * @param {AbortSignal} [signal]
   */
  async #post(name, parameters, signal) {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), kTimeoutMs);
    const end = () => ending.abort();
    signal?.addEventListener('abort', end);
    try {
      const body = new URLSearchParams();
      for (const [key, value] of Object.entries(parameters)) body.set(key, String(value));
      // Without credentials the browser opens no dialogue of its own for a 401.
      const response = await fetch(`../api/json/${name}/`, {
        method: 'POST', body, credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer', redirect: 'error',
        signal: ending.signal,
      });
      const date = Date.parse(response.headers.get('Date') ?? '');
      if (Number.isFinite(date)) this.ahead = date + 500 - Date.now(); // the header has whole seconds
      return { response, content: await response.blob() };
    } catch {
      throw new Failure('network');
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    }
  }
}

/** @param {Response} response */
const retryAfter = (response) => retryAfterSeconds(response.headers.get('Retry-After'), Date.now());
