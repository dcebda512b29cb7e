/**
 * Small makers of elements. Text always goes in as text, never as markup, so that nothing a
 * message holds can become part of the page.
 */

/**
 * @param {string} tag
 * @param {Object<string, string|boolean|Function|null>} attributes  a function is a listener for
 *   the event named by its key; null and false leave the attribute out
 * @param {...(Node|string|null)} children  null is left out
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** An icon of the sprite in index.html; it is decoration, so it is never read out. */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);
