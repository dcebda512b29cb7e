/** Puts the page together: which part hears of what. */

import { deleteHistory, postLanguage } from "./api.js";
import { Composer } from "./composer.js";
import { confirmed } from "./confirm.js";
import { byId } from "./dom.js";
import { EventStream } from "./events.js";
import { LanguageSwitch } from "./language.js";
import { ConversationLog } from "./log.js";
import { Outgoing } from "./outgoing.js";
import { largeText, setLargeText } from "./preferences.js";
import { Scrolling } from "./scrolling.js";
import { Session } from "./session.js";
import { Texts } from "./texts.js";

const texts = new Texts();
const session = new Session(texts);
const notice = (words) => { byId("notice").textContent = words; };

const scrolling = new Scrolling(byId("conversation"), byId("log"), byId("more"));
const log = new ConversationLog(
  { log: byId("log"), typing: byId("typing"), scrolling },
  texts,
  ({ title, payload }) => outgoing.send(payload, title),
);
const composer = new Composer(
  {
    form: byId("composer"),
    input: byId("message"),
    counter: byId("counter"),
    secret: byId("secret"),
    letters: byId("letters"),
  },
  texts, session, send,
);
const outgoing = new Outgoing({ session, log, composer, texts, notice });
const language = new LanguageSwitch(
  {
    root: byId("language"),
    button: byId("language-button"),
    list: byId("language-list"),
    current: byId("language-current"),
  },
  changeLanguage,
);
const events = new EventStream({
  onEvent: hear,
  onLost: () => connection(false),
  onSessionGone: () => session.renew(),
});
session.onRenewed = () => events.start();

/** @returns {boolean} whether the text is on its way */
function send(text) {
  const fault = !text ? "empty" : Composer.length(text) > session.limit ? "too_long" : null;
  if (fault) {
    notice(texts.say(`web.error_${fault}`, { limit: session.limit }));
    return false;
  }
  outgoing.send(text);
  return true;
}

function hear(type, data, id) {
  if (type === "ready") {
    connection(true);
    log.settle();
  } else if (type === "message") {
    log.receive(data, id);
    if (data.from === "bot") composer.ask(data.asks);
  } else if (type === "typing") {
    log.setTyping(data.on);
  }
}

function connection(up) {
  byId("connection").textContent = up ? "" : texts.say("web.reconnecting");
  if (!up) log.setTyping(false);
}

function showWords() {
  texts.fill();
  language.show(texts.variant);
  log.changeLanguage();
  composer.refresh();
}

async function changeLanguage(variant) {
  texts.variant = variant;
  notice("");
  showWords();
  try {
    await session.run(() => postLanguage(variant));
  } catch (error) {
    notice(error.message || texts.say(`web.error_${error.code}`));
  }
}

async function clearConversation() {
  if (!await confirmed(byId("confirm"))) return;
  try {
    await session.run(deleteHistory);
  } catch (error) {
    notice(error.message || texts.say(`web.error_${error.code}`));
    return;
  }
  events.stop();
  log.clear();
  composer.clear();
  composer.ask(null);
  await session.renew().catch(() => events.start()); // the stream goes on asking for a session
  notice(texts.say("web.cleared"));
  byId("conversation").focus();
}

function showLargeText(on) {
  setLargeText(on);
  byId("large-text").setAttribute("aria-pressed", String(on));
}

/** Nothing can be shown before the words are here: keep asking, and say so. */
async function openSession(pause = 1000) {
  try {
    await session.open();
  } catch {
    if (!byId("splash-trouble").childElementCount) {
      byId("splash-trouble").append(byId("splash-sentence").content.cloneNode(true));
    }
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    await openSession(Math.min(pause * 2, 20000));
  }
}

showLargeText(largeText());
byId("large-text").addEventListener("click", ({ currentTarget }) => {
  showLargeText(currentTarget.getAttribute("aria-pressed") === "false");
});
byId("person").addEventListener("click", () => outgoing.send(texts.say("web.person_message")));
byId("clear").addEventListener("click", clearConversation);

openSession().then(() => {
  byId("splash").remove();
  byId("page").hidden = false;
  showWords();
  events.start();
});
