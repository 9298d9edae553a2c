// @ts-check
// How a status looks: a word, a symbol and a tone; never the colour alone.

/** @import { Attempt, CallEvent } from "./types.js" */
import { chip } from "./dom.js";
import { t, word } from "./words.js";

/** @type {Record<string, [string, string]>} */
const LOOKS = {
  received: ["info", "clock"],
  analyzed: ["info", "spark"],
  sending: ["info", "send"],
  delivered: ["good", "check"],
  dry_run: ["quiet", "flask"],
  disabled: ["quiet", "off"],
  retrying: ["warn", "again"],
  rejected: ["bad", "cross"],
  partial: ["warn", "half"],
  unknown: ["bad", "question"],
  excluded: ["quiet", "minus"],
  erased: ["quiet", "trash"],
  stalled: ["bad", "pause"],
};
export const STATUSES = Object.keys(LOOKS).slice(0, 11);
export const ON_THE_WAY = ["received", "analyzed", "sending", "retrying"];
/** @param {string} status */
export const toneOf = (status) => LOOKS[status]?.[0] ?? "quiet";

/** @param {string} status */
export const statusChip = (status) => {
  const [tone, symbol] = LOOKS[status] ?? ["quiet", "minus"];
  return chip(word("status", status), tone, symbol, t(`status.${status}.about`));
};

/** @param {CallEvent} event */
export const chipsOf = (event) => [
  statusChip(event.status),
  event.erased_at && statusChip("erased"),
  event.needs_review && chip(t("review"), "warn", "warn", t("review.about")),
];

/** @type {Record<string, [string, string]>} */
const OUTCOMES = {
  success: ["good", "check"],
  error: ["bad", "cross"],
  unknown: ["bad", "question"],
  dry_run: ["quiet", "flask"],
  skipped: ["quiet", "off"],
  sending: ["info", "send"],
};

// Where our own rules refused the lead, the CRM refused nothing: nobody asked it.
/** @param {Attempt} attempt */
export const outcomeWords = (attempt) => {
  if (!attempt.outcome) return word("attempt", attempt.status);
  return attempt.status === "error" && !attempt.crm_was_asked ? t("attempt.own_refusal") : word("outcome", attempt.outcome);
};

/** @param {Attempt} attempt */
export const attemptChip = (attempt) => {
  const [tone, symbol] = OUTCOMES[attempt.status] ?? ["quiet", "minus"];
  const warned = attempt.outcome === "partial" || attempt.outcome === "unavailable";
  return chip(outcomeWords(attempt), warned ? "warn" : tone, symbol);
};
