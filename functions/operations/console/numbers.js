// @ts-check
// The numbers of a day, a week or a month, and whether every call of a day is accounted for.

/** @import { Draw, Filters, Here, IsCurrent } from "./types.js" */
import { address, dayField } from "./filters.js";
import { api } from "./api.js";
import { breakdown, dayChart, hourChart, PLACES, statusBar } from "./charts.js";
import { button, empty, icon, loading, make, swap } from "./dom.js";
import { coded, dayName, dayRange, daysBefore, isDay, lasting, number, said, startOf, t, today, when, word, zone } from "./words.js";
import { exportButtons } from "./export.js";
import { confirm, toast } from "./dialogs.js";
import { problem } from "./calls.js";

/** @type {Record<string, number>} */
const SPANS = { day: 1, week: 7, month: 31 };
/** @type {Record<string, [string, string]>} */
const TILES = { delivered: ["check", "good"], waiting: ["clock", "info"], needs_person: ["person", "bad"], not_sent: ["off", "quiet"], excluded: ["minus", "quiet"] };

/** @param {HTMLElement} place @param {Here} here */
export async function numbersPage(place, { query, isCurrent }) {
  const asked = query.get("day") ?? "";
  const day = isDay(asked) ? asked : today();
  const named = query.get("span") ?? "", span = Object.hasOwn(SPANS, named) ? named : "day";
  const body = make("div", {}), ledger = make("section", { class: "panel ledger", "aria-labelledby": "ledger-title" });
  swap(place, heading(day, span), body, span === "day" && ledger);
  await Promise.all([drawNumbers(body, day, span, isCurrent), span === "day" && drawLedger(ledger, day, isCurrent)]);
}

/** @param {string} day @param {string} span */
const placeOf = (day, span) => `#/numbers?${new URLSearchParams({ day, span })}`;

/** @param {string} day @param {string} span */
function heading(day, span) {
  const go = (/** @type {any} */ to) => { location.hash = placeOf(to, span); };
  const days = SPANS[span] ?? 1, next = daysBefore(day, -days);
  const pick = dayField({ id: "day", value: day, max: today(), required: true, "aria-label": t("numbers.day") }, go);
  return make(
    "div",
    { class: "heading" },
    make("h1", { tabindex: "-1" }, t("numbers.title")),
    make("span", { class: "soft day-name" }, days === 1 ? dayName(day) : dayRange(daysBefore(day, days - 1), day)),
    make("nav", { class: "views spans", "aria-label": t("numbers.span") }, Object.keys(SPANS).map((name) => make("a", { href: placeOf(day, name), "aria-current": name === span ? "page" : null }, t(`numbers.span.${name}`)))),
    make(
      "div",
      { class: "stepper" },
      button("", () => go(daysBefore(day, days)), { symbol: "left", id: "before", "aria-label": t("numbers.before") }),
      pick,
      button("", () => go(next < today() ? next : today()), { symbol: "left", id: "after", "aria-label": t("numbers.after"), class: "button turned", disabled: day >= today() }),
    ),
  );
}

/** @param {HTMLElement} place @param {string} day @param {string} span @param {IsCurrent} isCurrent */
async function drawNumbers(place, day, span, isCurrent) {
  swap(place, loading(t("loading"), 5));
  const days = SPANS[span] ?? 1, from = daysBefore(day, days - 1);
  try {
    const found = await api.numbers({ day, days, zone: zone.get() });
    if (!isCurrent()) return;
    swap(
      place,
      tiles(found),
      found.received > 0 && exportButtons({ list: "numbers", day, days }),
      !found.complete && make("p", { class: "warning" }, t("numbers.incomplete")),
      found.received ? charts(found, day, from, span) : empty(t("numbers.none"), t("numbers.none.about")),
    );
  } catch (error) {
    if (isCurrent()) swap(place, problem(error, () => drawNumbers(place, day, span, isCurrent)));
  }
}

/** @param {any} found */
function tiles(found) {
  const share = found.received ? t("numbers.share", { n: Math.round((100 * found.delivered) / found.received) }) : "";
  const place = (/** @type {string} */ name) => {
    const [symbol, tone] = TILES[name] ?? ["minus", "quiet"];
    return tile(name, number(found[name]), symbol, found[name] ? tone : "quiet", name === "delivered" ? share : "");
  };
  return [
    make("ul", { class: "tiles" }, tile("received", number(found.received), "phone", "info"), PLACES.map(([name]) => place(name)), tile("median", lasting(found.median_seconds_to_lead), "send", "good", t("numbers.median.about"))),
    make("p", { class: "soft small sum" }, t("numbers.sum")),
  ];
}

/** @param {string} name @param {string} value @param {string} symbol @param {string} tone */
const tile = (name, value, symbol, tone, about = "") =>
  make("li", { class: `tile ${tone}`, "data-name": name }, make("span", { class: "tile-name" }, icon(symbol), t(`numbers.${name}`)), make("b", {}, value), make("small", { class: "soft" }, about));

