// @ts-check
// Elements without HTML from strings: whatever came over the wire is put in as text.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, any>} Attributes values, or functions under `on…` */

/** @param {string} id @returns {HTMLElement} of the page's own frame, which is always there */
export const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Attributes} [attributes] @param {...any} children nodes, texts, lists of them; what is not there is left out
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** @param {string} name @param {Attributes} [attributes] @param {...any} children */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** @template {Element} Made @param {Made} element @param {Attributes} attributes @param {any[]} children @returns {Made} */
function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") Object.assign(element, { defaultValue: value, value });
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== "").map(seen));
  return element;
}

// Marks that steer a terminal or turn the writing's direction are shown and steer nothing; what is to be isolated is in a `bdi`.
const MARKS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;
const seen = (/** @type {any} */ child) => (typeof child === "string" ? child.replace(MARKS, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`) : child);

// 16 × 16, drawn with a stroke of the text's colour.
/** @type {Record<string, string>} */
const ICONS = {
  check: "M13 5 6.8 11.4 3.4 8.2",
  cross: "M4.5 4.5l7 7m0-7-7 7",
  question: "M5.8 6a2.2 2.2 0 1 1 3.3 1.9c-.8.5-1.1.9-1.1 1.7M8 12.2v.1",
  half: "M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM8 2.500v11M10 3v10M12 4.200v7.600",
  clock: "M8 4.8V8l2.2 1.4M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0z",
  spark: "M8 2.5l1.4 4.1 4.1 1.4-4.1 1.4L8 13.5 6.6 9.4 2.5 8l4.1-1.4z",
  send: "M2.8 7.9 13.2 3 9.6 13.2 7.6 8.9z",
  again: "M12.8 8A4.8 4.8 0 1 1 11 4.3l1.8 1.3M12.9 2.6v3.1H9.8",
  flask: "M6.3 2.5h3.4M7 2.5v4L3.6 12a1 1 0 0 0 .9 1.5h7a1 1 0 0 0 .9-1.5L9 6.5v-4M5.2 9.8h5.6",
  off: "M8 2.5v5M4.9 4.3a5 5 0 1 0 6.2 0",
  minus: "M4.5 8h7",
  pause: "M6 4.5v7M10 4.5v7",
  trash: "M3.5 4.5h9M6.5 4.5V3h3v1.5M4.8 4.5l.6 8.5h5.2l.6-8.5M7 7v3.8M9 7v3.8",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zm3.4-1.1 3.1 3.1",
  person: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zm-5 5.3c.5-2.4 2.4-3.8 5-3.8s4.500 1.400 5 3.800",
  list: "M5.500 4h8M5.500 8h8M5.500 12h8M2.500 4h.1M2.500 8h.1M2.500 12h.1",
  chart: "M3 13V8.500M8 13V3M13 13V6",
  inbox: "M2.500 9 4.300 3.500h7.400L13.500 9v3.500h-11zM2.500 9h3.200l1 1.600h2.600l1-1.600h3.200",
  shield: "M8 2.300 12.800 4v4c0 2.900-2 4.900-4.800 5.800C5.200 12.900 3.200 10.900 3.200 8V4z",
  warn: "M8 2.800 14 13H2zM8 6.500v3M8 11.200v.1",
  phone: "M4 2.800h2l1 2.700-1.300 1a7 7 0 0 0 3.800 3.800l1-1.300 2.700 1v2c0 .8-.7 1.300-1.400 1.200A10 10 0 0 1 2.800 4.200C2.700 3.500 3.200 2.800 4 2.800z",
  out: "M6 3.500H3.500v9H6M6.500 8h7m-2.500-2.800L13.500 8 11 10.800",
  book: "M8 4.500C6.800 3.400 5 3 2.500 3v9c2.500 0 4.300.4 5.500 1.500M8 4.500C9.200 3.400 11 3 13.500 3v9c-2.500 0-4.300.4-5.500 1.500M8 4.500v9",
  file: "M4 2.500h5l3 3v8H4zM9 2.500v3h3M8 7.500v4M6.200 9.700 8 11.500l1.800-1.800",
  left: "M9.500 3.500 5 8l4.500 4.500",
};

/** @param {string} name */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] ?? ICONS.minus }),
  );
}

/** @param {string} text @param {string} tone @param {string} name @param {string} [title] */
export const chip = (text, tone, name, title) =>
  make("span", { class: `chip ${tone}`, title }, icon(name), make("span", {}, text));

// Pressed again while what it has begun is under way, it does nothing.
/** @param {string} text @param {(() => any) | null} act @param {Attributes & { tone?: string, symbol?: string | null }} [options] */
export function button(text, act, { tone = "", symbol = null, ...attributes } = {}) {
  const onclick = act && (async () => {
    if (made.ariaDisabled) return;
    made.ariaDisabled = "true";
    try {
      await act();
    } finally {
      made.ariaDisabled = null;
    }
  });
  const made = make("button", { type: "button", class: `button ${tone}`, onclick, ...attributes }, symbol && icon(symbol), text);
  return made;
}

/** @param {string} text */
export const loading = (text, rows = 4) =>
  make(
    "div",
    { class: "loading", role: "status" },
    make("span", { class: "unseen" }, text),
    Array.from({ length: rows }, () => make("div", { class: "bone" })),
  );

/** @param {string} title @param {string} text @param {...any} more */
export const empty = (title, text, ...more) =>
  make("div", { class: "empty" }, make("b", {}, title), make("p", {}, text), more);

// The focus is never lost: it goes where it was, or to the heading of what came, or to the place itself.
/** @param {HTMLElement} place @param {...any} children */
export function swap(place, ...children) {
  const was = document.activeElement, back = held();
  place.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  if (was?.isConnected || was === document.body || back()) return;
  const heading = place.querySelector("h1") ?? place;
  if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// Keys do not wait for what was asked for: whoever stands in a field, or on a button with a name of its own, stays in the new one
// of that name, with what was typed meanwhile.
export function held() {
  const { id, value, defaultValue, selectionStart = null, selectionEnd } = /** @type {any} */ (document.activeElement);
  const old = id && at(id);
  return () => {
    const anew = /** @type {any} */ (id && at(id));
    if (!anew || anew === old) return false;
    anew.focus({ preventScroll: true });
    if (selectionStart === null) return document.activeElement === anew;
    if (value === defaultValue) anew.select();
    else {
      anew.value = value;
      anew.setSelectionRange(selectionStart, selectionEnd);
    }
    return true;
  };
}
