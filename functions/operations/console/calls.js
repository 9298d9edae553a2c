// @ts-check
// The list of calls: what waits for a person first, then everything, newest first; or what a search has found.

/** @import { CallEvent, Draw, Filters, Here, IsCurrent } from "./types.js" */
import { api } from "./api.js";
import * as filtering from "./filters.js";
import { button, empty, icon, loading, make, swap } from "./dom.js";
import { exportButtons } from "./export.js";
import { erasePerson } from "./actions.js";
import { found, row, table } from "./people.js";
import { refusal, t } from "./words.js";
import { waiting } from "./waiting.js";

const LOOK_AGAIN_MS = 15_000;
const KEPT_MS = 10 * 60_000;
/** @type {any} */
let left = null; // the list as it was left for a call: its rows
let shown = "#/calls";
const places = new Map(); // how far down a list was, by its address
window.addEventListener("scroll", () => { if (location.hash === shown) places.set(shown, window.scrollY); }, { passive: true });

export const lastList = () => shown;

// What stands on a call's page stands in the list too when one comes back to it.
/** @param {CallEvent} event */
export function stands(event) {
  if (left) left.events = left.events.map((/** @type {CallEvent} */ each) => (each.event_id === event.event_id ? event : each));
}

/** @param {HTMLElement} place @param {Here} here */
export async function callsPage(place, { query, isCurrent, cameFrom }) {
  const filters = filtering.read(query), words = query.get("q") ?? "";
  shown = location.hash || "#/calls";
  const waits = make("section", { class: "waits panel", "aria-labelledby": "waits-title" });
  const list = make("div", { class: "list" });
  const bars = make("div", {});
  const drawBars = () => swap(bars, filtering.views(filters, drawBars), filtering.bar(filters));
  const isFiltered = filtering.isOn(filters);
  const draw = () => Promise.all([isFiltered || words ? null : waiting(waits, isCurrent), words ? find(words, list, isCurrent) : drawList(list, filters, isCurrent)]);
  if (!words) drawBars();
  swap(
    place,
    make("div", { class: "heading" }, make("h1", { tabindex: "-1" }, t("calls.title")), button(t("refresh"), draw, { symbol: "again" })),
    words || isFiltered ? null : waits,
    make("section", { "aria-label": t("calls.all") }, bars, list),
  );
  const kept = cameFrom === "call" && left?.address === shown && Date.now() - left.at < KEPT_MS ? left : null;
  left = null;
  if (!kept) {
    await draw();
    if (cameFrom === "call" && isCurrent()) window.scrollTo(0, places.get(shown) ?? 0);
    return;
  }
  await Promise.resolve(); // until the page's own scroll to its top is done
  listed(list, filters, kept, isCurrent);
  window.scrollTo(0, places.get(shown) ?? 0);
  if (!isFiltered) await waiting(waits, isCurrent);
}

// By a name or the beginning of an id the newest calls are looked through first, older ones when it is asked for.
/** @param {string} words @param {HTMLElement} list @param {IsCurrent} isCurrent @param {CallEvent[]} newer @param {string | null} cursor */
async function find(words, list, isCurrent, newer = [], cursor = null) {
  swap(list, loading(t("loading")));
  try {
    const page = await api.search(words, cursor);
    if (!isCurrent()) return;
    const events = [...newer, ...page.events], next = page.next_cursor;
    const isContact = events.length > 0 && /[@\d]/.test(words) && !events.some((/** @type {any} */ event) => event.event_id.startsWith(words));
    const head = make(
      "div",
      { class: "found" },
      found(events.length),
      events.length > 0 && exportButtons({}, { query: words }),
      make("a", { class: "button", href: "#/calls" }, icon("left"), t("search.clear")),
      isContact && button(t("erase.person"), () => erasePerson(words, () => find(words, list, isCurrent)), { tone: "danger", symbol: "trash" }),
    );
    const none = next ? empty(t("search.none.yet"), t("search.none.yet.about")) : empty(t("search.none"), t("search.none.about"));
    const further = next && make("div", { class: "more" }, button(t("search.further"), () => find(words, list, isCurrent, events, next)));
    swap(list, head, events.length ? table(events) : none, further);
    if (cursor) focusOnNew(list, page.events[0]);
  } catch (error) {
    if (isCurrent()) swap(list, problem(error, () => find(words, list, isCurrent, newer, cursor)));
  }
}

