// The page's life: it asks the admin API every two seconds, shows the section the address names, and keeps the card open.

import { close, isOpen, leadCard, requestCard } from "./card.js";
import { at } from "./dom.js";
import { renderLeads } from "./leads.js";
import { renderBooks, renderFaults, renderRequests } from "./sections.js";
import { PROFILES } from "./words.js";

const SECTIONS = ["leads", "requests", "books", "faults"];
const EVERY_MS = 2000;
let data = null, last = "", lastFocus = null;

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function send(method, path, body) {
  await fetch(path, { method, headers: body ? { "Content-Type": "application/json" } : {}, body: body && JSON.stringify(body) });
  await refresh();
}

async function refresh() {
  try {
    const [health, config, leads, requests, lookups, faults] = await Promise.all(
      ["/healthz", "/api/config", "/api/leads", "/api/requests?last=500", "/api/lookups", "/api/faults"].map(get));
    at("live").classList.remove("lost");
    at("live").lastElementChild.textContent = "на связи";
    data = { health, config, leads, requests, lookups, faults };
    const now = JSON.stringify(data);
    if (now !== last) { last = now; render(); }
  } catch {
    at("live").classList.add("lost");
    at("live").lastElementChild.textContent = "нет связи";
  }
}

function render() {
  if (!data) return;
  const { lead, request } = document.activeElement.dataset;
  at("profile").textContent = `профиль: ${PROFILES[data.health.profile] ?? data.health.profile}`;
  count("leads", data.leads.length);
  count("requests", data.requests.length);
  count("faults", data.faults.waiting.reduce((sum, item) => sum + item.count, 0));
  renderLeads(data, openLead);
  renderRequests(data, openRequest);
  renderBooks(data);
  renderFaults(data, (name) => send("POST", "/api/faults", { fault: name }));
  if (lead ?? request) document.querySelector(lead ? `[data-lead="${lead}"]` : `[data-request="${request}"]`)?.focus();
  select();
}

function count(name, number) {
  document.querySelector(`[data-count=${name}]`).textContent = number || "";
}

function openLead(id) {
  const lead = data.leads.find((found) => found.id === id);
  if (!lead) return;
  remember(`[data-lead="${id}"]`);
  leadCard(lead, data, openLead);
  select();
}

function openRequest(number) {
  remember(`[data-request="${number}"]`);
  requestCard(data.requests.find((request) => request.number === number));
  select();
}

function remember(row) {
  lastFocus = row;
  at("card").dataset.of = row;
}

function select() {
  for (const row of document.querySelectorAll("tbody tr")) row.setAttribute("aria-selected", isOpen() && row.matches(at("card").dataset.of || "none"));
}

function closeCard() {
  close();
  select();
  document.querySelector(lastFocus)?.focus();
}

function route() {
  const [name, id] = location.hash.slice(1).split("/"), current = SECTIONS.includes(name) ? name : "leads";
  for (const section of SECTIONS) at(section).hidden = section !== current;
  for (const link of document.querySelectorAll(".sections a")) {
    link.toggleAttribute("aria-current", link.hash === `#${current}`);
  }
  close();
  if (id && data) current === "leads" ? openLead(id) : current === "requests" && openRequest(Number(id));
}

for (const id of ["search", "today", "landing", "doubles"]) at(id).addEventListener("input", render);
at("card-close").addEventListener("click", closeCard);
addEventListener("keydown", (event) => { if (event.key === "Escape" && isOpen()) closeCard(); });
at("reset").addEventListener("click", () => {
  if (confirm("Забыть все лиды, запросы и заказанные неисправности?")) { close(); send("POST", "/api/reset"); }
});
at("clear-faults").addEventListener("click", () => send("DELETE", "/api/faults"));
addEventListener("hashchange", route);
await refresh();
route();
setInterval(() => { if (!document.hidden) refresh(); }, EVERY_MS);