/** @param {any} found @param {string} day @param {string} from @param {string} span */
function charts(found, day, from, span) {
  const to = (/** @type {Filters} */ filters) => address({ ...filters, from, to: day });
  const agents = found.by_agent.map((/** @type {any} */ each) => ({ ...each, name: each.agent_name ?? each.agent_id ?? t("numbers.no_agent"), to: each.agent_id && to({ agent: each.agent_id }) }));
  const topics = found.by_topic.map((/** @type {any} */ each) => ({ ...each, name: each.topic ? word("topic", each.topic) : t("numbers.no_topic"), to: each.topic && to({ topic: each.topic }) }));
  return make(
    "div",
    { class: "two halves" },
    span === "day" ? hourChart(found, dayName(day)) : dayChart(found, t("chart.days.about", { days: dayRange(from, day) })),
    statusBar(found, to),
    breakdown(t("chart.agents"), t("filter.agent"), agents),
    breakdown(t("chart.topics"), t("filter.topic"), topics),
  );
}

/** @param {HTMLElement} place @param {string} day @param {IsCurrent} isCurrent */
async function drawLedger(place, day, isCurrent) {
  const head = () => make("h2", { id: "ledger-title" }, icon("shield"), t("ledger.title"));
  const again = () => drawLedger(place, day, isCurrent);
  const actions = make("div", { class: "actions" }, button(t("ledger.check"), () => reconcile(day, again), { symbol: "search" }));
  swap(place, head(), loading(t("loading"), 2));
  try {
    const ledger = await api.ledger(day);
    if (!isCurrent()) return;
    const rows = [
      ["conversations", ledger.conversations],
      ["delivered", ledger.delivered],
      ...Object.entries(ledger.excluded).map(([why, n]) => ["excluded", n, reasonIn(ledger, why)]),
      ...Object.entries(ledger.waiting).map(([why, n]) => ["waiting", n, reasonIn(ledger, why)]),
      ["missing", ledger.missing],
      ...(ledger.unlisted ? [["unlisted", ledger.unlisted]] : []),
    ];
    swap(
      place,
      head(),
      make("p", { class: ledger.adds_up ? "calm" : "warning" }, icon(ledger.adds_up ? "check" : "warn"), t(ledger.adds_up ? "ledger.adds_up" : "ledger.differs")),
      make("dl", { class: "pairs" }, rows.map(([name, n, why]) => [make("dt", {}, t(`ledger.${name}`), why && make("small", { class: "soft" }, ` ${why}`)), make("dd", {}, number(n))])),
      make("p", { class: "soft small" }, t("ledger.made", { when: when(ledger.made_at) }), ledger.zone !== zone.get() && ` ${zoneOf(ledger)}`),
      make("div", { class: "actions" }, button(t("ledger.check"), () => reconcile(day, again), { symbol: "search" }), exportButtons({ list: "ledger", day })),
    );
  } catch (error) {
    if (!isCurrent()) return;
    swap(place, head(), error.status === 404 ? make("p", { class: "soft" }, t("ledger.none")) : problem(error, again), actions);
  }
}

// Said where the ledger's day is not the operator's own.
/** @param {any} given */
const zoneOf = ({ day, zone: its }) =>
  t("ledger.zone", { zone: its, from: when(startOf(day, its).toISOString()), to: when(startOf(daysBefore(day, -1), its).toISOString()) });

/** @param {string} day @param {Draw} then */
async function reconcile(day, then) {
  const since = startOf(day).toISOString();
  const found = await confirm({ title: t("reconcile.title"), body: [t("reconcile.about")], action: t("reconcile.do"), act: () => api.reconcile(since, true) });
  if (!found) return;
  if (found.status === "off" || found.status === "unavailable") { toast(said(found, "reason"), "warn"); return; }
  if (!found.missed) { toast(t("reconcile.nothing", { n: found.listed })); return; }
  const taken = await confirm({
    title: t("reconcile.found"),
    body: [counted(found), found.status === "partial" && make("p", { class: "warning" }, said(found, "reason")), t("reconcile.take.about")].filter(Boolean),
    fields: [{ name: "reason", label: t("act.reason"), hint: t("act.reason.hint") }],
    action: t("reconcile.take"),
    act: ({ reason }) => api.reconcile(since, false, reason),
  });
  if (taken) { toast(t("reconcile.done", { n: taken.taken_in })); await then(); }
}

/** @param {any} given @param {string} why */
const reasonIn = ({ codes }, why) => coded(codes?.[why]?.code, codes?.[why]?.params) ?? why;

const COUNTED = ["listed", "known", "waiting", "missed", "gone"];
/** @param {any} found */
const counted = (found) =>
  make("dl", { class: "pairs" }, COUNTED.filter((name) => found[name]).map((name) => [make("dt", {}, t(`reconciled.${name}`)), make("dd", {}, number(found[name]))]));
