// @ts-check
// A row of a list: whose call it is, what it is about, how good it is, where it stands; the id small.

/** @import { CallEvent } from "./types.js" */
import { chipsOf } from "./statuses.js";
import { fully, said, t, when, word } from "./words.js";
import { icon, make } from "./dom.js";

const HEADS = ["person", "about", "quality", "status", "when"];
const BEST = 5;

/** @param {any} event */
export const addressOf = (event) => `#/call/${encodeURIComponent(event.event_id)}`;
/** @param {any} event */
export const nameOf = (event) => event.contact?.full_name || (event.erased_at ? t("person.erased") : t("person.unnamed"));

// A name may be of a script that runs the other way, and must not turn the phone beside it.
/** @param {any} event */
export const person = (event) => make("bdi", {}, nameOf(event));
/** @param {string} phone */
export const phoneLink = (phone) => make("a", { class: "phone", href: `tel:${phone.replace(/[^+\d]/g, "")}`, "aria-label": t("person.call", { phone }) }, make("bdi", { dir: "ltr" }, phone));

/** @param {number | null | undefined} score */
export function dots(score) {
  if (score === null || score === undefined) return make("span", { class: "soft small" }, t("quality.none"));
  const text = t("analysis.score", { n: score });
  return make("span", { class: "dots", role: "img", "aria-label": text, title: text }, Array.from({ length: BEST }, (_, n) => make("i", { class: n < score ? "on" : "" })));
}

/** @param {CallEvent[]} events */
export function table(events, rows = events.map(row)) {
  return make(
    "div",
    { class: "table people" },
    make(
      "table",
      {},
      make("caption", { class: "unseen" }, t("calls.all")),
      make("thead", {}, make("tr", {}, HEADS.map((name) => make("th", { scope: "col", class: name }, t(`head.${name}`))))),
      make("tbody", {}, rows),
    ),
  );
}

/** @param {any} event */
export function row(event) {
  const cell = (/** @type {string} */ name, /** @type {any[]} */ ...content) => make("td", { class: name }, content);
  const { phone, email } = event.contact ?? {};
  return make(
    "tr",
    { class: event.erased_at ? "gone" : null, "data-id": event.event_id },
    cell(
      "person",
      make("a", { class: "who", href: addressOf(event) }, person(event)),
      phone ? phoneLink(phone) : email && make("span", { class: "under soft" }, email),
    ),
    cell("about", event.topic ? word("topic", event.topic) : "—", event.intent && make("span", { class: "under soft" }, word("intent", event.intent))),
    cell("quality", dots(event.quality_score)),
    cell("status", chipsOf(event), event.status_reason && event.status !== "delivered" && make("span", { class: "under soft" }, said(event, "status_reason"))),
    cell(
      "when",
      make("time", { datetime: event.received_at, title: fully(event.received_at) }, when(event.received_at)),
      make("a", { class: "id mono", href: addressOf(event), tabindex: "-1", title: event.event_id }, event.event_id),
      (event.agent_name ?? event.agent_id) && make("span", { class: "under soft" }, event.agent_name ?? event.agent_id),
    ),
  );
}

/** @param {number} n */
export const found = (n) => make("p", { role: "status" }, icon("search"), ` ${t("search.found", { n })}`);
