// @ts-check
// One call: where it stands, what was done, what was said and what was made of it.

/** @import { CallEvent, CallRecord, IsCurrent, Talk } from "./types.js" */
import { api } from "./api.js";
import { close, erase, mayClose, mayContinue, mayErase, mayReanalyze, mayResend, mayResolve, mayUseRevision, mayWithdraw, proceed, reanalyze, resend, resolve, useRevision, withdraw } from "./actions.js";
import { analysisPanel, conversationPanel } from "./talk.js";
import { button, icon, loading, make, swap } from "./dom.js";
import { chipsOf, ON_THE_WAY } from "./statuses.js";
import { copied, toast, wait } from "./dialogs.js";
import { fully, lasting, refusal, said, t, when } from "./words.js";
import { lastList, problem, stands } from "./calls.js";
import { person, phoneLink } from "./people.js";
import { timeline } from "./timeline.js";

const LOOK_AGAIN_MS = 1500;
const LOOKS = 40;
let drawings = 0;

/** @param {HTMLElement} place @param {{ id: string, isCurrent: IsCurrent }} here */
export async function callPage(place, { id, isCurrent }) {
  swap(place, back(), make("h1", { tabindex: "-1", class: "mono" }, id), loading(t("loading"), 8));
  try {
    const [record, call] = await Promise.all([api.event(id), spoken(id)]);
    if (!isCurrent()) return;
    await show(place, record, call, isCurrent);
  } catch (error) {
    if (!isCurrent()) return;
    const missing = error.status === 404;
    swap(
      place,
      back(),
      make("h1", { tabindex: "-1", class: "mono" }, id),
      missing ? make("div", { class: "empty" }, make("b", {}, t("call.missing")), make("p", {}, t("call.missing.about"))) : problem(error, () => callPage(place, { id, isCurrent })),
    );
  }
}

// An event without a conversation is an event all the same.
/** @param {string} id */
const spoken = (id) => api.call(id).catch((error) => ({ error }));

const back = () => make("a", { class: "back", href: lastList() }, icon("left"), t("call.back"));

/** @param {HTMLElement} place @param {CallRecord} record @param {Talk} call @param {IsCurrent} isCurrent */
function draw(place, record, call, isCurrent) {
  const { event } = record;
  const again = async () => {
    try {
      const [fresh, talk] = await Promise.all([api.event(event.event_id), spoken(event.event_id)]);
      if (isCurrent()) await show(place, fresh, talk, isCurrent);
    } catch (error) {
      toast(refusal(error), "warn");
    }
  };
  const doing = (/** @type {(event: CallEvent, isCurrent: IsCurrent) => any} */ act) => async () => {
    try {
      if (await act(event, isCurrent)) await again();
    } catch (error) {
      toast(refusal(error), "warn");
    }
  };
  swap(
    place,
    back(),
    make(
      "header",
      { class: "call-head" },
      make(
        "div",
        { class: "title" },
        make("h1", { tabindex: "-1" }, person(event), " ", make("small", { class: "mono" }, event.event_id)),
        copy("call.copy", event.event_id),
        make("span", { class: "chips", id: "status-chips" }, chipsOf(event)),
      ),
      make("p", { class: "soft facts" }, facts(event, call)),
      event.status_reason && event.status !== "delivered" && make("p", { class: "reason" }, said(event, "status_reason")),
      event.retry && make("p", { class: "reason retry" }, icon("again"), t("call.retry", { when: soon(event.retry.at) }), event.retry.left !== null && ` ${t("call.retry.left", { n: event.retry.left })}`),
      make(
        "div",
        { class: "actions" },
        mayResolve(event) && button(t("resolve.button"), doing(resolve), { tone: event.status === "rejected" ? "" : "main", symbol: "question" }),
        mayContinue(event) && button(t("continue.button"), doing(proceed), { tone: event.stalled ? "main" : "", symbol: "again" }),
        mayWithdraw(event) && button(t("withdraw.button"), doing(withdraw), { symbol: "cross" }),
        mayResend(event) && button(t("resend.button"), doing(resend), { symbol: "send", tone: event.status === "rejected" ? "main" : "" }),
        mayReanalyze(event) && button(t("reanalyze.button"), doing(reanalyze), { symbol: "spark" }),
        mayUseRevision(event) && button(t("revision.button"), doing(useRevision), { symbol: "spark" }),
        mayClose(event) && button(t("close.button"), doing(close), { symbol: "minus" }),
        mayErase(event) && button(t("erase.button"), doing(erase), { tone: "danger", symbol: "trash" }),
        button(t("refresh"), again, { symbol: "again", id: "again" }),
      ),
    ),
    make(
      "div",
      { class: "call-body" },
      timeline(record),
      make("div", { class: "both" }, analysisPanel(record, call), conversationPanel(call, record.analysis?.evidence ?? [])),
    ),
  );
}