// Whoever goes on by keys stays where it goes on: at the first that was found now, else at the button or what is said instead.
/** @param {HTMLElement} list @param {CallEvent | undefined} first */
function focusOnNew(list, first) {
  const next = first ? list.querySelector(`[data-id="${CSS.escape(first.event_id)}"] a`) : list.querySelector(".more button") ?? list.querySelector(".found a");
  /** @type {HTMLElement | null} */ (next)?.focus();
}

/** @param {HTMLElement} place @param {Filters} filters @param {IsCurrent} isCurrent */
async function drawList(place, filters, isCurrent) {
  swap(place, loading(t("loading"), 6));
  try {
    const page = await api.events(filtering.asQuery(filters));
    if (isCurrent()) listed(place, filters, { events: page.events, cursor: page.next_cursor }, isCurrent);
  } catch (error) {
    if (isCurrent()) swap(place, problem(error, () => drawList(place, filters, isCurrent)));
  }
}

// Rows that are there stay where they are: what comes meanwhile is announced, and shown when it is asked for.
/** @param {HTMLElement} place @param {Filters} filters @param {any} given @param {IsCurrent} isCurrent */
function listed(place, filters, { events, cursor }, isCurrent) {
  const known = new Map(events.map((/** @type {any} */ event) => [event.event_id, event]));
  const state = { address: shown, events: [...events], cursor, at: 0 };
  const news = make("div", { class: "news", role: "status" });
  let fresh = /** @type {CallEvent[]} */ ([]), isAll = true;
  const body = table([], events.map(row));
  const rows = /** @type {Element} */ (body.querySelector("tbody"));
  filtering.meet(events);
  if (!events.length && !cursor) {
    const isOn = filtering.isOn(filters);
    swap(place, news, empty(t(isOn ? "calls.none" : "calls.empty"), t(isOn ? "calls.none.about" : "calls.empty.about")));
  } else swap(place, news, body, further());
  watch();

  function further() {
    const foot = make("div", { class: "more" });
    const more = () => swap(foot, state.cursor ? button(t("calls.more"), load) : make("p", { class: "soft" }, filtering.ended(filters)));
    async function load() {
      try {
        const page = await api.events({ ...filtering.asQuery(filters), cursor: state.cursor });
        if (!isCurrent()) return;
        const fresh = page.events.filter((/** @type {any} */ event) => !known.has(event.event_id));
        const added = fresh.map(row);
        for (const event of fresh) known.set(event.event_id, event);
        state.events.push(...fresh);
        state.cursor = page.next_cursor;
        rows.append(...added);
        filtering.meet(fresh);
        more();
        added[0]?.querySelector("a")?.focus();
      } catch (error) {
        swap(foot, problem(error, load));
      }
    }
    more();
    return foot;
  }

  function watch() {
    const timer = setInterval(look, LOOK_AGAIN_MS);
    left = state;
    async function look() {
      if (!isCurrent() || left !== state) { clearInterval(timer); return; }
      state.at = Date.now();
      if (document.hidden || document.querySelector("dialog")) return;
      const page = await api.events(filtering.asQuery(filters)).catch(() => null);
      if (page && isCurrent()) renew(page);
    }
    state.at = Date.now();
  }

  function renew(/** @type {{ events: CallEvent[], next_cursor: string | null }} */ { events: newest, next_cursor: older }) {
    for (const event of newest) {
      const before = known.get(event.event_id);
      if (!before || before.updated_at === event.updated_at) continue;
      known.set(event.event_id, event);
      state.events = state.events.map((each) => (each.event_id === event.event_id ? event : each));
      const old = rows.querySelector(`[data-id="${CSS.escape(event.event_id)}"]`);
      if (old && !old.contains(document.activeElement)) old.replaceWith(row(event));
    }
    const told = fresh.length;
    fresh = newest.filter((/** @type {any} */ event) => !known.has(event.event_id));
    isAll = fresh.length < newest.length || !older;
    if (fresh.length === told) return; // said aloud already
    const show = () => (isAll ? listed(place, filters, { events: [...fresh, ...state.events], cursor: state.cursor }, isCurrent) : drawList(place, filters, isCurrent));
    swap(news, fresh.length > 0 && [make("span", {}, t("live.new", { n: fresh.length })), button(t("live.show"), show, { tone: "main", id: "news" })]);
  }
}

/** @param {any} error @param {Draw} again */
export const problem = (error, again) =>
  make("div", { class: "problem", role: "alert" }, icon("warn"), make("div", {}, make("b", {}, t("error.title")), make("p", {}, refusal(error))), button(t("error.again"), again, { symbol: "again" }));
