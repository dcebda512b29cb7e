/** The list of messages: what came from the server and what the person has just written. */

import { element } from "./dom.js";
import { ownMessage, reply, reword } from "./message.js";

export class ConversationLog {
  /**
   * @param {object} places  `log`, `typing`: elements; `scrolling`: Scrolling
   * @param {Texts} texts
   * @param {(button: {title: string, payload: string}) => void} onChoose
   */
  constructor({ log, typing, scrolling }, texts, onChoose) {
    this.log = log;
    this.typing = typing;
    this.scrolling = scrolling;
    this.texts = texts;
    this.onChoose = onChoose;
    this.clear();
  }

  /** Empty, and waiting for the history: what comes before `settle` is neither read out nor followed. */
  clear() {
    this.log.replaceChildren();
    this.log.setAttribute("aria-busy", "true");
    this.settled = false;
    this.seen = new Set();
    this.pending = new Map();
    this.turn = null;
    this.greeting = null;
    this.setTyping(false);
  }

  /** The history is complete. */
  settle() {
    if (this.settled) return;
    this.settled = true;
    if (!this.log.childElementCount) this.greet();
    this.log.setAttribute("aria-busy", "false");
    if (this.turn) this.scrolling.toTurn(this.turn, "instant");
  }

  /** The first words and example questions, in the language of the page. */
  greet() {
    const { texts } = this;
    const examples = ["web.example_1", "web.example_2", "web.example_3", "web.example_4"];
    const made = reply({
      variant: texts.variant,
      lead: texts.say("web.greeting"),
      note: texts.say("web.greeting_note"),
      buttons: examples.map((key) => ({ title: texts.say(key), payload: texts.say(key) })),
    }, texts, this.onChoose);
    made.classList.toggle("is-latest", !this.greeting || this.greeting.classList.contains("is-latest"));
    if (this.greeting) this.greeting.replaceWith(made);
    else this.log.append(made);
    this.greeting = made;
  }

  /** The page changed its language: the greeting is the only message in the page's own words. */
  changeLanguage() {
    if (this.greeting) this.greet();
    if (this.typing.textContent) this.setTyping(true);
  }

  /**
   * A message from the stream. One that is here already (sent again after a reconnection, or the
   * echo of what the person wrote) is not shown twice.
   */
  receive(message, id) {
    const mark = `${id} ${message.time}`;
    if (this.seen.has(mark)) return;
    this.seen.add(mark);
    if (message.from === "user") this.#receiveOwn(message);
    else this.#receiveReply(message);
  }

  #receiveOwn(message) {
    const pending = this.pending.get(message.client_id);
    if (!pending) {
      this.#add(ownMessage(message, this.texts), true);
      return;
    }
    reword(pending, message.text);
    this.markSent(message.client_id);
  }

  #receiveReply(message) {
    const made = reply(message, this.texts, this.onChoose);
    const newTurn = !this.log.lastElementChild || this.log.lastElementChild === this.turn;
    if (newTurn || (message.buttons || []).length) {
      this.log.querySelectorAll(".is-latest").forEach((older) => older.classList.remove("is-latest"));
    }
    made.classList.add("is-latest");
    this.#add(made, false);
  }

  /** Show at once what the person wrote, before the server has it. */
  showPending(clientId, text) {
    const { variant } = this.texts;
    const made = ownMessage({ variant, text, time: new Date().toISOString() }, this.texts);
    this.pending.set(clientId, made);
    this.#add(made, true);
    this.markSending(clientId);
  }

  markSending(clientId) {
    const words = element("span", { class: "message__sending" }, this.texts.say("web.sending"));
    this.#state(clientId, words);
  }

  markSent(clientId) {
    this.#state(clientId);
  }

  /** Say kindly what went wrong, with a button that tries again. */
  markFailed(clientId, reason, onRetry) {
    const again = element("button", { class: "button", type: "button", click: onRetry },
      this.texts.say("web.retry"));
    this.#state(clientId, element("span", { class: "message__reason" }, reason), again);
    if (this.turn) this.scrolling.toTurn(this.turn);
  }

  /** Take back a message that could not be sent as it is. */
  withdraw(clientId) {
    this.pending.get(clientId).remove();
    this.pending.delete(clientId);
  }

  #state(clientId, ...parts) {
    const made = this.pending.get(clientId);
    if (!made) return;
    made.querySelectorAll(".message__state").forEach((old) => old.remove());
    if (parts.length) made.append(element("div", { class: "message__state" }, ...parts));
  }

  setTyping(on) {
    this.typing.textContent = on ? this.texts.say("web.typing") : "";
  }

  #add(made, beginsTurn) {
    this.log.append(made);
    if (beginsTurn || !this.turn) this.turn = made;
    if (this.settled) this.scrolling.toTurn(this.turn);
  }
}
