// The numbers of a day, of the week around it, and whether every call of the day is accounted for.

import { api } from "./api.js";
import { button, empty, icon, loading, make, swap } from "./dom.js";
import { confirm, toast } from "./dialogs.js";
import { coded, dayName, lasting, number, said, t, today, when } from "./words.js";
import { hourChart, statusBar, weekChart } from "./charts.js";
import { problem } from "./calls.js";

const DAY_MS = 86_400_000;
const WEEK = 7;
const moved = (day, by) => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);

export async function numbersPage(place, { query, isCurrent }) {
  const day = /^\d{4}-\d\d-\d\d$/.test(query.get("day") ?? "") ? query.get("day") : today();
  const body = make("div", {}), week = make("section", { class: "panel", "aria-label": t("week.title") }), ledger = make("section", { class: "panel", "aria-labelledby": "ledger-title" });
  swap(place, heading(day), body, make("div", { class: "two" }, week, ledger));
  await Promise.all([drawDay(body, day, isCurrent), drawWeek(week, day, isCurrent), drawLedger(ledger, day, isCurrent)]);
}

function heading(day) {
  const go = (to) => { location.hash = `#/numbers?day=${to}`; };
  const pick = make("input", { type: "date", value: day, max: today(), "aria-label": t("numbers.day"), onchange: (event) => event.target.value && go(event.target.value) });
  return make(
    "div",
    { class: "heading" },
    make("h1", { tabindex: "-1" }, t("numbers.title")),
    make("span", { class: "soft day-name" }, dayName(day)),
    make(
      "div",
      { class: "stepper" },
      button("", () => go(moved(day, -1)), { symbol: "left", "aria-label": t("numbers.before") }),
      pick,
      button("", () => go(moved(day, 1)), { symbol: "left", "aria-label": t("numbers.after"), class: "button turned", disabled: day >= today() }),
    ),
  );
}

async function drawDay(place, day, isCurrent) {
  swap(place, loading(t("loading"), 5));
  try {
    const numbers = await api.numbers(day);
    if (!isCurrent()) return;
    const share = numbers.received ? Math.round((100 * numbers.delivered) / numbers.received) : 0;
    const tiles = [
      tile("received", number(numbers.received), "phone", "info"),
      tile("delivered", number(numbers.delivered), "check", "good", numbers.received ? t("numbers.share", { n: share }) : ""),
      tile("waiting", number(numbers.waiting), "clock", "info"),
      tile("needs_person", number(numbers.needs_person), "person", numbers.needs_person ? "bad" : "quiet"),
      tile("failed", number(numbers.failed), "cross", numbers.failed ? "bad" : "quiet"),
      tile("median", lasting(numbers.median_seconds_to_lead), "send", "good", t("numbers.median.about")),
    ];
    const charts = numbers.received ? [hourChart(numbers), statusBar(numbers)] : empty(t("numbers.none"), t("numbers.none.about"));
    swap(
      place,
      make("ul", { class: "tiles" }, tiles),
      !numbers.complete && make("p", { class: "warning" }, t("numbers.incomplete")),
      make("div", { class: numbers.received ? "two" : "" }, charts),
    );
  } catch (error) {
    if (isCurrent()) swap(place, problem(error, () => drawDay(place, day, isCurrent)));
  }
}

const tile = (name, value, symbol, tone, about = "") =>
  make("li", { class: `tile ${tone}` }, make("span", { class: "tile-name" }, icon(symbol), t(`numbers.${name}`)), make("b", {}, value), make("small", { class: "soft" }, about));

async function drawWeek(place, day, isCurrent) {
  const days = Array.from({ length: WEEK }, (_, n) => moved(day, n - WEEK + 1));
  swap(place, make("h2", {}, icon("chart"), t("week.title")), loading(t("loading"), 2));
  try {
    const found = await Promise.all(days.map((each) => api.numbers(each)));
    if (isCurrent()) swap(place, make("h2", {}, icon("chart"), t("week.title")), weekChart(found));
  } catch (error) {
    if (isCurrent()) swap(place, make("h2", {}, icon("chart"), t("week.title")), problem(error, () => drawWeek(place, day, isCurrent)));
  }
}

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
      make("p", { class: "soft small" }, t("ledger.made", { when: when(ledger.made_at) })),
      actions,
    );
  } catch (error) {
    if (!isCurrent()) return;
    swap(place, head(), error.status === 404 ? make("p", { class: "soft" }, t("ledger.none")) : problem(error, again), actions);
  }
}

async function reconcile(day, then) {
  const since = `${day}T00:00:00Z`;
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

const reasonIn = ({ codes }, why) => coded(codes?.[why]?.code, codes?.[why]?.params) ?? why;

const COUNTED = ["listed", "known", "waiting", "missed", "gone"];
const counted = (found) =>
  make("dl", { class: "pairs" }, COUNTED.filter((name) => found[name]).map((name) => [make("dt", {}, t(`reconciled.${name}`)), make("dd", {}, number(found[name]))]));

