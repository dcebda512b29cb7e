/** Where the person writes: a box that grows, a count near the limit, Enter to send. */

import { helps, hidden, isPersonal } from "./asking.js";

const COUNT_FROM = 0.8; // of the limit

export class Composer {
  /**
   * @param {object} places  `form`, `input` (a textarea), `counter`, `secret`: what there is to
   *   know about a personal answer, `letters`: the button that brings the letters back
   * @param {Texts} texts
   * @param {Session} session  knows the longest message the server takes
   * @param {(text: string) => boolean} onSend  answers whether the text is on its way; if not it
   *   stays in the box
   */
  constructor(places, texts, session, onSend) {
    Object.assign(this, places);
    const { form, input, letters } = places;
    this.asked = null;
    this.texts = texts;
    this.session = session;
    this.onSend = onSend;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    input.addEventListener("keydown", (event) => this.#keydown(event));
    input.addEventListener("input", () => this.refresh());
    letters.addEventListener("click", () => this.#bringLetters());
    // The width of the window and the size of the letters change how many lines a text takes.
    new ResizeObserver(() => this.#grow()).observe(form);
  }

  /** Characters as the server counts them: one for each code point. */
  static length(text) {
    return [...text].length;
  }

  /** Give a text back to the person, unless they have begun another. */
  putBack(text) {
    if (this.input.value.trim()) return false;
    this.input.value = text;
    this.refresh();
    this.input.focus();
    return true;
  }

  clear() {
    this.input.value = "";
    this.refresh();
  }

  /** @param {string|null} slot  what the assistant now asks for, if anything */
  ask(slot) {
    for (const name of Object.keys(helps(this.asked))) this.input.removeAttribute(name);
    this.asked = slot || null;
    const attributes = helps(this.asked);
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
    this.secret.hidden = !isPersonal(this.asked);
    this.letters.hidden = !attributes.inputmode;
  }

  /** What may be seen of a text once it has been sent. */
  shown(text) {
    return isPersonal(this.asked) ? hidden(text) : text;
  }

  refresh() {
    this.#grow();
    const { limit } = this.session;
    const left = limit - Composer.length(this.input.value.trim());
    const near = left < limit * (1 - COUNT_FROM);
    const key = left < 0 ? "web.over" : "web.left";
    this.counter.textContent = near ? this.texts.say(key, { count: Math.abs(left) }) : "";
    this.counter.classList.toggle("is-over", left < 0);
  }

  /** Phones show digits alone for a telephone number; a person may want to say something else. */
  #bringLetters() {
    this.input.removeAttribute("inputmode");
    this.letters.hidden = true;
    this.input.focus();
  }

  #keydown(event) {
    // An input method uses Enter to choose a word; 229 is how older browsers say so.
    const choosingWord = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || choosingWord) return;
    event.preventDefault();
    this.#send();
  }

  #send() {
    if (this.onSend(this.input.value.trim())) this.clear();
    else this.input.focus();
  }

  #grow() {
    this.input.style.height = "auto";
    const borders = this.input.offsetHeight - this.input.clientHeight;
    this.input.style.height = `${this.input.scrollHeight + borders}px`;
  }
}
