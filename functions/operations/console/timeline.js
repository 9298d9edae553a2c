// @ts-check
// A call's way, step by step: received, analysed, each attempt with what was sent and what came back.

/** @import { Analysis, Attempt, CallEvent } from "./types.js" */
import { attemptChip, outcomeWords } from "./statuses.js";
import { bytes, fully, lasting, number, said, t, time, when, word } from "./words.js";
import { button, chip, icon, make } from "./dom.js";
import { copied } from "./dialogs.js";

/** @param {any} given */
export function timeline({ event, analysis, earlier_analyses: earlier, dispatches }) {
  const steps = [
    received(event),
    ...[...earlier].reverse().map((each) => analysed(each)),
    analysis && analysed(analysis),
    ...dispatches.map((/** @type {Attempt} */ made, /** @type {number} */ n) => attempt(made, dispatches[n - 1])),
    event.resend_order?.is_open && ordered(event.resend_order),
    event.reanalysis_order?.is_open && reordered(event.reanalysis_order),
    event.erasure && erased(event.erasure),
  ].filter(Boolean);
  steps.sort((a, b) => a.at.localeCompare(b.at));
  return make(
    "section",
    { class: "panel way", "aria-labelledby": "way-title" },
    make("h2", { id: "way-title" }, icon("clock"), t("way.title")),
    make("ol", { class: "steps" }, steps.map((step) => step.element)),
  );
}

/** @param {string} at @param {string} symbol @param {string} tone @param {string} title @param {...any} content */
function step(at, symbol, tone, title, ...content) {
  const element = make(
    "li",
    { class: tone },
    make("span", { class: "knot" }, icon(symbol)),
    make("div", { class: "step" }, make("div", { class: "step-head" }, make("b", {}, title), make("time", { datetime: at, title: fully(at) }, `${when(at).split(",")[0]}, ${time(at)}`)), content),
  );
  return { at, element };
}

/** @param {...any} content */
const line = (...content) => make("p", { class: "soft" }, content);

/** @param {CallEvent} event */
function received(event) {
  return step(
    event.received_at,
    "phone",
    "info",
    t("way.received"),
    line([word("source", event.source), word("type", event.type), bytes(event.payload_bytes)].join(" · ")),
    event.duplicate_count > 0 && line(t("way.duplicates", { n: event.duplicate_count })),
    event.revision_count > 0 && line(t("way.revisions", { n: event.revision_count })),
    event.status === "excluded" && !event.erasure && line(said(event, "status_reason")),
  );
}

/** @param {Analysis} analysis */
function analysed(analysis) {
  const cost = analysis.usage.cost_usd;
  const tokens = analysis.usage.input_tokens + analysis.usage.output_tokens;
  const made = [
    word("analyst", analysis.source),
    analysis.model,
    analysis.prompt_version && t("way.prompt", { version: analysis.prompt_version }),
    tokens > 0 && t("way.tokens", { n: number(tokens) }),
    cost !== null && `$${cost.toFixed(4)}`,
    analysis.revision > 1 && t("way.revision", { n: analysis.revision }),
  ].filter(Boolean);
  return step(analysis.recorded_at, "spark", "info", t("way.analysed"), line(made.join(" · ")), analysis.requested_by && line(`${t("way.by", { who: analysis.requested_by })}: ${analysis.reason}`));
}

/** @param {any} order */
const reordered = (order) => step(order.requested_at, "spark", "info", t("way.reordered"), line(t("way.by", { who: order.requested_by })), line(order.reason));

/** @param {any} order */
const ordered = (order) =>
  step(order.requested_at, "send", "info", t("way.ordered"), line(t("way.by", { who: order.requested_by })), order.forced && line(t("way.forced")));

/** @param {any} erasure */
const erased = (erasure) =>
  step(
    erasure.erased_at,
    "trash",
    "quiet",
    t(erasure.complete ? "way.erased" : "way.erased.partly"),
    line(t("way.by", { who: erasure.erased_by })),
    line(erasure.reason),
    line(t("way.erased.kinds", { kinds: erasure.kinds.map((/** @type {string} */ kind) => word("kind", kind)).join(", ") })),
  );

