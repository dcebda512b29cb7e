/**
 * Turns web addresses and telephone numbers in a reply into links. Only shapes that cannot be
 * anything else count as a telephone number: a wrong link on a fee, a date or a reference number
 * would be worse than none.
 */

import { element, icon } from "./dom.js";

const WEB = String.raw`https:\/\/[^\s<>"'，。；、）」』】]*[^\s<>"'，。；、）」』】.,;:!?)]`;
const ABROAD = String.raw`\+(?:852|853)[ -]?\d{4}[ -]?\d{4}|\+86[ -]?\d(?:[ -]?\d){6,11}`;
const BRACKETED = String.raw`\((?:852|853)\) ?\d{4}(?:[ -]?\d{4})?`;
const HONG_KONG = String.raw`(?!20\d\d)[2-9]\d{3} \d{4}`; // 20xx xxxx would be two years
const HOTLINE = "1823|1868|12345|12367";
const CANDIDATE = new RegExp(`${WEB}|${ABROAD}|${BRACKETED}|${HONG_KONG}|${HOTLINE}`, "g");

// A number that goes on, or that has a currency sign or a unit, is not a telephone number.
const GOES_ON_BEFORE = /[\dA-Za-z$¥￥/#+-]$|\d[.,:]$|(?:HKD|RMB|CNY|MOP) $/;
const GOES_ON_AFTER = /^(?:[\dA-Za-z/%-]|[.,:]\d| \d| ?[元圓块塊蚊年月日號号])/;

/** Hotlines that are dialled with a country code from the other side of the boundary. */
const HOME = { 1868: "+8521868" };

/**
 * @param {string} text
 * @param {string} newWindow  what a screen reader says of a link that opens a new window
 * @returns {Array<string|HTMLAnchorElement>} the same text, with links where they are due
 */
export function linkify(text, newWindow) {
  const pieces = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(CANDIDATE)) {
    const link = found.startsWith("https:")
      ? webLink(found, found, newWindow)
      : telephoneLink(found, text.slice(0, index), text.slice(index + found.length));
    if (!link) continue;
    pieces.push(text.slice(done, index), link);
    done = index + found.length;
  }
  pieces.push(text.slice(done));
  return pieces.filter((piece) => piece !== "");
}

function telephoneLink(shown, before, after) {
  if (GOES_ON_BEFORE.test(before) || GOES_ON_AFTER.test(after)) return null;
  return element("a", { class: "telephone", href: `tel:${dialled(shown)}` }, shown);
}

function dialled(shown) {
  const digits = shown.replace(/\D/g, "");
  if (/^[+(]/.test(shown)) return `+${digits}`;
  if (digits.length === 8) return `+852${digits}`;
  return HOME[digits] || digits;
}

/**
 * A link that opens in a new window and says so; plain text when the address is neither https nor
 * of this site, so that a reply can never run a script or lead to an unprotected page.
 */
export function webLink(title, address, newWindow, className = null) {
  const url = safeUrl(address);
  if (!url) return element("span", {}, title);
  return element(
    "a",
    { class: className, href: url, target: "_blank", rel: "noopener noreferrer" },
    title, icon("out"), element("span", { class: "spoken" }, ` ${newWindow}`),
  );
}

function safeUrl(address) {
  try {
    const url = new URL(address, location.origin);
    return url.protocol === "https:" || url.origin === location.origin ? url.href : null;
  } catch {
    return null;
  }
}
