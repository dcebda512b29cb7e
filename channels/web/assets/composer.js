/** Where the person writes: a box that grows, a count near the limit, Enter to send. */

const COUNT_FROM = 0.8; // of the limit

export class Composer {
  /**
   * @param {{form: HTMLFormElement, input: HTMLTextAreaElement, counter: HTMLElement}} places
   * @param {Texts} texts
   * @param {Session} session  knows the longest message the server takes
   * @param {(text: string) => boolean} onSend  answers whether the text is on its way; if not it
   *   stays in the box
   */
  constructor({ form, input, counter }, texts, session, onSend) {
    this.form = form;
    this.input = input;
    this.counter = counter;
    this.texts = texts;
    this.session = session;
    this.onSend = onSend;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    input.addEventListener("keydown", (event) => this.#keydown(event));
    input.addEventListener("input", () => this.refresh());
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

  refresh() {
    this.#grow();
    const { limit } = this.session;
    const left = limit - Composer.length(this.input.value.trim());
    const near = left < limit * (1 - COUNT_FROM);
    const key = left < 0 ? "web.over" : "web.left";
    this.counter.textContent = near ? this.texts.say(key, { count: Math.abs(left) }) : "";
    this.counter.classList.toggle("is-over", left < 0);
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
