/**
 * The person's session: opened when the page starts and again when the server no longer knows it.
 * The cookie is out of reach of scripts; what the page holds is only words, language and limits.
 */

import * as api from "./api.js";

export class Session {
  /** @param {Texts} texts  filled from the server's answer; its variant is the page's language */
  constructor(texts) {
    this.texts = texts;
    this.limit = Infinity;
    this.opening = null;
    this.onRenewed = () => {};
  }

  /** The first opening: the server says which language the person reads. */
  async open() {
    const answer = await api.openSession();
    this.limit = answer.limits.text;
    this.texts.load(answer.texts, answer.variant);
  }

  /**
   * A new session in the language that the page is in now. Callers that find the old one gone at
   * the same moment share one renewal.
   */
  renew() {
    if (!this.opening) {
      this.opening = this.#renewOnce().finally(() => { this.opening = null; });
    }
    return this.opening;
  }

  async #renewOnce() {
    const { variant } = this.texts;
    await this.open();
    if (this.texts.variant !== variant) {
      this.texts.variant = variant;
      await api.postLanguage(variant);
    }
    this.onRenewed();
  }

  /** Run a call; when the session has gone, start a new one and run it once more. */
  async run(request) {
    try {
      return await request();
    } catch (error) {
      if (error.code !== "session") throw error;
      await this.renew();
      return request();
    }
  }
}
