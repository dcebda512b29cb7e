/** The language switch: a button that opens a short list, each language in its own name. */

import { LANG } from "./texts.js";

export class LanguageSwitch {
  /**
   * @param {{root: HTMLElement, button: HTMLButtonElement, list: HTMLElement, current: HTMLElement}} places
   * @param {(variant: string) => void} onChoose
   */
  constructor({ root, button, list, current }, onChoose) {
    this.button = button;
    this.list = list;
    this.current = current;
    button.addEventListener("click", () => this.#open(list.hidden));
    list.addEventListener("click", (event) => {
      const choice = event.target.closest("[data-variant]");
      if (!choice) return;
      this.#open(false);
      button.focus();
      onChoose(choice.dataset.variant);
    });
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || list.hidden) return;
      this.#open(false);
      button.focus();
    });
    root.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !root.contains(event.relatedTarget)) this.#open(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!root.contains(event.target)) this.#open(false);
    });
  }

  /** Show which language the page is in. */
  show(variant) {
    this.current.lang = LANG[variant];
    for (const choice of this.list.querySelectorAll("[data-variant]")) {
      const chosen = choice.dataset.variant === variant;
      choice.setAttribute("aria-current", String(chosen));
      if (chosen) this.current.textContent = choice.textContent;
    }
  }

  #open(open) {
    this.list.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
  }
}
