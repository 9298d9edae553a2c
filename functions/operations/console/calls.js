// The list of calls: what waits for a person first, then everything, newest first.

import { api } from "./api.js";
import { chipsOf, statusChip, STATUSES, WAITS_FOR_A_PERSON } from "./statuses.js";
import { button, empty, icon, loading, make, swap } from "./dom.js";
import { erasePerson } from "./actions.js";
import { fully, lasting, refusal, said, t, when, word } from "./words.js";

const WAITING_SHOWN = 5;
const agents = new Map();

export async function callsPage(place, { query, isCurrent }) {
  const filters = { status: query.get("status") ?? "", day: query.get("day") ?? "", agent_id: query.get("agent") ?? "" };
  const waits = make("section", { class: "waits panel", "aria-labelledby": "waits-title" });
  const list = make("div", { class: "list" });
  const search = searchForm(list, filters, isCurrent);
  swap(
    place,
    make("div", { class: "heading" }, make("h1", { tabindex: "-1" }, t("calls.title")), button(t("refresh"), () => draw(), { symbol: "again" })),
    waits,
    make("section", { "aria-label": t("calls.all") }, search, filterBar(filters), list),
  );
  async function draw() {
    await Promise.all([drawWaits(waits, isCurrent), drawList(list, filters, isCurrent)]);
  }
  await draw();
}

async function drawWaits(place, isCurrent) {
  const head = (number) => make("h2", { id: "waits-title" }, icon("person"), t("waits.title"), number && make("span", { class: "count" }, number));
  if (!place.hasChildNodes()) swap(place, head(), loading(t("loading"), 2));
  const answers = await Promise.allSettled([
    api.health(),
    ...WAITS_FOR_A_PERSON.map((status) => api.events({ status, limit: String(WAITING_SHOWN) })),
  ]);
  if (!isCurrent()) return;
  const failed = answers.find((answer) => answer.status === "rejected");
  if (failed) { swap(place, head(), problem(failed.reason, () => drawWaits(place, isCurrent))); return; }
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
    make("p", { class: "links" }, pages.map((page, n) => page.events.length > 0 && filterLink(WAITS_FOR_A_PERSON[n]))),
  );
}

const filterLink = (status) => make("a", { href: `#/calls?status=${status}` }, t("waits.all", { status: word("status", status) }));

function waitingRow(event) {
  return make(
    "li",
    {},
    statusChip(event.status),
    make("div", { class: "what" }, make("a", { href: `#/call/${encodeURIComponent(event.event_id)}`, class: "mono" }, event.event_id), make("span", { class: "soft" }, said(event, "status_reason"))),
    make("time", { datetime: event.received_at, title: fully(event.received_at) }, when(event.received_at)),
  );
}

const stuckRow = (event_id) =>
  make("li", {}, statusChip("stuck"), make("div", { class: "what" }, make("a", { href: `#/call/${encodeURIComponent(event_id)}`, class: "mono" }, event_id), make("span", { class: "soft" }, t("status.stuck.about"))));

function searchForm(list, filters, isCurrent) {
  const field = make("input", { type: "search", id: "search", placeholder: t("search.hint"), "aria-label": t("search.label"), autocomplete: "off", spellcheck: "false", maxlength: 320 });
  const form = make(
    "form",
    { class: "search", role: "search", onsubmit: (event) => { event.preventDefault(); find(field.value.trim(), list, filters, isCurrent); } },
    icon("search"),
    field,
    button(t("search.go"), null, { tone: "main", type: "submit" }),
  );
  field.addEventListener("search", () => { if (!field.value) drawList(list, filters, isCurrent); });
  return form;
}

// The list and what was found share a place, and an answer that was asked for first may come last.
const turns = new WeakMap();

function turn(place, isCurrent) {
  const mine = {};
  turns.set(place, mine);
  return () => isCurrent() && turns.get(place) === mine;
}

async function find(query, list, filters, isCurrent) {
  if (!query) { await drawList(list, filters, isCurrent); return; }
  const isMine = turn(list, isCurrent);
  swap(list, loading(t("loading")));
  try {
    const { events } = await api.search(query);
    if (!isMine()) return;
    const isContact = events.length > 0 && !events.some((event) => event.event_id === query);
    const head = make(
      "div",
      { class: "found" },
      make("p", { role: "status" }, t("search.found", { n: events.length })),
      button(t("search.clear"), () => { list.parentElement.querySelector("#search").value = ""; drawList(list, filters, isCurrent); }, { symbol: "left" }),
      isContact && button(t("erase.person"), () => erasePerson(query, () => find(query, list, filters, isCurrent)), { tone: "danger", symbol: "trash" }),
    );
    swap(list, head, events.length ? table(events) : empty(t("search.none"), t("search.none.about")));
  } catch (error) {
    if (isMine()) swap(list, problem(error, () => find(query, list, filters, isCurrent)));
  }
}

