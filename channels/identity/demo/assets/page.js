/**
 * The switch for large text, the same as the chat's and remembered with it. Everything else on the
 * demo broker's page works without a script.
 */

import { largeText, setLargeText } from "/assets/preferences.js";

const button = document.getElementById("large-text");

function show(on) {
  setLargeText(on);
  button.setAttribute("aria-pressed", String(on));
}

show(largeText());
button.hidden = false;
button.addEventListener("click", () => show(button.getAttribute("aria-pressed") === "false"));
