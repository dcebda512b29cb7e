/**
 * Links to the assistant's own files. A picture is shown in the chat, any other file is kept or
 * opened by the device; the chat stays where it is.
 */

import { element, icon } from "./dom.js";

const OWN = /^\/appointments\/[0-9a-f]{64}\/(calendar\.ics|qr\.svg|export\.json)$/;
const PICTURE_PX = 240; // large enough to be scanned from a hand's breadth away

/**
 * @param {{title: string, url: string}} link  by its path alone: the page may have been opened
 *   under another name of this very server
 * @param {string} newWindow  what a screen reader says of a link that opens a new window
 * @returns {HTMLAnchorElement|null} null when it leads elsewhere
 */
export function fileLink({ title, url }, newWindow) {
  const path = pathOf(url);
  const [, name] = OWN.exec(path) || [];
  if (!name) return null;
  if (name === "qr.svg") return picture(title, path, newWindow);
  return element("a", { class: "button", href: path, download: true }, title, icon("file"));
}

function pathOf(url) {
  try {
    return new URL(url, location.origin).pathname;
  } catch {
    return "";
  }
}

/** Shown in the chat; tapped, it fills a window of its own. */
function picture(title, path, newWindow) {
  return element(
    "a", { class: "picture", href: path, target: "_blank", rel: "noopener noreferrer" },
    element("img", { src: path, alt: title, width: PICTURE_PX, height: PICTURE_PX }),
    element("span", { class: "spoken" }, ` ${newWindow}`),
  );
}
