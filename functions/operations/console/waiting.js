// @ts-check
// What waits for a person, by cause: true counts, what to do about it, and one act for all of a cause.

/** @import { Draw, Group, IsCurrent, Waiting } from "./types.js" */
import { AT_ONCE, forAll } from "./bulk.js";
import { address as listOf } from "./filters.js";
import { addressOf, person, phoneLink } from "./people.js";
import { api } from "./api.js";
import { exportButtons } from "./export.js";
import { button, icon, loading, make, swap } from "./dom.js";
import { number, said, sharedText, t, when, word } from "./words.js";
import { runbookLink } from "./runbook.js";
import { counted, sum } from "./watch.js";
import { problem } from "./calls.js";
import { statusChip } from "./statuses.js";

// What may be done for all of a cause, by the status that they share.
/** @type {Record<string, string[]>} */
const ACTS = {
  unknown: ["delivered", "not_delivered"],
  partial: ["delivered"],
  rejected: ["resend", "close"],
  stalled: ["continue", "close"],
};
/** @type {Record<string, (id: string, reason?: string) => Promise<any>>} */
const DO = {
  resend: (id, reason) => api.resend(id, false, reason),
  close: (id, reason) => api.close(id, reason),
  continue: (id) => api.continue(id),
  delivered: (id, reason) => api.resolve(id, { outcome: "delivered", reason }),
  not_delivered: (id, reason) => api.resolve(id, { outcome: "not_delivered", reason }),
};

/** @param {HTMLElement} place @param {IsCurrent} isCurrent */
export async function waiting(place, isCurrent) {
  const head = (n = 0) => make("h2", { id: "waits-title" }, icon("person"), t("waits.title"), n > 0 && make("span", { class: "count" }, number(n)));
  if (!place.hasChildNodes()) swap(place, head(), loading(t("loading"), 2));
  const draw = () => waiting(place, isCurrent);
  try {
    const found = await api.attention();
    if (!isCurrent()) return;
    counted(found);
    const { groups, resting, quarantine } = found;
    const refused = sum(quarantine);
    swap(
      place,
      head(found.waiting),
      groups.length > 0 && exportButtons({ list: "waiting" }),
      groups.length ? make("ul", { class: "groups" }, groups.map((/** @type {Group} */ group) => row(group, draw))) : make("p", { class: "calm" }, icon("check"), t("waits.nobody")),
      !found.complete && make("p", { class: "soft small" }, t("waits.some")),
      refused > 0 && make("p", { class: "links" }, make("a", { href: "#/quarantine" }, t("waits.quarantine", { n: number(refused) }))),
      Object.entries(resting).filter(([, n]) => n > 0).map(([status, n]) => make("p", { class: "links" }, make("a", { href: `#/calls?status=${status}` }, t("waits.resting", { n: number(n), status: word("status", status) })))),
    );
  } catch (error) {
    if (isCurrent()) swap(place, head(), problem(error, draw));
  }
}

// The runbook's words for the cause, or those for its status.
/** @param {Group} group */
const advice = (group) => sharedText(`advice.${group.reason_code}`) ?? sharedText(`advice.${group.status}`);

/** @param {Group} group @param {Draw} draw */
function row(group, draw) {
  const cause = said(group, "reason") || word("status", group.status);
  const { people } = group, rest = group.count - people.length, more = t("waits.more", { n: number(rest) });
  return make(
    "li",
    { class: "group" },
    make("div", { class: "group-head" }, statusChip(group.status), make("b", { class: "cause" }, cause), make("span", { class: "count" }, number(group.count)), group.since && make("span", { class: "soft small" }, t("waits.since", { when: when(group.since) }))),
    make("p", { class: "advice" }, advice(group), " ", runbookLink(group.status)),
    make("ul", { class: "who-waits" }, people.map(one)),
    rest > 0 && make(
      "p",
      { class: "links" },
      make("a", { href: listOf({ status: group.status, cause: group.status === "stalled" ? "" : group.reason_code ?? "" }), "aria-label": `${more}: ${cause}` }, more),
    ),
    make("div", { class: "actions" }, (ACTS[group.status] ?? []).map((/** @type {string} */ act) => button(t(`bulk.do.${act}`), () => all(act, group, cause).then((done) => done && draw()), { "aria-label": `${t(`bulk.do.${act}`)}: ${cause}` }))),
  );
}

// One of a group: whose call it is and where to ring, the id small.
/** @param {Waiting} event */
function one(event) {
  const { phone, email } = event.contact;
  return make(
    "li",
    {},
    make("a", { class: "who", href: addressOf(event) }, person(event)),
    phone ? phoneLink(phone) : email && make("bdi", { class: "soft" }, email),
    make("span", { class: "id mono", title: event.event_id }, event.event_id),
  );
}

/** @param {string} act @param {Group} group @param {string} cause */
async function all(act, group, cause) {
  const ids = group.event_ids.slice(0, AT_ONCE);
  return forAll({
    title: t(`bulk.do.${act}`),
    about: [make("b", {}, cause), act === "not_delivered" && make("p", { class: "warning" }, advice(group))],
    states: [[word("status", group.status), ids.length]],
    ids,
    isCut: group.count > ids.length,
    withReason: act !== "continue",
    act: (id, reason) => DO[act]?.(id, reason) ?? Promise.resolve(),
  });
}
