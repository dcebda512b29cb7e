/** Large text, as on the chat page: remembered for both, changed on either. */

import { largeText, setLargeText } from "/assets/preferences.js";

const button = document.getElementById("large");
const root = document.documentElement;

function show(on) {
  root.toggleAttribute("data-large", on);
  button.setAttribute("aria-pressed", String(on));
}

show(largeText());
button.hidden = false; // without this script the button could do nothing
button.addEventListener("click", () => {
  show(!root.hasAttribute("data-large"));
  setLargeText(root.hasAttribute("data-large"));
});
