/**
 * What this browser remembers for the person: large text. Private windows and strict settings
 * forbid storage; the switch then simply lasts as long as the page.
 */

const LARGE_TEXT = "onestop.large_text";

/** Whether this browser was asked for large text before. */
export function largeText() {
  try {
    return localStorage.getItem(LARGE_TEXT) === "on";
  } catch {
    return false;
  }
}

export function setLargeText(on) {
  document.documentElement.toggleAttribute("data-large", on);
  try {
    localStorage.setItem(LARGE_TEXT, on ? "on" : "off");
  } catch {
    // Nothing to do: the page has changed already.
  }
}
