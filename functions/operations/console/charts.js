// @ts-check
// Small charts as SVG, each with its numbers as a table for whoever cannot see it. They are drawn at the size they are shown in, so that
// an axis can be read on a phone as well.

/** @import { Filters } from "./types.js" */
import { at, icon, make, svg } from "./dom.js";
import { clock, dateOf, number, shortDay, t, word } from "./words.js";
import { STATUSES, statusChip, toneOf } from "./statuses.js";

const HEIGHT = 200, BOTTOM = 26, TOP = 16, LETTER = 7;
const WIDEST = 1000, NARROWEST = 240, TWO_COLUMNS = 1114, EDGES = 100; // two columns: as `.halves` has them
const LEAST_SHARE = 0.8; // percent: what is there is seen
const SHOWN = 10; // rows of a table before it is opened

// Where a call can stand: together they are what came in.
export const PLACES = [["delivered", "good"], ["waiting", "info"], ["needs_person", "bad"], ["not_sent", "warn"], ["excluded", "quiet"]];

/** @param {any} numbers @param {string} day */
export function hourChart(numbers, day) {
  return columnChart(t("chart.hours"), t("chart.hours.about"), t("chart.hour"), numbers.by_hour.map((/** @type {any} */ each) => ({ ...each, name: clock(each.hour), label: clock(each.hour) })), `${t("chart.hours")}: ${day}`);
}

/** @param {any} given @param {string} about */
export function dayChart({ by_day: days }, about) {
  return columnChart(t("chart.days"), about, t("chart.day"), days.map((/** @type {any} */ each) => ({ ...each, name: shortDay(each.day), label: days.length > 7 ? dateOf(each.day) : shortDay(each.day) })), about);
}

/** @param {string} title @param {string} about @param {string} head @param {any[]} columns @param {string} label */
function columnChart(title, about, head, columns, label) {
  const most = ceiling(Math.max(1, ...columns.map((/** @type {any} */ column) => column.received)));
  const left = 14 + LETTER * number(most).length, width = shownWidth(), slot = (width - left) / columns.length;
  const longest = LETTER * Math.max(...columns.map((/** @type {any} */ column) => column.label.length)), every = Math.ceil((longest + 8) / slot);
  const isLabelled = (/** @type {number} */ n) => n % every === 0 && left + (n + 0.5) * slot + longest / 2 <= width;
  const bars = columns.map((/** @type {any} */ column, /** @type {number} */ n) => bar(column, { x: left + n * slot, slot, most, label: isLabelled(n) ? column.label : "" }));
  const present = PLACES.filter(([place]) => columns.some((/** @type {any} */ column) => column[place] > 0));
  return figure(
    title,
    svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, class: "chart", role: "img", "aria-label": label }, lines(most, left, width), bars),
    make("ul", { class: "legend" }, present.map(([place, tone]) => make("li", {}, make("i", { class: `fill ${tone}` }), t(`numbers.${place}`)))),
    asTable(about, [head, t("numbers.received"), ...PLACES.map(([place]) => t(`numbers.${place}`))], columns.filter((/** @type {any} */ column) => column.received).map((/** @type {any} */ column) => [column.name, column.received, ...PLACES.map(([place]) => column[place])])),
  );
}

function shownWidth() {
  const room = at("main").clientWidth;
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, (room >= TWO_COLUMNS ? room / 2 : room) - EDGES)));
}

// The top of the axis: a number whose half is one that can be written there too.
/** @param {number} most */
const ceiling = (most) => {
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 6, 8, 10].map((n) => n * step).find((each) => each >= most) ?? most;
};

/** @param {number} value @param {number} most */
const heightOf = (value, most) => ((HEIGHT - BOTTOM - TOP) * value) / most;

