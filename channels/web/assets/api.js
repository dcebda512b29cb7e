/** The calls of the chat's HTTP interface. Each answers with its result or throws `ChatError`. */

const PATIENCE_MS = 20000;

/** Why a call did not work. */
export class ChatError extends Error {
  /**
   * @param {string} code  the server's (empty, too_long, too_fast, session, busy, failed), or
   *   `network` when no answer came
   * @param {string} message  the server's sentence for the person; may be empty
   */
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

/** The error that a refusing response stands for, whatever a proxy on the way made of it. */
export async function refusal(response) {
  const body = await response.json().catch(() => ({}));
  return new ChatError(body.error || "failed", body.message || "");
}

async function call(method, path, body) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(path, {
      method,
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body && JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
      signal: patience.signal,
    });
    if (!response.ok) throw await refusal(response);
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    throw error instanceof ChatError ? error : new ChatError("network");
  } finally {
    clearTimeout(timer);
  }
}

/** @returns {Promise<{variant: string, texts: object, limits: {text: number}}>} */
export const openSession = () => call("POST", "/chat/session", {});

/**
 * @param {{client_id: string, text: string, title?: string}} message  sending one again with the
 *   same `client_id` is safe: the server knows it
 */
export const postMessage = (message) => call("POST", "/chat/messages", message);

export const postLanguage = (variant) => call("POST", "/chat/language", { variant });

export const deleteHistory = () => call("DELETE", "/chat/history");
