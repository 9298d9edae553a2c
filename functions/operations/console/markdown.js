// @ts-check
// Elements of a small part of Markdown: headings, paragraphs, points, tables, blocks of code; within a line `code`, **weight**, [links](page.md).

import { make } from "./dom.js";

const PATTERNS = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/;
const LINK = /^\[([^\]]+)\]\((?:.*\/)?([A-Za-z0-9-]+)(?:\.ru)?\.md(?:#.*)?\)$/;
const HEADINGS = /** @type {const} */ (["h1", "h2", "h3"]);

/** @typedef {{ kind: "h1" | "h2" | "h3" | "p" | "pre" | "table", text: string } | { kind: "ol" | "ul", items: string[] }} Part */

/**
 * @param {string} markdown @param {(page: string) => string | null} addressOf where a page of docs is in the console, if it is there
 * @returns {HTMLElement[]}
 */
export function drawn(markdown, addressOf) {
  /** @param {string} text @returns {(string | HTMLElement)[]} */
  const inline = (text) => text.split(PATTERNS).map((part) => phrase(part, addressOf, inline));
  return partsOf(markdown).map((part) => element(part, inline));
}

/** @param {Part} part @param {(text: string) => (string | HTMLElement)[]} inline @returns {HTMLElement} */
function element(part, inline) {
  if ("items" in part) return make(part.kind, {}, part.items.map((item) => make("li", {}, inline(item))));
  if (part.kind === "pre") return make("pre", { tabindex: "0" }, part.text);
  if (part.kind === "table") return table(part.text, inline);
  return make(part.kind, part.kind === "h1" ? { tabindex: "-1" } : {}, inline(part.text));
}

/** @param {string} text @param {(text: string) => (string | HTMLElement)[]} inline */
function table(text, inline) {
  const rows = text.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const [heads = [], , ...body] = rows;
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": heads.join(", ").replaceAll("`", "") },
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, inline(head))))),
      make("tbody", {}, body.map((row) => make("tr", {}, row.map((cell, n) => make(n ? "td" : "th", n ? {} : { scope: "row" }, inline(cell)))))),
    ),
  );
}

// A line that begins nothing goes on with the part before it; an empty one ends that.
/** @param {string} markdown @returns {Part[]} */
function partsOf(markdown) {
  const parts = /** @type {Part[]} */ ([]);
  let open = /** @type {Part | null} */ (null), isCode = false;
  const begin = (/** @type {Part} */ part) => { parts.push(part); return part; };
  for (const line of markdown.split("\n")) {
    const [, heads = "", title = ""] = /^(#{1,3}) (.*)$/.exec(line) ?? [], [, sign = "", point = ""] = /^(\d+\.|-) (.*)$/.exec(line) ?? [];
    const list = sign === "-" ? "ul" : "ol";
    if (line.startsWith("```")) {
      open = isCode ? null : begin({ kind: "pre", text: "" });
      isCode = !isCode;
    } else if (isCode && open && "text" in open) open.text += open.text ? `\n${line}` : line;
    else if (heads) { begin({ kind: HEADINGS[heads.length - 1] ?? "h3", text: title }); open = null; }
    else if (sign) {
      const last = parts.at(-1);
      if (last && "items" in last && last.kind === list) { last.items.push(point); open = last; }
      else open = begin({ kind: list, items: [point] });
    } else if (line.startsWith("|")) {
      if (open && "text" in open && open.kind === "table") open.text += `\n${line}`;
      else open = begin({ kind: "table", text: line });
    } else if (!line.trim()) open = null;
    else if (!open) open = begin({ kind: "p", text: line });
    else if ("items" in open) open.items.push(`${open.items.pop()} ${line.trim()}`);
    else open.text += ` ${line.trim()}`;
  }
  return parts;
}

// A page's own name in code leads there too; a link to a page that is not in the console is words alone.
/** @param {string} part @param {(page: string) => string | null} addressOf @param {(text: string) => (string | HTMLElement)[]} inline @returns {string | HTMLElement} */
function phrase(part, addressOf, inline) {
  const [, words = "", page = ""] = LINK.exec(part) ?? [];
  if (page) {
    const href = addressOf(page);
    return href ? make("a", { href }, inline(words)) : make("span", {}, inline(words));
  }
  if (part.startsWith("**")) return make("b", {}, part.slice(2, -2));
  if (!part.startsWith("`")) return part;
  const code = part.slice(1, -1), href = addressOf(code);
  return href ? make("a", { href }, code) : make("code", {}, code);
}
