// Elements without innerHTML: every value that came over the wire is put in as text.

export const at = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) element.style.setProperty(key, value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export const badge = (text, kind = "", title = null) => make("span", { class: `badge ${kind}`, title }, text);

// The text with what was searched for marked.
export function marked(text, wanted) {
  if (!wanted) return [text];
  const parts = [], low = text.toLowerCase();
  let from = 0;
  for (let found = low.indexOf(wanted); found >= 0; found = low.indexOf(wanted, from)) {
    parts.push(text.slice(from, found), make("mark", {}, text.slice(found, found + wanted.length)));
    from = found + wanted.length;
  }
  return [...parts, text.slice(from)];
}

export function when(iso) {
  const moment = new Date(iso), time = moment.toLocaleTimeString("ru", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return isToday(iso) ? `сегодня, ${time}` : `${moment.toLocaleDateString("ru")}, ${time}`;
}

export const isToday = (iso) => new Date(iso).toDateString() === new Date().toDateString();

export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

export function openable(row, open) {
  row.tabIndex = 0;
  row.addEventListener("click", open);
  row.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); }
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (next) { event.preventDefault(); next.focus(); }
  });
  return row;
}
