/**
 * Reads the text/event-stream format (WHATWG HTML, 9.2.6). The browser's own EventSource gives up
 * for good on an HTTP error and hides the reason, so the stream is read with fetch.
 */

/**
 * @param {(event: {type: string, id: string|null, data: string}) => void} onEvent
 * @returns {(chunk: string) => void} takes the stream piece by piece, cut anywhere
 */
export function eventParser(onEvent) {
  let rest = "";
  let type = "";
  let id = null;
  let data = [];

  function dispatch() {
    if (data.length) onEvent({ type: type || "message", id, data: data.join("\n") });
    type = "";
    id = null;
    data = [];
  }

  function take(line) {
    if (line === "") return dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return undefined; // a comment: the heartbeat
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") type = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
    return undefined;
  }

  return (chunk) => {
    rest += chunk;
    // A carriage return at the very end may be half of a line break: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(take);
  };
}