/** @param {Attempt} made @param {Attempt} before */
function attempt(made, before) {
  /** @type {Record<string, string>} */
  const tones = { success: "good", dry_run: "quiet", skipped: "quiet", sending: "info" };
  /** @type {Record<string, string>} */
  const symbols = { success: "check", dry_run: "flask", skipped: "off", sending: "send", unknown: "question" };
  const told = [
    made.http_status && `HTTP ${made.http_status}`,
    made.duration_ms !== null && made.finished_at && t("way.took", { time: lasting(made.duration_ms / 1000) }),
    made.requested_by && t("way.by", { who: made.requested_by }),
  ].filter(Boolean);
  return step(
    made.started_at,
    symbols[made.status] ?? "cross",
    tones[made.status] ?? (made.outcome === "partial" || made.outcome === "unavailable" ? "warn" : "bad"),
    t("way.attempt", { n: made.attempt }),
    make("div", { class: "chips" }, attemptChip(made), made.forced && chip(t("way.forced"), "warn", "warn")),
    tellsMore(made) && make("p", {}, said(made, "detail")),
    told.length > 0 && line(told.join(" · ")),
    made.warnings_said.map((/** @type {any} */ warning) => make("p", { class: "warning" }, said(warning, "text"))),
    made.resolution && resolution(made.resolution),
    before && differences(before, made),
    exchange(made),
  );
}

// The chip says the outcome already; its sentence is shown where it says more.
/** @param {Attempt} made */
const tellsMore = (made) => made.detail && said(made, "detail").replace(/\.$/, "") !== outcomeWords(made);

/** @param {any} given */
const resolution = ({ delivered, resolved_by: who, reason }) =>
  make("div", { class: "resolution" }, make("b", {}, t(delivered ? "way.found" : "way.notfound", { who })), make("p", {}, reason));

/** @param {string} name @param {string} text */
const copy = (name, text) => button("", () => copied(text), { tone: "plain", symbol: "copy", class: "button plain copy", "aria-label": t(name), title: t(name) });

/** @param {Attempt} made */
function exchange(made) {
  const pairs = pairsIn(made.payload);
  if (!pairs.length && !made.answer) return null;
  return make(
    "details",
    {},
    make("summary", {}, t(made.crm_was_asked ? "way.exchange" : "way.unsent")),
    pairs.length > 0 && make("h3", {}, t(made.crm_was_asked ? "way.sent" : "way.unsent"), copy("copy.sent", JSON.stringify(made.payload, null, 2))),
    pairs.length > 0 && make("dl", { class: "pairs" }, pairs.map((/** @type {[string, string]} */ [name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    made.answer && make("h3", {}, t("way.answered"), copy("copy.answer", made.answer)),
    made.answer && make("pre", { tabindex: "0" }, pretty(made.answer)),
    make("details", { class: "raw" }, make("summary", {}, t("way.raw")), make("pre", { tabindex: "0" }, JSON.stringify(made.payload, null, 2))),
  );
}

// Two attempts side by side: the answer and each value that is not the same in both.
/** @param {Attempt} before @param {Attempt} made */
function differences(before, made) {
  const [was, is] = [before, made].map((each) => new Map([...pairsIn(each.payload), ...answered(each)]));
  const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  if (!was.size || !is.size) return null;
  if (!names.length) return line(t("way.same", { n: before.attempt }));
  const cell = (/** @type {any} */ value) => make("td", {}, value === undefined ? make("span", { class: "soft" }, t("way.absent")) : value);
  return make(
    "details",
    { class: "differences" },
    make("summary", {}, t("way.differs", { n: before.attempt, count: names.length })),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("way.differs", { n: before.attempt, count: names.length }) },
      make("table", {},
        make("thead", {}, make("tr", {}, [t("way.value"), t("way.attempt", { n: before.attempt }), t("way.attempt", { n: made.attempt })].map((head) => make("th", { scope: "col" }, head)))),
        make("tbody", {}, names.map((name) => make("tr", {}, make("th", { scope: "row" }, name), cell(was.get(name)), cell(is.get(name))))))),
  );
}

/** @param {Attempt} made */
const answered = (made) => [
  made.http_status && [t("way.http"), String(made.http_status)],
  made.answer && [t("way.answered"), made.answer],
].filter(Boolean);

// Every {name, value} of a request, whichever of the CRM's two forms it has, and its single values.
/** @param {any} value @param {any} found */
function pairsIn(value, found = []) {
  if (Array.isArray(value)) value.forEach((each) => pairsIn(each, found));
  else if (value && typeof value === "object") {
    if (typeof value.name === "string" && "value" in value) found.push([value.name, text(value.value)]);
    else for (const [name, member] of Object.entries(value)) {
      if (member && typeof member === "object") pairsIn(member, found);
      else if (member !== null && member !== "") found.push([name, text(member)]);
    }
  }
  return found;
}

/** @param {any} value */
const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** @param {string} answer */
function pretty(answer) {
  try {
    return JSON.stringify(JSON.parse(answer), null, 2);
  } catch {
    return answer;
  }
}
