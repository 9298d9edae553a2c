// @ts-check
// Webhooks that were refused and quarantined: what was wrong with each, and what may become of it.

/** @import { Draw, Entry, Here, IsCurrent } from "./types.js" */
import { api } from "./api.js";
import { button, chip, empty, loading, make, swap } from "./dom.js";
import { bytes, fully, refusal, said, t, when, word } from "./words.js";
import { exportButtons } from "./export.js";
import { confirm, toast } from "./dialogs.js";
import { AT_ONCE, forAll } from "./bulk.js";
import { runbookLink } from "./runbook.js";
import { watch } from "./watch.js";
import { problem } from "./calls.js";

/** @type {Record<string, string>} */
const TONES = { unsigned: "quiet", signature: "quiet", vendor: "bad", time: "warn", content: "warn", unknown_type: "warn" };
/** @type {Record<string, string>} */
const SYMBOLS = { unsigned: "question", signature: "shield", vendor: "shield", time: "clock", content: "warn", unknown_type: "question" };

/** @param {HTMLElement} place @param {Here} here */
export async function quarantinePage(place, { isCurrent }) {
  const list = make("div", {});
  const draw = () => drawList(list, isCurrent, draw);
  swap(
    place,
    make("div", { class: "heading" }, make("h1", { tabindex: "-1" }, t("quarantine.title")), exportButtons({ list: "quarantine" }), button(t("refresh"), draw, { symbol: "again" })),
    make("p", { class: "soft intro" }, t("quarantine.about"), " ", runbookLink("quarantine")),
    list,
  );
  await draw();
}

/** @param {HTMLElement} place @param {IsCurrent} isCurrent @param {Draw} draw */
async function drawList(place, isCurrent, draw) {
  swap(place, loading(t("loading"), 4));
  try {
    const page = await api.quarantine();
    if (!isCurrent()) return;
    if (!page.entries.length) {
      swap(place, empty(t("quarantine.none"), t("quarantine.none.about")));
      return;
    }
    const many = make("div", { class: "actions many" }, button(t("quarantine.all"), () => releaseAll(isCurrent, draw), { symbol: "check" }));
    const rows = make("ul", { class: "entries" }, page.entries.map((/** @type {Entry} */ entry) => row(entry, draw)));
    swap(place, page.entries.some(mayBeReleased) && many, rows, further(rows, page.next_cursor, isCurrent, draw));
  } catch (error) {
    if (isCurrent()) swap(place, problem(error, draw));
  }
}

/** @param {Element} rows @param {string | null} cursor @param {IsCurrent} isCurrent @param {Draw} draw */
function further(rows, cursor, isCurrent, draw) {
  const foot = make("div", { class: "more" });
  const more = () => swap(foot, cursor && button(t("calls.more"), load));
  async function load() {
    try {
      const page = await api.quarantine({ cursor });
      if (!isCurrent()) return;
      rows.append(...page.entries.map((/** @type {Entry} */ entry) => row(entry, draw)));
      cursor = page.next_cursor;
      more();
    } catch (error) {
      swap(foot, problem(error, load));
    }
  }
  more();
  return foot;
}

/** @param {Entry} entry @param {Draw} draw */
function row(entry, draw) {
  const released = entry.released_at !== null;
  return make(
    "li",
    { class: "panel entry" },
    make("div", { class: "entry-head" },
      released ? chip(t("quarantine.released"), "good", "check") : chip(word("quarantined", entry.kind), TONES[entry.kind] ?? "quiet", SYMBOLS[entry.kind] ?? "warn"),
      make("time", { datetime: entry.received_at, title: fully(entry.received_at) }, when(entry.received_at)),
      make("span", { class: "soft" }, bytes(entry.bytes))),
    make("p", {}, said(entry, "reason")),
    released && make("p", { class: "soft" }, t("quarantine.released.when", { who: entry.released_by ?? "–", when: fully(entry.released_at) })),
    make("p", { class: "mono soft small" }, entry.quarantine_id),
    make("div", { class: "actions" },
      released && entry.event_id && make("a", { class: "button", href: `#/call/${encodeURIComponent(entry.event_id)}` }, t("quarantine.open")),
      mayBeReleased(entry) && button(t("quarantine.release"), () => release(entry, draw), { symbol: "check" }),
      button(t("quarantine.discard"), () => discard(entry, draw), { tone: "danger", symbol: "trash" })),
  );
}

/** @param {Entry} entry */
const mayBeReleased = (entry) => entry.released_at === null && entry.kind !== "unsigned";

// Each is judged again by today's secrets; a page of the list says what each is, so it is read to the end first.
/** @param {IsCurrent} isCurrent @param {Draw} draw */
async function releaseAll(isCurrent, draw) {
  const waiting = [];
  try {
    for (let cursor = null, page; waiting.length <= AT_ONCE && (!page || cursor); cursor = page.next_cursor) {
      page = await api.quarantine({ limit: 100, cursor });
      waiting.push(...page.entries.filter(mayBeReleased));
    }
  } catch (error) {
    toast(refusal(error), "warn");
    return;
  }
  if (!isCurrent()) return;
  const taken = waiting.slice(0, AT_ONCE), kinds = [...new Set(taken.map((entry) => entry.kind))];
  const done = await forAll({
    title: t("quarantine.all"),
    about: [t("quarantine.all.about")],
    states: kinds.map((kind) => [word("quarantined", kind), taken.filter((entry) => entry.kind === kind).length]),
    ids: taken.map((entry) => entry.quarantine_id),
    isCut: waiting.length > taken.length,
    act: (id) => api.release(id),
  });
  if (done) await Promise.all([draw(), watch()]);
}

/** @param {Entry} entry @param {Draw} draw */
async function release(entry, draw) {
  const done = await confirm({
    title: t("release.title"),
    body: [t("release.about"), t(`release.${entry.kind}`)],
    action: t("release.do"),
    act: () => api.release(entry.quarantine_id),
  });
  if (!done) return;
  toast(t(done.event_id ? "release.done" : "release.ignored"));
  await Promise.all([draw(), watch()]);
}

/** @param {Entry} entry @param {Draw} draw */
async function discard(entry, draw) {
  const fields = [{ name: "reason", label: t("act.reason"), hint: t("act.reason.hint") }];
  const done = await confirm({ title: t("discard.title"), body: [t("discard.about")], fields, action: t("discard.do"), tone: "danger", act: ({ reason }) => api.discard(entry.quarantine_id, reason) });
  if (!done) return;
  toast(t("discard.done"));
  await Promise.all([draw(), watch()]);
}
