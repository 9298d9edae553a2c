// @ts-check
// The frame: who may look, which page the address names, the language, the state of the whole.

import { api, ask, askOtherTabs, onUnauthorized, signOut, token } from "./api.js";
import { callPage } from "./call.js";
import { callsPage } from "./calls.js";
import { at, button, held, icon, make, swap } from "./dom.js";
import { signOutWhenIdle } from "./idle.js";
import { numbersPage } from "./numbers.js";
import { quarantinePage } from "./quarantine.js";
import { queuesPage } from "./queues.js";
import { guidePage, runbookPage } from "./runbook.js";
import { counted, environment, watch } from "./watch.js";
import { language, refusal, t } from "./words.js";

/** @typedef {(place: HTMLElement, here: any) => any} DrawPage */
/** @type {Record<string, { page: DrawPage, symbol: string }>} */
const PAGES = {
  calls: { page: callsPage, symbol: "list" },
  numbers: { page: numbersPage, symbol: "chart" },
  queues: { page: queuesPage, symbol: "inbox" },
  quarantine: { page: quarantinePage, symbol: "shield" },
};
/** @type {Record<string, { page: DrawPage, title: string }>} */
const INNER = { call: { page: callPage, title: "call.title" }, runbook: { page: runbookPage, title: "runbook.title" }, guide: { page: guidePage, title: "guide.title" } };
const LOOK_AGAIN_MS = 60_000;
history.scrollRestoration = "manual";
let before = ""; // the page that was left
let shown = 0; // counts page changes, so that a page that is late draws nothing

function address() {
  const [first = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/"), name = first.split("?")[0] ?? "";
  return { name: Object.hasOwn({ ...PAGES, ...INNER }, name) ? name : "calls", id: decoded(rest.join("/")), query: new URLSearchParams(location.hash.split("?")[1] ?? "") };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text.split("?")[0]);
  } catch {
    return text;
  }
}

async function show({ focus = true } = {}) {
  if (!token.get()) return login();
  const mine = ++shown, here = address(), main = at("main");
  const back = held();
  frame(here.name);
  const place = make("div", { class: `page ${here.name}` });
  const isCurrent = () => mine === shown;
  swap(main, place);
  const { page, title } = INNER[here.name] ?? { page: PAGES[here.name]?.page ?? callsPage, title: `nav.${here.name}` };
  document.title = `${t(title)} — Postcall`;
  const drawn = page(place, { ...here, isCurrent, cameFrom: before });
  before = here.name;
  if (!back() && focus) place.querySelector("h1")?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
  await drawn;
}

/** @param {string} current */
function frame(current) {
  document.documentElement.lang = language.get();
  at("skip").textContent = t("skip");
  const top = at("top");
  top.hidden = false;
  const links = Object.entries(PAGES).map(([name, { symbol }]) =>
    make(
      "a",
      { href: `#/${name}`, "aria-current": name === current || (current === "call" && name === "calls") ? "page" : null },
      icon(symbol),
      make("span", {}, t(`nav.${name}`)),
    ),
  );
  swap(
    top,
    make("a", { class: "brand", href: "#/calls", "aria-label": "Postcall" }, make("img", { src: "console/mark.svg", alt: "", width: 26, height: 26 }), make("b", {}, "Postcall")),
    make("span", { id: "place", class: "place", hidden: !environment(), title: t("environment") }, environment()),
    make("nav", { "aria-label": t("nav") }, links),
    search(),
    make("div", { class: "tools" }, make("a", { class: "button plain guide", href: "#/guide", "aria-current": current === "guide" ? "page" : current === "runbook" ? "true" : null, title: t("guide.title") }, icon("book"), make("span", {}, t("guide.short"))), languageSwitch(), button(t("leave"), () => { signOut(); leave(); }, { tone: "plain", symbol: "out", class: "button plain leave" })),
  );
  counted();
}

