// @ts-check
// What the console says, in Russian or English, and how it writes times and numbers.

import { at } from "./dom.js";

const KEPT = "postcall.language";
const LOST = "Нет связи с сервисом. Обновите страницу. The service cannot be reached. Reload the page."; // no words came
const WORDS = await fetch(new URL("console/words.json", document.baseURI), { cache: "no-cache", credentials: "omit" })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
  .catch((error) => { at("main").append(LOST); throw error; });

// A tab speaks one language: what another one chooses is for those that are opened later.
let chosen = localStorage.getItem(KEPT) === "en" ? "en" : "ru";
export const language = {
  get: () => chosen,
  set: (/** @type {string} */ name) => { chosen = name; localStorage.setItem(KEPT, name); },
};

/** @param {any} words */
const inLanguage = (words) => words?.[language.get()];
/** @param {string} key */
export const sharedText = (key) => inLanguage(WORDS.shared[key]);
/** @param {string} key */
const textOf = (key) => inLanguage(WORDS.own[key] ?? WORDS.shared[key]);

// A text by its key; `{name}` stands for a value. A key that nobody wrote shows itself.
/** @param {string} key @param {Record<string, any>} [values] @returns {string} */
export function t(key, values = {}) {
  const text = textOf(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => values[name] ?? "");
}

// Every word of a group, as [code, text].
/** @param {string} group */
export const words = (group) =>
  Object.keys(WORDS.shared)
    .filter((key) => key.startsWith(`${group}.`))
    .map((key) => [key.slice(group.length + 1), textOf(key)]);

// A word of the API, such as a status or an outcome: known ones have a text, others are shown as they are.
/** @param {string} group @param {any} code */
export function word(group, code) {
  const key = `${group}.${code}`;
  return textOf(key) ?? String(code ?? "").replaceAll("_", " ");
}

// A sentence of the service, which stands in `members` in English, beside it its code and parameters: in our language.
// What has no code (an old record, an operator's own reason) is shown as it is.
/** @param {any} members @param {string} name */
export const said = (members, name) => coded(members?.[`${name}_code`], members?.[`${name}_params`]) ?? members?.[name] ?? "";

/** @param {any} code @param {any} params */
export function coded(code, params) {
  return inLanguage(WORDS.shared[code])?.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => {
    const value = params?.[name];
    return value?.code ? coded(value.code, value.params) ?? value.code : String(value ?? "");
  });
}

/** @param {any} error */
export function refusal(error) {
  if (!error.status) return t("error.network");
  const { code, params, detail } = error.problem ?? {};
  return coded(code, params) ?? detail ?? t("error.status", { status: error.status });
}

// The operator's time zone: days and hours are theirs, whatever the machine's clock says.
const KEPT_ZONE = "postcall.zone";
export const zone = {
  get: () => localStorage.getItem(KEPT_ZONE) ?? "Europe/Minsk",
  set: (/** @type {string} */ name) => localStorage.setItem(KEPT_ZONE, name),
};

/** @param {Date} moment */
const dayIn = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: zone.get(), dateStyle: "short" }).format(moment);

// The moment when a day (2026-01-31) begins in a zone, the operator's unless another is named.
/** @param {string} day */
export function startOf(day, timeZone = zone.get()) {
  const guess = new Date(`${day}T00:00:00Z`);
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "medium" }).formatToParts(guess);
  const part = (/** @type {string} */ type) => shown.find((each) => each.type === type)?.value;
  const here = Date.parse(`${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}:${part("second")}Z`);
  return new Date(guess.getTime() - (here - guess.getTime()));
}

export const FIRST_DAY = "2000-01-02"; // of the fields for days: all of such a day lies in the API's years, in every zone
export const LAST_DAY = "2200-12-30";

/** @param {string} text of an address, which anybody may have typed */
export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text) && text >= FIRST_DAY && text <= LAST_DAY && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** @param {string} day @param {number} n */
export function daysBefore(day, n) {
  const moved = new Date(`${day}T12:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() - n);
  return moved.toISOString().slice(0, 10);
}

const locale = () => (language.get() === "ru" ? "ru-RU" : "en-GB");
/** @param {any} options */
const write = (options) => new Intl.DateTimeFormat(locale(), { timeZone: zone.get(), ...options });

/** @param {string} iso */
export const time = (iso) => write({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(iso));

/** @param {string} iso */
export function when(iso) {
  const moment = new Date(iso), today = new Date();
  const hour = write({ hour: "2-digit", minute: "2-digit" }).format(moment);
  if (dayIn(moment) === dayIn(today)) return t("today", { hour });
  return `${write({ day: "numeric", month: "short", year: moment.getFullYear() === today.getFullYear() ? undefined : "numeric" }).format(moment)}, ${hour}`;
}

/** @param {string} iso */
export const fully = (iso) => write({ dateStyle: "long", timeStyle: "medium" }).format(new Date(iso));
/** @param {string} day */
export const dayName = (day) => write({ day: "numeric", month: "long", weekday: "long", timeZone: "UTC" }).format(new Date(day));
/** @param {string} day */
export const dateOf = (day) => write({ day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(day));
/** @param {string} from @param {string} to */
export const dayRange = (from, to) => write({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).formatRange(new Date(from), new Date(to));
/** @param {number} hour */
export const clock = (hour) => `${String(hour).padStart(2, "0")}:00`;
/** @param {string} day */
export const shortDay = (day) => write({ weekday: "short", day: "numeric", timeZone: "UTC" }).format(new Date(day));

/** @param {number | null | undefined} seconds */
export function lasting(seconds) {
  if (seconds === null || seconds === undefined) return "—";
  if (seconds > 0 && seconds < 1) return t("lasting.ms", { n: Math.round(seconds * 1000) });
  if (seconds < 10) return t("lasting.s", { n: number(Math.round(seconds * 10) / 10) });
  if (seconds < 120) return t("lasting.s", { n: Math.round(seconds) });
  if (seconds < 7200) return t("lasting.m", { n: Math.round(seconds / 60) });
  return t("lasting.h", { n: number(Math.round(seconds / 360) / 10) });
}

/** @param {number} value */
export const number = (value) => new Intl.NumberFormat(locale()).format(value);
/** @param {number} seconds */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
/** @param {number} n */
export const bytes = (n) => (n < 1024 ? t("bytes.b", { n }) : t("bytes.k", { n: number(Math.round(n / 102.4) / 10) }));
export const today = () => dayIn(new Date());
