// @ts-check
// The analysis beside the conversation: each quote that stands behind a judgement is marked where it was said.

/** @import { Analysis, Talk, Turn } from "./types.js" */
import { button, chip, empty, icon, make } from "./dom.js";
import { language, minutes, number, refusal, t, word } from "./words.js";

const WORDS = /[\p{L}\p{N}]+/gu;
/** @param {string} text */
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

/** @param {any} given @param {Talk} call */
export function analysisPanel({ analysis, event }, call) {
  const head = make("h2", { id: "analysis-title" }, icon("spark"), t("analysis.title"));
  const panel = (/** @type {any[]} */ ...content) => make("section", { class: "panel analysis", "aria-labelledby": "analysis-title" }, head, content);
  if (!analysis) return panel(empty(t("analysis.none"), t(event.erased_at ? "analysis.erased" : event.status === "received" ? "analysis.soon" : "analysis.never")), vendor(call));
  return panel(
    analysis.source === "offline" && make("p", { class: "note" }, icon("warn"), t("analysis.offline")),
    labels(analysis),
    analysis.flags.length > 0 && make("div", { class: "flags" }, make("h3", {}, t("analysis.flags")), make("div", { class: "chips" }, analysis.flags.map((/** @type {string} */ flag) => chip(word("flag", flag), "warn", "warn")))),
    block("analysis.summary", analysis.summary_ru || analysis.summary),
    analysis.summary && analysis.summary !== analysis.summary_ru && analysis.summary_ru ? block("analysis.original", analysis.summary) : null,
    block("analysis.comment", analysis.qualification_comment, "ru"),
    analysis.recommendations.length > 0 && make("div", {}, make("h3", {}, t("analysis.next")), make("ul", { class: "next", lang: "ru" }, analysis.recommendations.map((/** @type {any} */ each) => make("li", {}, each)))),
    language.get() !== "ru" && make("p", { class: "soft small" }, t("analysis.in_russian")),
    signals(analysis.signals),
    evidence(analysis.evidence),
    contact(analysis.contact),
    vendor(call),
  );
}

/** @param {string} key @param {string | null} text @param {string | null} [lang] */
const block = (key, text, lang = null) => text && make("div", {}, make("h3", {}, t(key)), make("p", { class: "prose", lang }, text));

/** @param {Analysis} analysis */
function labels(analysis) {
  const named = analysis.details?.labels ?? {};
  const rows = ["topic", "intent", "lead_status"].filter((name) => analysis[name]);
  return make(
    "dl",
    { class: "labels" },
    rows.map((name) => make("div", {}, make("dt", {}, t(`analysis.${name}`)), make("dd", {}, named[name] ?? analysis[name]))),
    make("div", {}, make("dt", {}, t("analysis.quality")), make("dd", {}, quality(analysis.quality_score))),
  );
}

/** @param {number | null} score */
function quality(score) {
  if (score === null) return make("span", { class: "soft" }, t("analysis.unjudged"));
  const bars = Array.from({ length: 5 }, (_, n) => make("i", { class: n < score ? "on" : null }));
  return make("span", { class: "score", role: "img", "aria-label": t("analysis.score", { n: score }) }, bars, make("b", { "aria-hidden": "true" }, `${score} / 5`));
}

/** @param {any} found */
function signals(found) {
  const names = Object.keys(found);
  if (!names.length) return null;
  return make("div", {}, make("h3", {}, t("analysis.signals")), make("ul", { class: "signals" }, names.map((name) =>
    make("li", { class: found[name] ? "yes" : "no" }, icon(found[name] ? "check" : "minus"), word("signal", name), make("span", { class: "unseen" }, t(found[name] ? "yes" : "no"))))));
}

/** @param {any[]} quotes */
function evidence(quotes) {
  if (!quotes.length) return null;
  return make("div", {}, make("h3", {}, t("analysis.quotes")), make("ol", { class: "quotes" }, quotes.map((/** @type {any} */ each, /** @type {number} */ n) =>
    make("li", {},
      each.verified
        ? button(`«${each.quote}»`, () => goTo(n), { tone: "quote", "aria-label": t("quote.go", { n: n + 1, quote: each.quote }) })
        : make("span", { class: "soft" }, `«${each.quote}» — ${t("quote.missing")}`)))));
}

