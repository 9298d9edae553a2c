// What waits for a person.

import { addressOf, person } from "./people.js";
import { api } from "./api.js";
import { fully, said, t, when, word } from "./words.js";
import { icon, loading, make, swap } from "./dom.js";
import { problem } from "./calls.js";
import { statusChip, NEEDS_ATTENTION } from "./statuses.js";

const WAITING_SHOWN = 5;

export async function waiting(place, isCurrent) {
  const head = (number) => make("h2", { id: "waits-title" }, icon("person"), t("waits.title"), number && make("span", { class: "count" }, number));
  if (!place.hasChildNodes()) swap(place, head(), loading(t("loading"), 2));
  const answers = await Promise.allSettled([
    api.health(),
    ...NEEDS_ATTENTION.map((status) => api.events({ status, limit: String(WAITING_SHOWN) })),
  ]);
  if (!isCurrent()) return;
  const failed = answers.find((answer) => answer.status === "rejected");
  if (failed) { swap(place, head(), problem(failed.reason, () => waiting(place, isCurrent))); return; }
  const [health, ...pages] = answers.map((answer) => answer.value);
  const rows = pages.flatMap((page) => page.events).sort((a, b) => b.received_at.localeCompare(a.received_at));
  const more = pages.some((page) => page.next_cursor);
  const stuck = health.stuck.map((event_id) => stuckRow(event_id));
  if (!rows.length && !stuck.length) {
    swap(place, head(), make("p", { class: "calm" }, icon("check"), t("waits.nobody")));
    return;
  }
  swap(
    place,
    head(`${rows.length + stuck.length}${more ? "+" : ""}`),
    make("ul", { class: "waiting" }, stuck, rows.slice(0, WAITING_SHOWN).map(waitingRow)),
    make("p", { class: "links" }, pages.map((page, n) => page.events.length > 0 && filterLink(NEEDS_ATTENTION[n]))),
  );
}

const filterLink = (status) => make("a", { href: `#/calls?status=${status}` }, t("waits.all", { status: word("status", status) }));

function waitingRow(event) {
  return make(
    "li",
    {},
    statusChip(event.status),
    make("div", { class: "what" }, make("a", { href: addressOf(event) }, person(event), " ", make("span", { class: "mono soft small" }, event.event_id)), make("span", { class: "soft" }, said(event, "status_reason"))),
    make("time", { datetime: event.received_at, title: fully(event.received_at) }, when(event.received_at)),
  );
}

const stuckRow = (event_id) =>
  make("li", {}, statusChip("stuck"), make("div", { class: "what" }, make("a", { href: `#/call/${encodeURIComponent(event_id)}`, class: "mono" }, event_id), make("span", { class: "soft" }, t("status.stuck.about"))));