const VENDOR = "https://elevenlabs.io/app/agents/history/";
/** @param {CallEvent} event */
const isVendors = (event) => event.conversation_id && ["elevenlabs", "reconciliation"].includes(event.source);

/** @param {string} name @param {string} text */
const copy = (name, text) => button("", () => copied(text), { tone: "plain", symbol: "copy", class: "button plain copy", "aria-label": t(name), title: t(name) });

/** @param {CallEvent} event @param {Talk} call */
function facts(event, call) {
  const seconds = event.delivered_at ? (Date.parse(event.delivered_at) - Date.parse(event.received_at)) / 1000 : null;
  const known = [
    event.contact?.phone && [phoneLink(event.contact.phone), copy("copy.phone", event.contact.phone)],
    event.contact?.email && [make("bdi", {}, event.contact.email), copy("copy.email", event.contact.email)],
    event.agent_name ?? event.agent_id,
    make("time", { datetime: event.received_at, title: fully(event.received_at) }, when(event.received_at)),
    call.vendor?.duration_seconds !== undefined && t("call.lasted", { time: lasting(call.vendor.duration_seconds) }),
    seconds !== null && t("call.tolead", { time: lasting(seconds) }),
    event.lead_url && make("a", { href: event.lead_url, target: "_blank", rel: "noopener noreferrer" }, t("call.lead")),
    isVendors(event) && make("a", { href: `${VENDOR}${encodeURIComponent(event.conversation_id)}`, target: "_blank", rel: "noopener noreferrer" }, t("call.vendor")),
  ].filter(Boolean);
  const dot = () => make("span", { class: "dot", "aria-hidden": "true" }, "·");
  return known.map((fact, n) => make("span", { class: "fact" }, fact, n + 1 < known.length && dot()));
}

// A moment that is over is said to be now: the message is about to be served.
/** @param {string} iso */
const soon = (iso) => (new Date(iso) > new Date() ? when(iso) : t("call.retry.now"));

/** @param {CallEvent} event */
const isMoving = (event) => ON_THE_WAY.includes(event.status) || event.resend_order?.is_open || event.reanalysis_order?.is_open;

// While the event is on its way somebody may be waiting to see it arrive. Another drawing of the page ends this one.
/** @param {HTMLElement} place @param {CallRecord} record @param {Talk} call @param {IsCurrent} isCurrent */
async function show(place, record, call, isCurrent) {
  const mine = ++drawings, isShown = () => isCurrent() && mine === drawings;
  draw(place, record, call, isCurrent);
  stands(record.event);
  const seen = JSON.stringify(record);
  for (let look = 0; look < LOOKS && isMoving(record.event); look += 1) {
    await wait(LOOK_AGAIN_MS);
    if (!isShown()) return;
    if (document.querySelector("dialog") || document.hidden) continue;
    const fresh = await api.event(record.event.event_id).catch(() => null);
    if (!isShown() || !fresh) return;
    if (document.querySelector("dialog") || JSON.stringify(fresh) === seen) continue;
    await show(place, fresh, fresh.event.erased_at ? await spoken(fresh.event.event_id) : call, isCurrent);
    return;
  }
}