/** @param {any} column @param {any} given */
function bar(column, { x, slot, most, label }) {
  const width = Math.min(slot * 0.66, 46), from = x + (slot - width) / 2;
  let y = HEIGHT - BOTTOM;
  const rects = PLACES.filter(([place]) => column[place] > 0).map(([place, tone]) => {
    const height = heightOf(column[place], most);
    y -= height;
    return svg("rect", { x: from, y, width, height: Math.max(height - 1, height / 2), rx: Math.min(2, height / 4), class: `fill ${tone}` });
  });
  const told = `${column.name} — ${t("chart.received", { n: number(column.received) })}`;
  return svg("g", {}, svg("title", {}, told), rects, svg("text", { x: x + slot / 2, y: HEIGHT - 8, "text-anchor": "middle" }, label));
}

/** @param {number} most @param {number} left @param {number} width */
function lines(most, left, width) {
  return [0, most / 2, most].filter(Number.isInteger).map((value) => {
    const y = HEIGHT - BOTTOM - heightOf(value, most);
    return [svg("line", { x1: left, x2: width, y1: y, y2: y, class: "grid" }), svg("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, number(value))];
  });
}

// `to` leads to the calls that stand so.
/** @param {any} given @param {(filters: Filters) => string} to */
export function statusBar({ by_status: counts, received }, to) {
  const present = STATUSES.filter((status) => counts[status] > 0);
  const seen = present.map((status) => Math.max((100 * counts[status]) / received, LEAST_SHARE));
  const whole = seen.reduce((sum, each) => sum + each, 0);
  let from = 0;
  const parts = present.map((status, n) => {
    const width = (100 * seen[n]) / whole;
    const part = svg("rect", { x: from, y: 0, width: width * 0.995, height: 12, class: `fill ${toneOf(status)}` }, svg("title", {}, `${word("status", status)}: ${counts[status]}`));
    from += width;
    return part;
  });
  return figure(
    t("chart.statuses"),
    svg("svg", { viewBox: "0 0 100 12", class: "bar", preserveAspectRatio: "none", role: "img", "aria-label": t("chart.statuses") }, parts),
    make("ul", { class: "counts" }, present.map((status) => make("li", {}, make("a", { href: to({ status }) }, statusChip(status)), make("b", {}, number(counts[status]))))),
  );
}

// Rows of {name, to, received, …}: the busiest first, each with its part of the whole.
/** @param {string} title @param {string} head @param {any[]} rows */
export function breakdown(title, head, rows) {
  const most = Math.max(1, ...rows.map((/** @type {any} */ row) => row.received));
  const drawn = rows.map((/** @type {any} */ row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, row.to ? make("a", { href: row.to }, row.name) : row.name, share(row.received / most)),
      ["received", "delivered", "needs_person"].map((name) => make("td", {}, number(row[name]))),
    ),
  );
  const table = (/** @type {any[]} */ some) =>
    make(
      "table",
      { class: "breakdown" },
      make("thead", {}, make("tr", {}, [head, t("numbers.received"), t("numbers.delivered"), t("numbers.waits.short")].map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", {}, some),
    );
  const rest = drawn.slice(SHOWN);
  return figure(title, table(drawn.slice(0, SHOWN)), rest.length > 0 && make("details", { class: "as-table" }, make("summary", {}, t("waits.more", { n: number(rest.length) })), table(rest)));
}

/** @param {number} part */
const share = (part) =>
  svg("svg", { viewBox: "0 0 100 4", class: "share", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { x: 0, y: 0, width: 100 * part, height: 4, class: "fill info" }));

/** @param {string} title @param {...any} content */
const figure = (title, ...content) => make("section", { class: "panel", "aria-label": title }, make("h2", {}, icon("chart"), title), content);

/** @param {string} about @param {string[]} heads @param {any[]} rows */
const asTable = (about, heads, rows) =>
  make(
    "details",
    { class: "as-table" },
    make("summary", {}, t("chart.table")),
    make(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": about },
      make("table", {}, make("thead", {}, make("tr", {}, heads.map((/** @type {string} */ head) => make("th", { scope: "col" }, head)))), make("tbody", {}, rows.map((/** @type {any} */ row) => make("tr", {}, row.map((/** @type {any} */ cell) => make("td", {}, typeof cell === "number" ? number(cell) : cell)))))),
    ),
  );
