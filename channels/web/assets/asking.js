/**
 * What the message box must know of the question that is open: whether the answer is personal, and
 * how a phone's keyboard helps with it.
 */

/** Questions whose answers the server hides in the history; so does the page, from the first moment. */
const PERSONAL = {
  birth_date: {},
  name: { autocapitalize: "words" },
  document_number: { autocapitalize: "characters" },
  phone: { inputmode: "tel" },
  guardian_name: { autocapitalize: "words" },
  guardian_document_number: { autocapitalize: "characters" },
};
const OTHERS = { reference: { autocapitalize: "characters", spellcheck: "false" } };
/** A spelling checker may send what it checks to its maker, and a keyboard learns what it corrects. */
const UNCHECKED = { spellcheck: "false", autocorrect: "off", autocapitalize: "off" };

/** @param {string|null} slot  what the server says it asks for (`asks`) */
export const isPersonal = (slot) => Object.hasOwn(PERSONAL, slot);

/** @returns {Object<string, string>} attributes of the box while `slot` is asked for */
export function helps(slot) {
  return isPersonal(slot) ? { ...UNCHECKED, ...PERSONAL[slot] } : OTHERS[slot] || {};
}

/** A personal answer as the server will show it: the first sign of each word. */
export function hidden(text) {
  const rest = (_, first, more) => first + "*".repeat([...more].length);
  return text.replace(/([\p{L}\p{N}_])([\p{L}\p{M}\p{N}_]+)/gu, rest);
}
