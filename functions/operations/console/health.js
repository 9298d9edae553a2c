// @ts-check
// What the service knows of its neighbours: whether the CRM takes leads, what ElevenLabs says of our webhook, and when calls were reconciled.

/** @import { IsCurrent } from "./types.js" */
import { api } from "./api.js";
import { icon, make, swap } from "./dom.js";
import { problem } from "./calls.js";
import { runbookLink } from "./runbook.js";
import { said, t, when } from "./words.js";

/** @type {Record<string, string>} */
const CIRCUIT = { closed: "check.circuit_closed", open: "check.circuit_open", half_open: "check.circuit_half" };
// The worst first, as `postcall doctor` says them.
const WEBHOOK = [["missing", "check.webhook_missing"], ["disabled", "check.webhook_off"], ["failing", "check.webhook_failing"], ["retries_off", "check.webhook_once"]];
const MINUTE_MS = 60_000;

/** @param {HTMLElement} place @param {IsCurrent} isCurrent */
export async function drawHealth(place, isCurrent) {
  const head = make("h2", { id: "health-title" }, icon("shield"), t("health.title"));
  try {
    const { breaker, webhook, reconciliation } = await api.health();
    if (!isCurrent()) return;
    /** @type {[string, any][]} */
    const rows = [["circuit", circuit(breaker)], ["webhook", ofWebhook(webhook?.report)], ["reconciliation", reconciled(reconciliation)]];
    swap(place, head, make("dl", { class: "pairs" }, rows.map(([name, lines]) => [make("dt", {}, t(`check.name.${name}`)), make("dd", {}, lines)])));
  } catch (error) {
    if (isCurrent()) swap(place, head, problem(error, () => drawHealth(place, isCurrent)));
  }
}

/** @param {any} breaker */
const circuit = ({ state }) => [t(CIRCUIT[state] ?? state), state !== "closed" && [" ", runbookLink(state)]];

/** @param {any} report */
function ofWebhook(report) {
  if (!report) return t("check.webhook_unasked");
  if (report.status !== "done") return said(report, "reason");
  const [fault, sentence] = WEBHOOK.find(([name]) => name && report[name]) ?? ["", "check.webhook_well"];
  const failed = report.webhooks.filter((/** @type {any} */ each) => each.last_failure_at);
  return [
    t(sentence ?? ""),
    fault && [" ", runbookLink(fault)],
    failed.map((/** @type {any} */ each) => make("p", { class: "soft small" }, t("health.failed", { name: each.name ?? each.webhook_id, when: when(each.last_failure_at), code: each.last_failure_code ?? "—" }))),
  ];
}

/** @param {any} reconciliation */
function reconciled(reconciliation) {
  if (!reconciliation) return t("check.never_run");
  const { made_at: at, report } = reconciliation;
  const found = t("check.minutes_ago", { minutes: Math.round((Date.now() - Date.parse(at)) / MINUTE_MS) });
  if (report.status !== "done") return t("check.because", { found, reason: said(report, "reason") });
  return t("check.reconciled", { found, count: report.taken_in ?? 0 });
}