// On every page, and `/` leads to it; what is looked for stands in the address and so comes back with it.
function search() {
  const field = make("input", { type: "search", id: "search", value: address().query.get("q") ?? "", placeholder: t("search.hint"), "aria-label": t("search.label"), title: t("search.key"), autocomplete: "off", spellcheck: "false", maxlength: 320 });
  const find = (/** @type {any} */ event) => {
    event.preventDefault();
    const words = field.value.trim(), to = words ? `#/calls?${new URLSearchParams({ q: words })}` : "#/calls";
    if (location.hash === to) show({ focus: false });
    else {
      field.blur();
      location.hash = to;
    }
  };
  field.addEventListener("search", () => { if (!field.value && address().query.get("q")) location.hash = "#/calls"; });
  return make("form", { class: "search", role: "search", onsubmit: find }, icon("search"), field, button(t("search.go"), null, { type: "submit", class: "button unseen", tabindex: "-1" }));
}

document.addEventListener("keydown", (event) => {
  const isTyping = /** @type {Element} */ (event.target).closest?.("input, textarea, select, dialog");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("search"));
  field?.focus();
  field?.select();
});

function languageSwitch() {
  const other = language.get() === "ru" ? "en" : "ru";
  const names = { ru: "Русский", en: "English" };
  return button(names[other], () => { language.set(other); show({ focus: false }); watch(); }, { tone: "plain", lang: other, id: "language" });
}

function leave(why = "") {
  token.forget();
  shown += 1;
  swap(at("banner"));
  login(why);
}

function login(why = "") {
  document.documentElement.lang = language.get();
  at("skip").textContent = t("skip");
  document.title = `${t("login.title")} — Postcall`;
  at("top").hidden = true;
  const field = make("input", { id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": "token-why login-error" });
  const error = make("p", { id: "login-error", class: "error-line", role: "alert" }, why);
  const enter = button(t("login.enter"), null, { tone: "main", type: "submit" });
  const form = make(
    "form",
    { class: "login", onsubmit: (/** @type {any} */ event) => { event.preventDefault(); tryToken(field.value.trim(), enter, error); } },
    make("img", { src: "console/mark.svg", alt: "", width: 44, height: 44 }),
    make("h1", { tabindex: "-1" }, t("login.title")),
    make("p", { class: "soft" }, t("login.about")),
    make("label", { for: "token" }, t("login.token")),
    field,
    make("p", { id: "token-why", class: "soft small" }, t("login.why")),
    error,
    enter,
    make("div", { class: "under" }, loginLanguage(), make("a", { href: "api/docs" }, t("login.docs"))),
  );
  swap(at("main"), make("div", { class: "centre" }, form));
  field.focus();
}

function loginLanguage() {
  const other = language.get() === "ru" ? "en" : "ru";
  return button(other === "ru" ? "Русский" : "English", () => { language.set(other); login(); }, { tone: "plain", lang: other });
}

/** @param {string} text @param {HTMLButtonElement} enter @param {any} error */
async function tryToken(text, enter, error) {
  if (!text) { error.textContent = t("login.empty"); return; }
  enter.disabled = true;
  error.textContent = "";
  try {
    await ask("GET", "api/health", { as: text });
    token.set(text);
    await Promise.all([show(), watch()]);
  } catch (refused) {
    error.textContent = refused.status === 401 ? t("login.wrong") : refusal(refused);
    enter.disabled = false;
    at("token")?.focus();
  }
}

// A dialog asks for the new token itself: nothing that was typed into it is lost.
onUnauthorized(() => { if (!document.querySelector("dialog[open]")) leave(t("login.gone")); });
signOutWhenIdle(() => Boolean(token.get()), () => {
  if (document.querySelector("dialog[open]")) token.forget();
  else leave(t("login.idle"));
});
window.addEventListener("hashchange", () => {
  document.querySelector("dialog")?.close(); // another page is no place for its question
  show();
});
document.addEventListener("visibilitychange", watch);
// It asks no more: whoever leaves it is asked for a token here.
document.addEventListener("close", () => { if (!token.get()) leave(t("login.idle")); }, { capture: true });
setInterval(watch, LOOK_AGAIN_MS);
at("skip").addEventListener("click", (event) => { event.preventDefault(); at("main").focus(); });
// `make run` prints a link that signs in: only this machine itself is believed, and the token leaves the address at once.
function fromLink() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!given) return;
  history.replaceState(null, "", "#/calls");
  if (["127.0.0.1", "localhost", "[::1]"].includes(location.hostname)) token.set(given);
}

fromLink();
await askOtherTabs();
show({ focus: false });
watch();
