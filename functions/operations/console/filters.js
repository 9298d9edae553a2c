// @ts-check
// Which calls a list is of: the filters stand in the address, days are those of the operator's zone.

/** @import { Attributes } from "./dom.js" */
/** @import { CallEvent, Draw, Filters } from "./types.js" */
import { button, icon, make } from "./dom.js";
import { exportButtons } from "./export.js";
import { confirm, toast } from "./dialogs.js";
import { daysBefore, FIRST_DAY, isDay, LAST_DAY, sharedText, startOf, t, today, word, words, zone } from "./words.js";
import { STATUSES } from "./statuses.js";

const NAMES = ["status", "cause", "topic", "quality", "agent", "from", "to"];
const STALLED = "stalled", MOST_STALLED = 100; // no status of its own: the API lists those that stand longest
const KEPT_VIEWS = "postcall.views";
const agents = new Map();

/** @param {URLSearchParams} query */
export function read(query) {
  const given = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ""]));
  for (const day of ["from", "to"]) if (!isDay(given[day])) given[day] = "";
  return given;
}

// By keys a year comes digit by digit, and a change with each: nobody is told before the day lies within its bounds.
/** @param {Attributes} attributes @param {(day: string) => void} picked with `YYYY-MM-DD`, or nothing when it was cleared */
export const dayField = (attributes, picked) =>
  make("input", { type: "date", min: FIRST_DAY, max: LAST_DAY, title: t("filter.zone", { zone: zone.get() }), ...attributes, onchange: (/** @type {any} */ event) => event.target.checkValidity() && picked(event.target.value) });

/** @param {Filters} filters */
export const isOn = (filters) => NAMES.some((name) => filters[name]);

/** @param {Filters} filters */
export function address(filters) {
  const query = new URLSearchParams(NAMES.filter((name) => filters[name]).map((name) => [name, filters[name]]));
  return `#/calls${query.size ? `?${query}` : ""}`;
}

// The same for the API: a day ends where the next one begins.
/** @param {any} given */
export const asQuery = ({ status, cause, topic, quality, agent, from, to }) => ({
  ...(status === STALLED ? { stalled: "true", limit: MOST_STALLED } : { status }),
  cause,
  topic,
  quality,
  agent_id: agent,
  since: from && startOf(from).toISOString(),
  until: to && startOf(daysBefore(to, -1)).toISOString(),
});

// What stands below the last row.
/** @param {Filters} filters */
export const ended = ({ status }) => (status === STALLED ? t("calls.end.stalled", { n: MOST_STALLED }) : t("calls.end"));

/** @param {CallEvent[]} events */
export function meet(events) {
  for (const event of events) if (event.agent_id) agents.set(event.agent_id, event.agent_name ?? "");
  document.getElementById("agents")?.replaceChildren(...agentOptions());
}

// A cause by its code; what differs from call to call is left out.
const causeName = (/** @type {string} */ code) => sharedText(code)?.replace(/\{\w+\}/g, "…") ?? code;

const agentOptions = () => [...agents].map(([id, name]) => make("option", { value: id }, name));

/** @param {Filters} filters */
export function bar(filters) {
  const go = (/** @type {Filters} */ changed) => { location.hash = address({ ...filters, ...("status" in changed ? { cause: "" } : {}), ...changed }); };
  const labelled = (/** @type {string} */ id, /** @type {any} */ field) => make("div", { class: "field" }, make("label", { for: id }, t(`filter.${id}`)), field);
  const choice = (/** @type {string} */ id, /** @type {any} */ options) =>
    labelled(
      id,
      make(
        "select",
        { id, onchange: (/** @type {any} */ event) => go({ [id]: event.target.value }) },
        make("option", { value: "" }, t("filter.any")),
        options.map((/** @type {any} */ [value, text]) => make("option", { value, selected: value === filters[id] }, text)),
      ),
    );
  const day = (/** @type {string} */ id) => labelled(id, dayField({ id, value: filters[id] }, (picked) => go({ [id]: picked })));
  return make(
    "div",
    { class: "filters", role: "group", "aria-label": t("filter.title") },
    choice("status", [...STATUSES, STALLED].map((each) => [each, word("status", each)])),
    choice("topic", words("topic")),
    choice("quality", [5, 4, 3, 2].map((n) => [String(n), t("filter.quality.at", { n })])),
    labelled("agent", make("input", { id: "agent", list: "agents", value: filters.agent, placeholder: t("filter.any"), autocomplete: "off", spellcheck: "false", onchange: (/** @type {any} */ event) => go({ agent: event.target.value.trim() }) })),
    day("from"),
    day("to"),
    filters.cause && make("a", { class: "button", href: address({ ...filters, cause: "" }), title: t("filter.cause.any") }, icon("cross"), make("span", {}, t("filter.cause", { cause: causeName(filters.cause) }))),
    make("datalist", { id: "agents" }, agentOptions()),
    filters.status !== STALLED && exportButtons(asQuery(filters)),
    isOn(filters) && make("a", { class: "button", href: "#/calls" }, icon("cross"), t("filter.clear")),
  );
}

const saved = () => JSON.parse(localStorage.getItem(KEPT_VIEWS) ?? "[]");
/** @param {any[]} views */
const keep = (views) => localStorage.setItem(KEPT_VIEWS, JSON.stringify(views));

// Filters that are asked for every day, and those that this person has given a name.
/** @param {Filters} filters @param {Draw} draw */
export function views(filters, draw) {
  const here = address(filters);
  const link = (/** @type {string} */ name, /** @type {string} */ to, /** @type {(() => void) | null} */ forget = null) =>
    make("span", { class: "view" }, make("a", { href: to, "aria-current": to === here ? "page" : null }, name), forget && button("", forget, { tone: "plain", symbol: "cross", "aria-label": t("views.forget", { name }) }));
  const day = today();
  return make(
    "nav",
    { class: "views", "aria-label": t("views.title") },
    link(t("calls.all"), address({})),
    link(t("views.today"), address({ from: day, to: day })),
    link(t("views.hot"), address({ quality: "4", from: day, to: day })),
    saved().map((/** @type {any} */ { name, to }) => link(name, to, () => { keep(saved().filter((/** @type {any} */ each) => each.to !== to)); draw(); })),
    isOn(filters) && !saved().some((/** @type {any} */ { to }) => to === here) && button(t("views.save"), () => save(here, draw), { tone: "plain" }),
  );
}

/** @param {any} to @param {Draw} draw */
async function save(to, draw) {
  const done = await confirm({ title: t("views.save"), body: [t("views.about")], fields: [{ name: "name", label: t("views.name") }], action: t("views.save"), act: async ({ name }) => name });
  if (!done) return;
  keep([...saved(), { name: done, to }]);
  toast(t("views.saved", { name: done }));
  draw();
}
