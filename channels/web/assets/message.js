/** Makes the element of one message: the person's own bubble or the assistant's reply. */

import { element } from "./dom.js";
import { fileLink } from "./files.js";
import { linkify, webLink } from "./linkify.js";
import { LANG } from "./texts.js";

let labels = 0;

/**
 * @param {{variant: string, text: string, time: string}} message
 * @param {Texts} texts
 * @returns {HTMLElement}
 */
export function ownMessage(message, texts) {
  return article("user", "web.you", message, texts, paragraphs(message.text, (text) => [text]));
}

/** Show an own message as the server keeps it: what is personal in it is hidden. */
export function reword(made, text) {
  const body = made.querySelector(".message__body");
  if (body.textContent !== text) body.replaceChildren(...paragraphs(text, (part) => [part]));
}

/**
 * @param {object} message  a reply as the server sends it, in parts (`lead`, `details`, `note`,
 *   `source`, `link`, `buttons`) or, without `lead`, as plain `text`
 * @param {Texts} texts
 * @param {(button: {title: string, payload: string}) => void} onChoose
 * @returns {HTMLElement}
 */
export function reply(message, texts, onChoose) {
  const newWindow = texts.say("web.new_window", {}, message.variant);
  const linked = (text) => linkify(text, newWindow);
  const parts = message.lead
    ? [
      ...paragraphs(message.lead, linked),
      ...details(message.details || [], linked),
      ...extra(message.note, (note) => element("p", { class: "message__note" }, ...linked(note))),
      ...extra(message.source, (source) => sourceLine(source, message.source_url, newWindow)),
    ]
    : paragraphs(message.text, linked);
  parts.push(...extra(message.link, (link) => (
    element("p", { class: "message__link" },
      fileLink(link, newWindow) || webLink(link.title, link.url, newWindow, "button"))
  )));
  const made = article("bot", "web.assistant", message, texts, parts);
  made.append(...choices(message.buttons || [], onChoose));
  return made;
}

function article(from, who, message, texts, parts) {
  const lang = LANG[message.variant] || LANG.en;
  const name = texts.say(who, {}, message.variant);
  return element(
    "article", { class: `message message--${from}`, lang, "aria-label": name },
    element("p", { class: "message__who" }, name, " ", ...extra(message.time, (time) => clock(time, lang))),
    element("div", { class: "message__body" }, ...parts),
  );
}

/** The time of day, with the date when it was not today. */
function clock(time, lang) {
  const moment = new Date(time);
  const today = moment.toDateString() === new Date().toDateString();
  const shape = { hour: "numeric", minute: "2-digit", ...(today ? {} : { month: "long", day: "numeric" }) };
  return element("time", { datetime: time }, new Intl.DateTimeFormat(lang, shape).format(moment));
}

function paragraphs(text, linked) {
  return text.split(/\n\s*\n/).map((part) => element("p", {}, ...linked(part.trim())));
}

/** Labelled lines stand together, so that they can be gone through and checked; lists stand alone. */
function details(all, linked) {
  const made = [];
  let lines = null;
  for (const detail of all) {
    if (detail.label && detail.items.length === 1) {
      if (!lines) made.push(lines = element("dl", { class: "facts" }));
      lines.append(element(
        "div", { class: "fact" },
        element("dt", {}, detail.label), element("dd", {}, ...linked(detail.items[0])),
      ));
    } else {
      lines = null;
      made.push(detailSection(detail, linked));
    }
  }
  return made;
}

/** A labelled list; one without a label continues the sentence above it. */
function detailSection({ label, items }, linked) {
  const entries = items.map((item) => element("li", {}, ...linked(item)));
  if (!label) {
    return element("section", { class: "detail" }, element("ul", { class: "detail__items" }, ...entries));
  }
  labels += 1;
  const id = `detail-${labels}`;
  return element(
    "section", { class: "detail" },
    element("p", { class: "detail__label", id }, label),
    element("ul", { class: "detail__items", "aria-labelledby": id }, ...entries),
  );
}

function sourceLine(source, url, newWindow) {
  const words = url ? webLink(source, url, newWindow) : source;
  return element("p", { class: "message__source" }, words);
}

/** The numbered answers to choose from; typing the number does the same as tapping. */
function choices(buttons, onChoose) {
  if (!buttons.length) return [];
  const items = buttons.map((button, place) => element(
    "li", {},
    element("button", { class: "choice", type: "button", click: () => onChoose(button) },
      element("span", { class: "choice__number" }, `${place + 1}.`), " ",
      element("span", {}, button.title)),
  ));
  return [element("ol", { class: "choices" }, ...items)];
}

/** Nothing for a part that the message does not have, else the part alone. */
function extra(value, make) {
  return value ? [make(value)] : [];
}
