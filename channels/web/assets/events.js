/**
 * The live stream of the conversation. It never gives up: a lost connection is taken up again
 * after the last message seen, with growing pauses so that a struggling server is not trampled.
 */

import { refusal } from "./api.js";
import { eventParser } from "./sse.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20000;
const SILENCE_MS = 90000; // heartbeats come far more often; after this the line is dead

export class EventStream {
  /**
   * @param {object} handlers
   * @param {(type: string, data: object, id: string|null) => void} handlers.onEvent
   * @param {() => void} handlers.onLost  the connection is lost and being taken up again
   * @param {() => Promise<void>} handlers.onSessionGone  asked to start a new session, which
   *   calls `start` in its turn
   */
  constructor({ onEvent, onLost, onSessionGone }) {
    this.onEvent = onEvent;
    this.onLost = onLost;
    this.onSessionGone = onSessionGone;
    this.running = new AbortController();
    this.wake = () => {};
    // A phone that comes back from sleep or a tunnel need not wait out a long pause.
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
  }

  /** Read from the beginning; an earlier reading ends. */
  start() {
    this.stop();
    this.running = new AbortController();
    this.#keepReading(this.running.signal);
  }

  stop() {
    this.running.abort();
  }

  async #keepReading(signal) {
    const place = { lastId: null, pause: FIRST_PAUSE_MS };
    while (!signal.aborted) {
      try {
        await this.#readOnce(signal, place);
      } catch (error) {
        if (error.code === "session" && !signal.aborted) {
          await this.onSessionGone().catch(() => {});
        }
      }
      if (signal.aborted) return;
      if (place.pause > FIRST_PAUSE_MS) this.onLost(); // a short break passes unsaid
      await this.#rest(place.pause * (0.75 + Math.random() / 2));
      place.pause = Math.min(place.pause * 2, LONGEST_PAUSE_MS);
    }
  }

  async #readOnce(signal, place) {
    const attempt = new AbortController();
    const end = () => attempt.abort();
    signal.addEventListener("abort", end);
    let silence = setTimeout(end, SILENCE_MS);
    try {
      const response = await fetch("/chat/events", {
        headers: place.lastId ? { "Last-Event-ID": place.lastId } : {},
        credentials: "same-origin",
        cache: "no-store",
        signal: attempt.signal,
      });
      if (!response.ok) throw await refusal(response);
      const parse = eventParser(({ type, id, data }) => {
        if (signal.aborted) return;
        if (id !== null) place.lastId = id;
        if (type === "ready") place.pause = FIRST_PAUSE_MS;
        this.onEvent(type, readJson(data), id);
      });
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_MS);
        parse(decoder.decode(value, { stream: true }));
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener("abort", end);
    }
  }

  #rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function readJson(data) {
  try {
    return JSON.parse(data);
  } catch {
    return {}; // `ready` carries no data worth reading
  }
}
