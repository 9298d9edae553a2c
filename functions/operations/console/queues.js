// @ts-check
// The two queues and their dead letters: look first, then send them back. Below, how the CRM and ElevenLabs are.

/** @import { DeadLetter, Depths, Draw, Here, IsCurrent } from "./types.js" */
import { api } from "./api.js";
import { button, empty, icon, loading, make, swap } from "./dom.js";
import { exportButtons } from "./export.js";
import { drawHealth } from "./health.js";
import { confirm, toast, wait } from "./dialogs.js";
import { number, refusal, said, t } from "./words.js";
import { runbookLink } from "./runbook.js";
import { counted } from "./watch.js";
import { problem } from "./calls.js";
import { statusChip } from "./statuses.js";

const MOVES_MS = 1500;

/** @param {HTMLElement} place @param {Here} here */
export async function queuesPage(place, { isCurrent }) {
  const body = make("div", { class: "two" }), health = make("section", { class: "panel health", "aria-labelledby": "health-title" });
  const draw = async () => {
    drawHealth(health, isCurrent);
    if (!body.hasChildNodes()) swap(body, loading(t("loading"), 4));
    try {
      const queues = await api.queues();
      counted(null, queues);
      if (isCurrent()) swap(body, ["analysis", "dispatch"].map((name) => panel(name, queues[name], isCurrent, draw)));
    } catch (error) {
      if (isCurrent()) swap(body, problem(error, draw));
    }
  };
  swap(
    place,
    make("div", { class: "heading" }, make("h1", { tabindex: "-1" }, t("queues.title")), exportButtons({ list: "queues" }), button(t("refresh"), draw, { symbol: "again" })),
    make("p", { class: "soft intro" }, t("queues.about")),
    body,
    health,
  );
  await draw();
}

/** @param {string} name @param {Depths} depths @param {IsCurrent} isCurrent @param {Draw} draw */
function panel(name, depths, isCurrent, draw) {
  const dead = depths.dead_letters;
  return make(
    "section",
    { class: "panel queue", "aria-labelledby": `queue-${name}` },
    make("h2", { id: `queue-${name}` }, icon("inbox"), t(`queues.${name}`)),
    make("p", { class: "soft" }, t(`queues.${name}.about`), " ", runbookLink(name)),
    make("ul", { class: "tiles" }, /** @type {const} */ (["waiting", "in_flight", "dead_letters"]).map((each) =>
      make("li", { class: `tile ${each === "dead_letters" && dead ? "bad" : "quiet"}` }, make("span", { class: "tile-name" }, t(`queues.${each}`)), make("b", {}, number(depths[each]))))),
    make("div", { class: "actions" }, button(t("queues.look"), () => redrive(name, isCurrent, draw), { symbol: "search", tone: dead ? "main" : "", "aria-label": `${t("queues.look")}: ${t(`queues.${name}`)}` })),
  );
}

/** @param {string} name @param {IsCurrent} isCurrent @param {Draw} draw */
async function redrive(name, isCurrent, draw) {
  let preview;
  try {
    preview = await api.redrive(name, true);
  } catch (error) {
    toast(refusal(error), "warn");
    return;
  }
  if (!isCurrent()) return;
  if (!preview.depth_before && !preview.messages.length) {
    toast(t("redrive.nothing"));
    return;
  }
  const stays = preview.messages.some((/** @type {DeadLetter} */ message) => ["unknown", "partial"].includes(message.status));
  const done = await confirm({
    title: t("redrive.title", { queue: t(`queues.${name}`) }),
    body: [
      t("redrive.about", { n: preview.depth_before }),
      preview.messages.length ? listOf(preview.messages) : empty(t("redrive.unseen"), ""),
      preview.messages.length < preview.depth_before && make("p", { class: "soft small" }, t("redrive.some", { n: preview.messages.length })),
      stays && make("p", { class: "warning" }, t("redrive.stays")),
    ].filter(Boolean),
    fields: [{ name: "reason", label: t("act.reason"), hint: t("act.reason.hint") }],
    action: t("redrive.do"),
    act: ({ reason }) => api.redrive(name, false, reason),
  });
  if (!done) return;
  toast(t("redrive.done", { n: done.depth_before }));
  await wait(MOVES_MS);
  await draw();
}

/** @param {DeadLetter[]} messages */
const listOf = (messages) =>
  make("ul", { class: "dead-letters", tabindex: "0", "aria-label": t("redrive.messages") }, messages.map((/** @type {DeadLetter} */ message) =>
    make("li", {},
      make("div", {}, message.event_id ? make("a", { href: `#/call/${encodeURIComponent(message.event_id)}`, class: "mono", target: "_blank", rel: "noopener" }, message.event_id) : make("i", {}, t("redrive.noid")), message.status && statusChip(message.status)),
      make("p", { class: "soft small" }, message.reason ? said(message, "reason") : t("redrive.tries")))));
