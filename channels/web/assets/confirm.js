/** Asks before something that cannot be undone, in the page itself. */

/**
 * @param {HTMLDialogElement} dialog  its form closes it with "yes" or "no"
 * @returns {Promise<boolean>} false also for Esc
 */
export function confirmed(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}
