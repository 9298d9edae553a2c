// @ts-check
// What to do about a cause: the pages of docs/runbooks in the console's language, from a small part of Markdown.

import { api } from "./api.js";
import { icon, loading, make, swap } from "./dom.js";
import { language, t } from "./words.js";
import { lastList, problem } from "./calls.js";

const OF_A_CAUSE = {
  unknown: "outcomes-unknown",
  partial: "leads-partial",
  rejected: "leads-rejected",
  stalled: "events-stalled",
  analysis: "analysis-dead-letters",
  dispatch: "dispatch-dead-letters",
  quarantine: "quarantine-entries",
  signature: "signature-rejected",
  open: "crm-breaker-open",
  half_open: "crm-breaker-open",
  missing: "webhook-disabled",
  disabled: "webhook-disabled",
  failing: "no-calls",
  retries_off: "webhook-retries-off",
};

export const runbookLink = (cause) => make("a", { class: "runbook", href: `#/runbook/${OF_A_CAUSE[cause]}` }, t("runbook.open"));

export async function runbookPage(place, { id, isCurrent }) {
  const back = make("a", { class: "back", href: lastList() }, icon("left"), t("call.back"));
  swap(place, back, loading(t("loading"), 6));
  try {
    const page = await api.runbook(id, language.get());
    if (isCurrent()) swap(place, back, make("article", { class: "panel book" }, drawn(page)));
  } catch (error) {
    if (isCurrent()) swap(place, back, problem(error, () => runbookPage(place, { id, isCurrent })));
  }
}

function drawn({ markdown, pages }) {
  const known = new Set(pages), elements = /** @type {HTMLElement[]} */ ([]);
  for (const { kind, text } of partsOf(markdown)) {
    const element = make(/** @type {"p"} */ (kind), kind === "h1" ? { tabindex: "-1" } : {}, inline(text, known));
    const last = elements.at(-1);
    if (kind !== "li") elements.push(element);
    else if (last?.localName === "ol") last.append(element);
    else elements.push(make("ol", {}, element));
  }
  return elements;
}

// Headings, points and paragraphs; a line that is none of these goes on with the one before it.
function partsOf(markdown) {
  const parts = [];
  let open = null;
  for (const line of markdown.split("\n")) {
    const [, heads, title] = /^(#+) (.*)$/.exec(line) ?? [], [, point] = /^(?:\d+\.|-) (.*)$/.exec(line) ?? [];
    if (heads) parts.push({ kind: heads.length === 1 ? "h1" : "h2", text: title });
    else if (point) parts.push((open = { kind: "li", text: point }));
    else if (line.trim() && open) open.text += ` ${line.trim()}`;
    else if (line.trim()) parts.push((open = { kind: "p", text: line }));
    if (heads || !line.trim()) open = null;
  }
  return parts;
}

// `code`, **weight**, [words](page.md); a page's own name in code leads there.
function inline(text, pages) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
    const [, words, page] = /^\[([^\]]+)\]\((?:.*\/)?([A-Za-z0-9-]+)\.md\)$/.exec(part) ?? [];
    if (page) return make("a", { href: `#/runbook/${page}` }, words);
    if (part.startsWith("**")) return make("b", {}, part.slice(2, -2));
    if (!part.startsWith("`")) return part;
    const code = part.slice(1, -1);
    return pages.has(code) ? make("a", { href: `#/runbook/${code}` }, code) : make("code", {}, code);
  });
}
