/** Sends what the person wrote or tapped, and sees it through: shown at once, tried again on request. */

import { postMessage } from "./api.js";

/** Errors that the same text would meet again: the person has to change it. */
const NEEDS_EDITING = new Set(["empty", "too_long"]);

export class Outgoing {
  /** @param {{session: Session, log: ConversationLog, composer: Composer, texts: Texts, notice: (words: string) => void}} page */
  constructor(page) {
    Object.assign(this, page);
  }

  /**
   * @param {string} text  what the server gets
   * @param {string} [title]  what the person sees in its place, for a tapped choice
   */
  send(text, title) {
    const message = { client_id: newId(), text, ...(title && { title }) };
    this.notice("");
    this.log.showPending(message.client_id, title || this.composer.shown(text));
    this.#post(message);
  }

  async #post(message) {
    try {
      await this.session.run(() => postMessage(message));
      this.log.markSent(message.client_id);
    } catch (error) {
      this.#failed(message, error);
    }
  }

  #failed(message, error) {
    const reason = error.message || this.texts.say(`web.error_${error.code}`, { limit: this.session.limit });
    if (NEEDS_EDITING.has(error.code) && !message.title && this.composer.putBack(message.text)) {
      this.log.withdraw(message.client_id);
      this.notice(reason);
      return;
    }
    this.log.markFailed(message.client_id, reason, () => {
      this.log.markSending(message.client_id);
      this.#post(message);
    });
  }
}

/** A random UUID; `randomUUID` alone is missing where the page is served without https. */
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