/** @param {number} n */
function goTo(n) {
  const mark = document.getElementById(`quote-${n}`) ?? document.querySelector("#talk");
  mark?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  mark?.focus({ preventScroll: true });
}

/** @param {any} values */
function contact(values) {
  const known = ["full_name", "phone", "email"].filter((name) => values[name]);
  if (!known.length) return null;
  return make("div", {}, make("h3", {}, t("analysis.contact")), make("dl", { class: "pairs" }, known.map((name) => [
    make("dt", {}, t(`contact.${name}`)),
    make("dd", {}, values[name].value, make("small", { class: "soft" }, ` ${word("found", values[name].source)}${values[name].verified ? `, ${t("contact.verified")}` : ""}`)),
  ])));
}

/** @param {Talk} call */
function vendor(call) {
  const { summary, successful, termination_reason: ended } = call.vendor ?? {};
  if (!summary && !successful && !ended) return null;
  return make("details", { class: "vendor" }, make("summary", {}, t("vendor.title")),
    successful && make("p", {}, t("vendor.successful", { word: word("vendor", successful) })),
    ended && make("p", {}, t("vendor.ended", { reason: ended })),
    summary && make("p", { class: "prose" }, summary));
}

/** @param {Talk} call @param {any[]} quotes */
export function conversationPanel(call, quotes) {
  const head = make("h2", { id: "talk-title" }, icon("phone"), t("talk.title"), call.turns?.length > 0 && make("span", { class: "count" }, number(call.turns.length)));
  const panel = (/** @type {any[]} */ ...content) => make("section", { class: "panel conversation", "aria-labelledby": "talk-title" }, head, content);
  if (call.error) return panel(empty(t(call.error.status === 410 ? "talk.erased" : "talk.unread"), refusal(call.error)));
  if (!call.turns.length) return panel(empty(t("talk.none"), t("talk.none.about")));
  return panel(make("ol", { class: "turns", id: "talk", tabindex: "0", "aria-labelledby": "talk-title" }, call.turns.map((/** @type {Turn} */ turn) => drawn(turn, quotes))));
}

/** @param {Turn} turn @param {any[]} quotes */
function drawn(turn, quotes) {
  const here = quotes.map((/** @type {any} */ each, /** @type {number} */ n) => ({ ...each, n })).filter((/** @type {any} */ each) => each.verified && each.turn === turn.n);
  return make(
    "li",
    { class: turn.speaker },
    make("div", { class: "who" }, make("b", {}, t(`speaker.${turn.speaker}`)), turn.at_seconds !== null && make("span", { class: "soft" }, minutes(turn.at_seconds)), turn.interrupted && make("span", { class: "soft" }, t("talk.interrupted"))),
    make("p", {}, marked(turn.text, here)),
  );
}

// The text with its quotes in marks. A quote is found by its words: the model may write other signs between them.
/** @param {string} text @param {any[]} quotes */
function marked(text, quotes) {
  const places = quotes.map((/** @type {any} */ quote) => ({ n: quote.n, ...placeOf(text, quote.quote) })).filter((/** @type {any} */ place) => place.end > 0).sort((/** @type {any} */ a, /** @type {any} */ b) => a.start - b.start);
  const parts = [];
  let from = 0;
  for (const { n, start, end } of places) {
    if (start < from) continue;
    parts.push(text.slice(from, start), make("mark", { id: `quote-${n}`, tabindex: "-1" }, text.slice(start, end), make("sup", {}, String(n + 1))));
    from = end;
  }
  return [...parts, text.slice(from)];
}

/** @param {string} text @param {string} quote */
function placeOf(text, quote) {
  const said = [...text.matchAll(WORDS)], wanted = [...quote.matchAll(WORDS)].map((match) => folded(match[0]));
  for (let first = 0; wanted.length && first + wanted.length <= said.length; first += 1) {
    if (wanted.every((each, n) => folded(said[first + n][0]) === each)) {
      const last = said[first + wanted.length - 1];
      return { start: said[first].index, end: last.index + last[0].length };
    }
  }
  return { start: 0, end: 0 };
}
