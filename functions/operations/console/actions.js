// @ts-check
// What an operator may order for one call or one person, each behind a question.

/** @import { CallEvent, Draw, IsCurrent } from "./types.js" */
import { api } from "./api.js";
import { confirm, toast } from "./dialogs.js";
import { make } from "./dom.js";
import { fully, said, t, word } from "./words.js";

// The service says what the event's state allows (functions/operations/possible.py), in the words of the command line.
/** @param {...string} commands */
const may = (...commands) => (/** @type {any} */ event) => !event.erased_at && commands.some((command) => event.possible?.includes(command));
export const mayResend = may("resend", "resend --force");
export const mayResolve = may("resolve --delivered", "resolve --not-delivered");
export const mayReanalyze = may("reanalyze");
export const mayContinue = may("continue");
export const mayWithdraw = may("withdraw");
export const mayClose = may("close");
/** @param {CallEvent} event */
export const mayErase = (event) => !event.erased_at || event.erasure?.complete === false;

const reasonField = () => ({ name: "reason", label: t("act.reason"), hint: t("act.reason.hint") });

/** @param {CallEvent} event */
export async function resend(event) {
  const force = !event.possible.includes("resend");
  const done = await confirm({
    title: t("resend.title"),
    body: [
      t("resend.about", { status: word("status", event.status).toLowerCase() }),
      force && make("p", { class: "warning" }, t(event.status === "unknown" ? "resend.unknown" : "resend.force")),
    ].filter(Boolean),
    fields: [reasonField(), force && { name: "seen", kind: "agree", label: t("resend.seen") }].filter(Boolean),
    action: t(force ? "resend.do.force" : "resend.do"),
    tone: force ? "danger" : "main",
    act: ({ reason }) => api.resend(event.event_id, force, reason),
  });
  if (done) toast(t("resend.done") + (done.warning ? ` ${said(done, "warning")}` : ""), done.warning ? "warn" : "good");
  return done;
}

/** @param {CallEvent} event */
export async function resolve(event) {
  const done = await confirm({
    title: t("resolve.title"),
    body: [t("resolve.about"), make("p", {}, t("resolve.find"), " ", make("code", {}, event.event_id))],
    fields: [
      {
        name: "outcome",
        kind: "choice",
        label: t("resolve.outcome"),
        options: [
          ["delivered", t("resolve.delivered"), t("resolve.delivered.about")],
          event.possible.includes("resolve --not-delivered") && ["not_delivered", t("resolve.not_delivered"), t("resolve.not_delivered.about")],
        ].filter(Boolean),
      },
      { name: "reason", label: t("resolve.reason"), hint: t("resolve.reason.hint") },
    ],
    action: t("resolve.do"),
    act: (values) => api.resolve(event.event_id, values),
  });
  if (done) toast(t("resolve.done", { status: word("status", done.status) }));
  return done;
}

// One question each: what happens, and why where the record asks for it.
/** @param {string} name @param {any} fields @param {any} act */
const simply = (name, fields, act) => async (/** @type {any} */ event) => {
  const done = await confirm({ title: t(`${name}.title`), body: [t(`${name}.about`)], fields: fields(), action: t(`${name}.button`), act: (values) => act(event.event_id, values) });
  if (done) toast(t(`${name}.done`));
  return done;
};
const nothing = () => [];
export const proceed = simply("continue", nothing, (/** @type {string} */ id) => api.continue(id));
export const withdraw = simply("withdraw", nothing, (/** @type {string} */ id) => api.withdraw(id));
export const close = simply("close", () => [reasonField()], (/** @type {string} */ id, /** @type {any} */ { reason }) => api.close(id, reason));

/** @param {CallEvent} event */
export async function reanalyze(event) {
  const done = await confirm({
    title: t("reanalyze.title"),
    body: [t("reanalyze.about")],
    fields: [{ name: "reason", label: t("reanalyze.reason"), hint: t("resolve.reason.hint") }],
    action: t("reanalyze.do"),
    act: ({ reason }) => api.reanalyze(event.event_id, reason),
  });
  if (done) toast(t("reanalyze.done"));
  return done;
}

/** @param {CallEvent} event */
export const mayUseRevision = (event) => event.revision_count > 0 && mayReanalyze(event);

// Which content came when and names whom; the call is analysed anew from the one that is chosen.
/** @param {CallEvent} event @param {IsCurrent} isCurrent */
export async function useRevision(event, isCurrent) {
  const { revisions } = await api.revisions(event.event_id);
  if (!isCurrent()) return null;
  const others = revisions.filter((/** @type {any} */ each) => !each.is_used);
  if (!others.length) { toast(t("revision.none"), "warn"); return null; }
  const whose = (/** @type {any} */ each) => [...each.phones, ...each.emails].join(", ") || t("revision.nobody");
  const used = revisions.find((/** @type {any} */ each) => each.is_used);
  const done = await confirm({
    title: t("revision.title"),
    body: [t("revision.about"), t("revision.used", { when: fully(used.received_at), whose: whose(used) })],
    fields: [
      { name: "sha256", kind: "choice", label: t("revision.which"), options: others.map((/** @type {any} */ each) => [each.sha256, fully(each.received_at), `${each.source ? `${word("source", each.source)} · ` : ""}${whose(each)}`]) },
      reasonField(),
    ],
    action: t("revision.do"),
    act: ({ sha256, reason }) => api.useRevision(event.event_id, sha256, reason),
  });
  if (done) toast(t("revision.done"));
  return done;
}

const ERASED = ["payload", "contact", "analyses", "attempts", "quarantine"];
const whatGoes = () => make("ul", { class: "goes" }, ERASED.map((kind) => make("li", {}, t(`erase.kind.${kind}`))));
const fields = () => [
  { name: "reason", label: t("erase.reason"), hint: t("erase.reason.hint") },
  { name: "sure", kind: "agree", label: t("erase.sure") },
];

/** @param {CallEvent} event */
export async function erase(event) {
  const done = await confirm({
    title: t("erase.title"),
    body: [t("erase.about"), whatGoes(), make("p", { class: "warning" }, t("erase.crm"))],
    fields: fields(),
    action: t("erase.do"),
    tone: "danger",
    act: ({ reason }) => api.erase(event.event_id, reason),
  });
  if (done) toast(t("erase.done"));
  return done;
}

/** @param {string} contact @param {Draw} then */
export async function erasePerson(contact, then) {
  const done = await confirm({
    title: t("erase.person.title"),
    body: [make("p", {}, t("erase.person.about"), " ", make("b", {}, contact)), whatGoes(), make("p", { class: "warning" }, t("erase.crm"))],
    fields: fields(),
    action: t("erase.do"),
    tone: "danger",
    act: ({ reason }) => allOf(contact, reason),
  });
  if (!done) return;
  const refused = done.refused.length ? ` ${t("erase.person.refused", { n: done.refused.length })}` : "";
  toast(t("erase.person.done", { n: done.erased }) + refused, done.refused.length ? "warn" : "good");
  await then();
}

// The service erases a few events at once; as long as it says that there are more, and erases any, it is asked again.
/** @param {string} contact @param {string} reason */
async function allOf(contact, reason) {
  const name = contact.includes("@") ? "email" : "phone";
  let erased = 0;
  for (;;) {
    const part = await api.erasePerson({ [name]: contact, reason });
    erased += part.erased.length;
    if (!part.more || !part.erased.length) return { erased, refused: part.refused };
  }
}