function filterBar(filters) {
  const go = (changed) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, ...changed })) if (value) next.set(name === "agent_id" ? "agent" : name, value);
    location.hash = `#/calls${next.size ? `?${next}` : ""}`;
  };
  const status = make(
    "select",
    { id: "status", onchange: (event) => go({ status: event.target.value }) },
    make("option", { value: "" }, t("filter.any")),
    STATUSES.map((each) => make("option", { value: each, selected: each === filters.status }, word("status", each))),
  );
  const day = make("input", { type: "date", id: "day", value: filters.day, onchange: (event) => go({ day: event.target.value }) });
  const agent = make(
    "input",
    { id: "agent", list: "agents", value: filters.agent_id, placeholder: t("filter.any"), autocomplete: "off", spellcheck: "false", onchange: (event) => go({ agent_id: event.target.value.trim() }) },
  );
  const labelled = (id, field) => make("div", { class: "field" }, make("label", { for: id }, t(`filter.${id}`)), field);
  const isOn = Object.values(filters).some(Boolean);
  return make(
    "div",
    { class: "filters", role: "group", "aria-label": t("filter.title") },
    labelled("status", status),
    labelled("day", day),
    labelled("agent", agent),
    make("datalist", { id: "agents" }, [...agents].map(([id, name]) => make("option", { value: id }, name))),
    isOn && make("a", { class: "button", href: "#/calls" }, icon("cross"), t("filter.clear")),
  );
}

async function drawList(place, filters, isCurrent) {
  const isMine = turn(place, isCurrent);
  swap(place, loading(t("loading"), 6));
  try {
    const page = await api.events(filters);
    if (!isMine()) return;
    if (!page.events.length && !page.next_cursor) {
      const isOn = Object.values(filters).some(Boolean);
      swap(place, empty(t(isOn ? "calls.none" : "calls.empty"), t(isOn ? "calls.none.about" : "calls.empty.about")));
      return;
    }
    const rows = table(page.events);
    swap(place, rows, further(rows.querySelector("tbody"), filters, page.next_cursor, isCurrent));
    for (const event of page.events) if (event.agent_id) agents.set(event.agent_id, event.agent_name ?? "");
    swap(document.getElementById("agents") ?? make("div"), [...agents].map(([id, name]) => make("option", { value: id }, name)));
  } catch (error) {
    if (isMine()) swap(place, problem(error, () => drawList(place, filters, isCurrent)));
  }
}

function further(body, filters, cursor, isCurrent) {
  const foot = make("div", { class: "more" });
  const more = (next) => swap(foot, next ? button(t("calls.more"), (event) => load(next, event.target)) : make("p", { class: "soft" }, t("calls.end")));
  async function load(next, pressed) {
    pressed.disabled = true;
    try {
      const page = await api.events({ ...filters, cursor: next });
      if (!isCurrent()) return;
      const rows = page.events.map(row);
      body.append(...rows);
      more(page.next_cursor);
      rows[0]?.querySelector("a")?.focus();
    } catch (error) {
      swap(foot, problem(error, () => more(next)));
    }
  }
  more(cursor);
  return foot;
}

function table(events) {
  const heads = ["when", "status", "agent", "call", "attempts", "tolead"];
  return make(
    "div",
    { class: "table" },
    make(
      "table",
      {},
      make("caption", { class: "unseen" }, t("calls.all")),
      make("thead", {}, make("tr", {}, heads.map((name) => make("th", { scope: "col", class: name }, t(`head.${name}`))))),
      make("tbody", {}, events.map(row)),
    ),
  );
}

function row(event) {
  const seconds = event.delivered_at ? (new Date(event.delivered_at) - new Date(event.received_at)) / 1000 : null;
  const cell = (name, ...content) => make("td", { class: name, "data-head": t(`head.${name}`) }, content);
  return make(
    "tr",
    { class: event.erased_at ? "gone" : null },
    cell("when", make("time", { datetime: event.received_at, title: fully(event.received_at) }, when(event.received_at))),
    cell("status", chipsOf(event)),
    cell("agent", event.agent_name ?? event.agent_id ?? "—"),
    cell(
      "call",
      make("a", { href: `#/call/${encodeURIComponent(event.event_id)}`, class: "mono" }, event.event_id),
      event.status_reason && event.status !== "delivered" && make("span", { class: "under soft" }, said(event, "status_reason")),
    ),
    cell("attempts", event.attempts ? String(event.attempts) : "—"),
    cell("tolead", lasting(seconds)),
  );
}

export const problem = (error, again) =>
  make("div", { class: "problem", role: "alert" }, icon("warn"), make("div", {}, make("b", {}, t("error.title")), make("p", {}, refusal(error))), button(t("error.again"), again, { symbol: "again" }));
