// @ts-check
// What to do: the operating guide, and a runbook for each cause, in the console's language.

import { api } from "./api.js";
import { button, icon, loading, make, swap } from "./dom.js";
import { drawn } from "./markdown.js";
import { language, t } from "./words.js";
import { lastList, problem } from "./calls.js";

/** @type {Record<string, string>} */
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

const GUIDE = "operating", LIST = "README";

/** @param {string} page @returns {string} its address in the console */
export const bookAddress = (page) => (page === GUIDE ? "#/guide" : `#/runbook/${page}`);

/** @param {string} cause */
export const runbookLink = (cause) => make("a", { class: "runbook", href: bookAddress(OF_A_CAUSE[cause] ?? LIST) }, t("runbook.open"));

/** @typedef {{ name: string, language: "en" | "ru", markdown: string, pages: string[] }} Book */
/** @typedef {{ id: string, isCurrent: () => boolean }} Here */

/** @param {HTMLElement} place @param {Here} here */
export const guidePage = (place, here) => runbookPage(place, { ...here, id: GUIDE });

/** @param {HTMLElement} place @param {Here} here */
export async function runbookPage(place, { id, isCurrent }) {
  const back = make("a", { class: "back", href: lastList() }, icon("left"), t("call.back"));
  const head = make("h1", { tabindex: "-1", class: "unseen" }, t(id === GUIDE ? "guide.title" : "runbook.title"));
  swap(place, back, head, loading(t("loading"), 6));
  try {
    const page = await api.runbook(id, language.get());
    if (isCurrent()) swap(place, make("div", { class: "book-head" }, back, ways(id)), make("article", { class: "panel book" }, written(page)));
  } catch (error) {
    if (isCurrent()) swap(place, back, head, problem(error, () => runbookPage(place, { id, isCurrent })));
  }
}

/** @param {string} id */
const ways = (id) =>
  make(
    "nav",
    { class: "views", "aria-label": t("guide.pages") },
    [[GUIDE, "guide.title"], [LIST, "guide.runbooks"]].map(([page, title]) => make("a", { href: bookAddress(page), "aria-current": page === id ? "page" : page === LIST && id !== GUIDE ? "true" : null }, t(title))),
  );

/** @param {Book} page */
function written({ name, markdown, pages }) {
  const known = new Set(pages);
  const elements = drawn(markdown, (page) => (known.has(page) ? bookAddress(page) : null));
  const chapters = elements.filter((each) => each.localName === "h2");
  const end = name === GUIDE ? contents(chapters) : name === LIST ? list(pages) : null;
  return [elements.slice(0, 1), name === GUIDE ? end : null, elements.slice(1), name === LIST ? end : null];
}

// The address names the page, so a chapter is come to by a button.
/** @param {HTMLElement[]} chapters */
function contents(chapters) {
  const go = (/** @type {HTMLElement} */ chapter) => { chapter.tabIndex = -1; chapter.scrollIntoView(); chapter.focus({ preventScroll: true }); };
  const isWide = matchMedia("(min-width: 721px)").matches;
  return make(
    "details",
    { class: "contents", open: isWide },
    make("summary", {}, t("guide.contents")),
    make("div", {}, chapters.map((chapter) => button(chapter.textContent ?? "", () => go(chapter), { tone: "plain" }))),
  );
}

/** @param {string[]} pages */
const list = (pages) =>
  make("ul", { class: "pages" }, pages.filter((page) => page !== GUIDE && page !== LIST).map((page) => make("li", {}, make("a", { href: bookAddress(page), class: "mono" }, page))));
