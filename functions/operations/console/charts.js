// Small charts as SVG, each with its numbers as a table for whoever cannot see it.

import { icon, make, svg } from "./dom.js";
import { number, shortDay, t, word } from "./words.js";
import { STATUSES, statusChip, toneOf } from "./statuses.js";

const WIDTH = 720, HEIGHT = 190, BOTTOM = 26, TOP = 14, LEFT = 34;

export function hourChart({ by_hour: hours }) {
  const most = ceiling(Math.max(1, ...hours.map((hour) => hour.received)));
  const offset = -new Date().getTimezoneOffset() / 60;
  const local = (hour) => `${String((((hour + offset) % 24) + 24) % 24).replace(/\..*/, "").padStart(2, "0")}:00`;
  const bars = hours.map((hour, n) => column(n, hours.length, most, [
    ["good", hour.delivered],
    ["bad", hour.needs_person],
    ["quiet", hour.received - hour.delivered - hour.needs_person],
  ], n % 3 === 0 ? local(hour.hour) : "", `${local(hour.hour)} — ${t("chart.received", { n: hour.received })}`));
  return figure(
    t("chart.hours"),
    chart(most, bars, t("chart.hours.about")),
    legend([["good", t("numbers.delivered")], ["bad", t("numbers.needs_person")], ["quiet", t("chart.other")]]),
    table([t("chart.hour"), t("numbers.received"), t("numbers.delivered"), t("numbers.needs_person")], hours.filter((hour) => hour.received).map((hour) => [local(hour.hour), hour.received, hour.delivered, hour.needs_person])),
  );
}

export function weekChart(days) {
  const most = ceiling(Math.max(1, ...days.map((day) => day.received)));
  const bars = days.map((day, n) => column(n, days.length, most, [
    ["good", day.delivered],
    ["bad", day.needs_person],
    ["quiet", day.received - day.delivered - day.needs_person],
  ], shortDay(day.day), `${shortDay(day.day)} — ${t("chart.received", { n: day.received })}`));
  return make(
    "div",
    {},
    chart(most, bars, t("week.about")),
    legend([["good", t("numbers.delivered")], ["bad", t("numbers.needs_person")], ["quiet", t("chart.other")]]),
    table([t("chart.day"), t("numbers.received"), t("numbers.delivered")], days.map((day) => [shortDay(day.day), day.received, day.delivered])),
  );
}

export function statusBar({ by_status: counts, received }) {
  const present = STATUSES.filter((status) => counts[status] > 0);
  let from = 0;
  const parts = present.map((status) => {
    const width = (100 * counts[status]) / received;
    const part = svg("rect", { x: from, y: 0, width: Math.max(width - 0.4, 0.4), height: 12, rx: 1, class: `fill ${toneOf(status)}` }, svg("title", {}, `${word("status", status)}: ${counts[status]}`));
    from += width;
    return part;
  });
  return figure(
    t("chart.statuses"),
    svg("svg", { viewBox: "0 0 100 12", class: "bar", preserveAspectRatio: "none", role: "img", "aria-label": t("chart.statuses") }, parts),
    make("ul", { class: "counts" }, present.map((status) => make("li", {}, make("a", { href: `#/calls?status=${status}` }, statusChip(status)), make("b", {}, number(counts[status]))))),
  );
}

const ceiling = (most) => {
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 4, 6, 8, 10].map((n) => n * step).find((each) => each >= most);
};

function column(n, all, most, parts, label, title) {
  const slot = (WIDTH - LEFT) / all, width = Math.min(slot * 0.62, 46), x = LEFT + n * slot + (slot - width) / 2;
  let y = HEIGHT - BOTTOM;
  const rects = parts.filter(([, value]) => value > 0).map(([tone, value]) => {
    const height = ((HEIGHT - BOTTOM - TOP) * value) / most;
    y -= height;
    return svg("rect", { x, y, width, height: Math.max(height - 1, 1), rx: 2, class: `fill ${tone}` });
  });
  return svg("g", {}, svg("title", {}, title), rects, svg("text", { x: x + width / 2, y: HEIGHT - 8, "text-anchor": "middle" }, label));
}

function chart(most, bars, about) {
  const lines = [0, 0.5, 1].map((part) => {
    const y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part, value = most * part;
    return [svg("line", { x1: LEFT, x2: WIDTH, y1: y, y2: y, class: "grid" }), Number.isInteger(value) && svg("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, number(value))];
  });
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", role: "img", "aria-label": about }, lines, bars);
}

const legend = (rows) => make("ul", { class: "legend" }, rows.map(([tone, text]) => make("li", {}, make("i", { class: `fill ${tone}` }), text)));

const figure = (title, ...content) => make("section", { class: "panel", "aria-label": title }, make("h2", {}, icon("chart"), title), content);

const table = (heads, rows) =>
  make("details", { class: "as-table" }, make("summary", {}, t("chart.table")), make("table", {}, make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))), make("tbody", {}, rows.map((row) => make("tr", {}, row.map((cell) => make("td", {}, String(cell))))))));
