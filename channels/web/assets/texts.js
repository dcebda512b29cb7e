/**
 * The words of the page in the four variants. They come from the server with the session, so that
 * whoever edits a sentence never touches code.
 */

/** The `lang` attribute of each variant: it chooses the voice of a screen reader and the fonts. */
export const LANG = {
  yue: "zh-HK",
  zh_hant: "zh-Hant-HK",
  zh_hans: "zh-Hans-CN",
  en: "en-HK",
};

const FILLERS = {
  "data-text": (target, words) => { target.textContent = words; },
  "data-label": (target, words) => { target.setAttribute("aria-label", words); },
  "data-placeholder": (target, words) => { target.setAttribute("placeholder", words); },
};

export class Texts {
  constructor() {
    this.all = {};
    this.variant = "yue";
  }

  /** @param {Object<string, Object<string, string>>} all  variant → key → words */
  load(all, variant) {
    this.all = all;
    this.variant = variant;
  }

  /**
   * @param {string} key
   * @param {Object<string, string|number>} values  what stands in the {places} of the words
   * @param {string} variant  the page's own unless given
   * @returns {string} empty when nobody has written these words
   */
  say(key, values = {}, variant = this.variant) {
    const words = (this.all[variant] || {})[key] || (this.all.en || {})[key] || "";
    return words.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
  }

  /** Write the words of the current variant wherever the page asks for them. */
  fill(page = document) {
    page.documentElement.lang = LANG[this.variant];
    page.title = this.say("web.title");
    for (const [attribute, put] of Object.entries(FILLERS)) {
      for (const target of page.querySelectorAll(`[${attribute}]`)) {
        put(target, this.say(target.getAttribute(attribute)));
      }
    }
  }
}
