// What an operator may order for one call or one person, each behind a question.

import { api } from "./api.js";
import { confirm, toast } from "./dialogs.js";
import { make } from "./dom.js";
import { NEVER_RESENT, ONLY_BY_FORCE } from "./statuses.js";
import { said, t, word } from "./words.js";

const NEVER_ANALYSED = ["received", "excluded"];

export const mayResend = (event) => !event.erased_at && !NEVER_RESENT.includes(event.status) && !event.resend_order?.is_open;
export const mayResolve = (event) => event.status === "unknown" && !event.erased_at;
export const mayReanalyze = (event) => !event.erased_at && !NEVER_ANALYSED.includes(event.status) && !event.reanalysis_order?.is_open;
export const mayErase = (event) => !event.erased_at || event.erasure?.complete === false;

export async function resend(event) {
  const force = ONLY_BY_FORCE.includes(event.status);
  const done = await confirm({
    title: t("resend.title"),
    body: [
      t("resend.about", { status: word("status", event.status).toLowerCase() }),
      force && make("p", { class: "warning" }, t(event.status === "unknown" ? "resend.unknown" : "resend.force")),
    ].filter(Boolean),
    fields: force ? [{ name: "seen", kind: "agree", label: t("resend.seen") }] : [],
    action: t(force ? "resend.do.force" : "resend.do"),
    tone: force ? "danger" : "main",
    act: () => api.resend(event.event_id, force),
  });
  if (done) toast(t("resend.done") + (done.warning ? ` ${said(done, "warning")}` : ""), done.warning ? "warn" : "good");
  return done;
}

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
          ["not_delivered", t("resolve.not_delivered"), t("resolve.not_delivered.about")],
        ],
      },
      { name: "reason", label: t("resolve.reason"), hint: t("resolve.reason.hint") },
    ],
    action: t("resolve.do"),
    act: (values) => api.resolve(event.event_id, values),
  });
  if (done) toast(t("resolve.done", { status: word("status", done.status) }));
  return done;
}

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

const ERASED = ["payload", "contact", "analyses", "attempts", "quarantine"];
const whatGoes = () => make("ul", { class: "goes" }, ERASED.map((kind) => make("li", {}, t(`erase.kind.${kind}`))));
const fields = () => [
  { name: "reason", label: t("erase.reason"), hint: t("erase.reason.hint") },
  { name: "sure", kind: "agree", label: t("erase.sure") },
];

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
async function allOf(contact, reason) {
  const name = contact.includes("@") ? "email" : "phone";
  let erased = 0;
  for (;;) {
    const part = await api.erasePerson({ [name]: contact, reason });
    erased += part.erased.length;
    if (!part.more || !part.erased.length) return { erased, refused: part.refused };
  }
}
