// Section «Лиды»: the list as a person of the CRM would look through it, with doubles of one event in one colour.

import { at, badge, isToday, make, marked, openable, when } from "./dom.js";
import { DOUBLE_COLOURS, plural } from "./words.js";

const filters = () => ({
  wanted: at("search").value.trim().toLowerCase(), today: at("today").checked, landing: at("landing").value, doubles: at("doubles").checked,
});

// The leads of each event that has more than one, and the event's colour.
export function doublesOf(leads) {
  const byEvent = new Map();
  for (const lead of leads) if (lead.event_id) byEvent.set(lead.event_id, [...(byEvent.get(lead.event_id) ?? []), lead]);
  const several = [...byEvent].filter(([, group]) => group.length > 1);
  return new Map(several.map(([id, group], n) => [id, { leads: group, colour: DOUBLE_COLOURS[n % DOUBLE_COLOURS.length] }]));
}

export function renderLeads(data, open) {
  const doubles = doublesOf(data.leads), { wanted, today, landing, doubles: onlyDoubles } = filters();
  const shown = data.leads.filter((lead) => (!today || isToday(lead.created_on)) && (!landing || lead.landing_id === landing)
    && (!onlyDoubles || doubles.has(lead.event_id)) && (!wanted || searched(lead).includes(wanted))).reverse();
  at("leads-rows").replaceChildren(...shown.map((lead) => row(lead, doubles.get(lead.event_id), wanted, () => open(lead.id))));
  const extra = [...doubles.values()].reduce((sum, group) => sum + group.leads.length - 1, 0);
  at("doubles-count").textContent = extra || "";
  at("leads-found").textContent = data.leads.length ? `${plural(shown.length, "запись", "записи", "записей")} из ${data.leads.length}` : "";
  empty(data, shown.length);
  fillLandings(data.config.landings);
}

const searched = (lead) => [...Object.values(lead.fields), ...Object.values(lead.contact), lead.id].join("\n").toLowerCase();

export const nameOf = (lead) => lead.contact.FullName || lead.fields.Contact || "Без имени";

function row(lead, double, wanted, open) {
  const fields = lead.fields, phone = lead.contact.Phone || fields.MobilePhone || splitPhone(fields), mail = lead.contact.Email || fields.Email || "";
  const element = make("tr", { class: double ? "double" : "", "--double": double?.colour, "data-lead": lead.id },
    make("td", { class: "nowrap" }, when(lead.created_on), lead.updated ? make("span", { class: "under" }, `обновлён ${plural(lead.updated, "раз", "раза", "раз")}`) : null),
    make("td", { class: "who" }, make("b", {}, ...marked(nameOf(lead), wanted)), make("span", { class: "under nowrap" }, ...marked(phone, wanted)),
      make("span", { class: "under" }, ...marked(mail, wanted))),
    make("td", {}, ...marked(text(fields.UsrQualificationTopic), wanted), make("span", { class: "under" }, ...marked(text(fields.UsrIntent), wanted))),
    make("td", { class: "nowrap" }, score(fields.UsrQualityScore)),
    make("td", {}, fields.UsrTSLeadStatus ? badge(fields.UsrTSLeadStatus, "info") : "—"),
    make("td", {}, make("span", { class: "clamp", title: fields.Commentary }, ...marked(text(fields.Commentary), wanted)), ...flags(lead)),
    make("td", {}, make("span", { class: "mono" }, ...marked(lead.event_id || "—", wanted)),
      double ? make("div", {}, badge(`двойник ×${double.leads.length}`, "double", "У этого Event ID несколько лидов")) : null));
  return openable(element, open);
}

const text = (value) => (value === undefined || value === "" ? "—" : String(value));

const splitPhone = (fields) => `${fields.UsrPhoneNumberCode ?? ""} ${fields.UsrTelephoneNumberForCode ?? ""}`.trim();

export function score(value) {
  if (value === undefined) return "—";
  const number = Number(value), bars = [1, 2, 3, 4, 5].map((step) => make("i", { class: step <= number ? "on" : "" }));
  return make("span", { title: `Оценка ${value} из 5` }, make("span", { class: "score", "aria-hidden": "true" }, bars), ` ${value}`);
}

function flags(lead) {
  return [
    lead.dropped.length && badge(`потеряно: ${lead.dropped.length}`, "warn", `Таких полей в CRM нет: ${lead.dropped.join(", ")}`),
    lead.cut.length && badge(`обрезано: ${lead.cut.length}`, "warn", `Длиннее колонки: ${lead.cut.join(", ")}`),
    lead.not_set.length && badge(`не записано: ${lead.not_set.length}`, "bad", `Значение не подошло: ${lead.not_set.join(", ")}`),
  ].filter(Boolean);
}

function empty(data, shown) {
  const box = at("leads-empty");
  box.hidden = shown > 0;
  if (shown) return;
  box.replaceChildren(...(data.leads.length
    ? [make("b", {}, "Ничего не найдено"), "Снимите фильтры или измените запрос."]
    : [make("b", {}, "Лидов пока нет"), "Запись появится здесь, как только придёт запрос на адрес", make("br"), make("code", {}, data.health.service_url)]));
}

function fillLandings(landings) {
  const select = at("landing"), known = [...select.options].map((option) => option.value);
  for (const landing of Object.values(landings)) {
    if (!known.includes(landing.id)) select.append(make("option", { value: landing.id, title: landing.id }, `${landing.name} · ${landing.id.slice(0, 8)}`));
  }
}
