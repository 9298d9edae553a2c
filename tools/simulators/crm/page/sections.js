// The other sections: requests, reference books, faults.

import { at, badge, make, openable, when } from "./dom.js";
import { status } from "./card.js";
import { BOOKS, FAULTS, SAVED, STAGES } from "./words.js";

export function renderRequests(data, open) {
  const rows = [...data.requests].reverse().slice(0, 300).map((request) => openable(make("tr", { "data-request": request.number },
    make("td", { class: "nowrap" }, String(request.number)), make("td", { class: "nowrap" }, when(request.received_at)),
    make("td", {}, make("span", { class: "mono" }, `${request.method} …/${request.path.split("/").pop()}`), make("span", { class: "under" }, shape(request.body))),
    make("td", {}, status(request)), make("td", {}, result(request)),
    make("td", {}, ...request.faults.map((name) => badge(FAULTS[name] ?? name, "bad"))), make("td", { class: "number" }, request.milliseconds.toFixed(1))), () => open(request.number)));
  at("requests-rows").replaceChildren(...rows);
  at("requests-empty").hidden = rows.length > 0;
  at("requests-empty").replaceChildren(make("b", {}, "Запросов ещё не было"), "Здесь будет каждый запрос к имитатору, с телом и ответом.");
}

function shape(body) {
  if (body.includes('"formData"')) return "тело виджета (formData)";
  if (body.includes('"landingId"')) return "тело из письма";
  return body ? "другое тело" : "без тела";
}

function result(request) {
  const found = request.answer_body.match(/resultCode\\?"?:(-?\d+)/);
  if (found) return badge(`код ${found[1].replace("-", "−")}`, found[1] === "0" ? "good" : "bad");
  return request.answer_body.includes('Result":""') ? badge("пустой результат", "warn") : "—";
}

export function renderBooks(data) {
  const createdFirst = (a, b) => b[1].some((row) => row.created) - a[1].some((row) => row.created);
  const filled = Object.entries(data.lookups).filter(([, rows]) => rows.length).sort(createdFirst);
  at("books-cards").replaceChildren(...filled.map(([table, rows]) => make("div", { class: "panel" },
    make("h3", {}, BOOKS[table] ?? table, make("span", { class: "under mono" }, table)),
    make("ul", {}, rows.map((row) => make("li", {}, make("div", {}, row.name), row.created ? badge("создано формой", "warn") : null))))));
}

export function renderFaults(data, order) {
  const waiting = new Map(data.faults.waiting.map((item) => [item.fault, item.count]));
  const stages = Object.keys(STAGES).map((stage) => [stage, data.faults.known.filter((fault) => fault.stage === stage)]);
  at("clear-faults").hidden = waiting.size === 0;
  at("faults-cards").replaceChildren(...stages.map(([stage, faults]) => make("div", { class: "panel" }, make("h3", {}, STAGES[stage]),
    make("ul", {}, faults.map((fault) => make("li", {},
      make("div", {}, FAULTS[fault.name] ?? fault.name, make("span", { class: "under" }, make("span", { class: "mono" }, fault.name), ` · ${SAVED[fault.saved]}`)),
      waiting.has(fault.name) ? badge(`ждёт: ${waiting.get(fault.name)}`, "warn") : make("button", { class: "quiet", type: "button", onclick: () => order(fault.name) }, "Заказать")))))));
}
