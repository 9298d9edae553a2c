// The card at the right: a lead with its fields and the raw requests behind it, or one request.

import { at, badge, make, pretty, when } from "./dom.js";
import { doublesOf, nameOf, score } from "./leads.js";
import { FAULTS, FIELDS, plural } from "./words.js";

const CONTACT = ["Contact", "MobilePhone", "Email", "BusinesPhone", "Account", "UsrPhoneNumberCode", "UsrTelephoneNumberForCode"];
const ANALYTICS = ["UsrTSLeadStatus", "UsrQualificationTopic", "UsrIntent", "UsrQualityScore", "UsrQualificationComment", "UsrEventId", "UsrAgentId", "UsrConversationId"];

export function leadCard(lead, data, open) {
  const rest = Object.keys(lead.fields).filter((name) => ![...CONTACT, ...ANALYTICS, "Commentary"].includes(name));
  const landing = data.config.landings[lead.landing_id];
  show(nameOf(lead), `Лид · создан ${when(lead.created_on)}${lead.updated ? ` · обновлён ${when(lead.modified_on)}` : ""} · лендинг «${landing?.name ?? lead.landing_id}»`,
    ...notices(lead, data, open),
    ...block("Контакт", lead, CONTACT), ...block("Аналитика звонка", lead, ANALYTICS), ...commentary(lead.fields.Commentary), ...block("Остальные поля", lead, rest),
    make("h3", {}, lead.requests.length > 1 ? "Исходные запросы" : "Исходный запрос"),
    ...lead.requests.map((number, position) => raw(data.requests.find((request) => request.number === number), position === 0)));
}

export function requestCard(request) {
  show(`Запрос № ${request.number}`, `${when(request.received_at)} · ${request.milliseconds} мс · ${request.client_ip}`, raw(request, true));
}

export const isOpen = () => !at("card").hidden;

export function close() {
  at("card").hidden = true;
  at("card").dataset.of = "";
}

function show(title, subtitle, ...content) {
  at("card-title").textContent = title;
  at("card-subtitle").textContent = subtitle;
  at("card-body").replaceChildren(...content);
  at("card").hidden = false;
}

function block(title, lead, names) {
  const present = names.filter((name) => lead.fields[name] !== undefined && lead.fields[name] !== "");
  if (!present.length) return [];
  const pairs = present.flatMap((name) => [
    make("dt", {}, FIELDS[name] ?? name, FIELDS[name] ? make("small", { class: "mono" }, name) : null),
    make("dd", {}, value(name, lead.fields[name]), lead.cut.includes(name) ? [" ", badge("обрезано", "warn")] : null)]);
  return [make("h3", {}, title), make("dl", {}, pairs)];
}

const value = (name, found) => (name === "UsrQualityScore" ? score(found) : typeof found === "boolean" ? (found ? "да" : "нет") : String(found));

// «Тема: … | Намерение: …» reads better as a list; another text stays as it is.
function commentary(text) {
  if (!text) return [];
  const parts = text.split(" | ").map((part) => part.match(/^([^:]{1,30}):\s*(.*)$/s));
  const list = parts.length > 1 && parts.every(Boolean);
  return [make("h3", {}, "Комментарий"), list
    ? make("dl", {}, parts.flatMap(([, name, content]) => [make("dt", {}, name), make("dd", {}, content || "—")]))
    : make("p", {}, text)];
}

function notices(lead, data, open) {
  const double = doublesOf(data.leads).get(lead.event_id), found = [];
  if (double) {
    const others = double.leads.filter((other) => other.id !== lead.id);
    found.push(make("p", { class: "notice double", "--double": double.colour }, `Двойник: у Event ID ${lead.event_id} есть ещё ${plural(others.length, "лид", "лида", "лидов")}: `,
      ...others.flatMap((other, n) => [n ? ", " : "", make("a", { href: `#lead-${other.id}`, onclick: (event) => { event.preventDefault(); open(other.id); } }, when(other.created_on))])));
  }
  if (lead.dropped.length) found.push(make("p", { class: "notice" }, `Потеряно без ошибки, таких полей в CRM нет: ${lead.dropped.join(", ")}`));
  if (lead.cut.length) found.push(make("p", { class: "notice" }, `Обрезано по длине поля: ${lead.cut.join(", ")}`));
  if (lead.not_set.length) found.push(make("p", { class: "notice" }, `Лид записан без полей, значение которых не подошло: ${lead.not_set.join(", ")}`));
  return found;
}

function raw(request, open) {
  if (!request) return make("p", {}, "Запрос уже вытеснен более новыми.");
  const headers = Object.entries(request.headers).map(([name, text]) => `${name}: ${text}`).join("\n");
  return make("details", { open },
    make("summary", {}, make("b", {}, `№ ${request.number}`), when(request.received_at), status(request), ...request.faults.map((name) => badge(FAULTS[name] ?? name, "bad"))),
    make("div", {}, make("h4", {}, "Запрос"), make("pre", {}, `${request.method} ${request.path}\n${headers}`), make("h4", {}, "Тело"), make("pre", {}, pretty(request.body) || "—"),
      make("h4", {}, "Ответ"), make("pre", {}, request.answer_status === null ? "соединение закрыто без ответа" : `${request.answer_status}\n${request.answer_body}`)));
}

export function status(request) {
  if (request.answer_status === null) return badge("без ответа", "bad");
  return badge(String(request.answer_status), request.answer_status === 200 ? "good" : "bad");
}
