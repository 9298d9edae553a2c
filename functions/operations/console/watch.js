// @ts-check
// What everybody must see on every page: the CRM is not reached, something is refused; and how much waits behind each page of the menu.

import { api, token } from "./api.js";
import { at, icon, make, swap } from "./dom.js";
import { runbookLink } from "./runbook.js";
import { number, t } from "./words.js";

/** @type {{ environment: string, calls: number, queues: number, quarantine: number }} */
const seen = { environment: "", calls: 0, queues: 0, quarantine: 0 };

export const environment = () => seen.environment;

export async function watch() {
  if (!token.get() || document.hidden) return;
  const [health, waits, queues] = await Promise.all([api.health, api.attention, api.queues].map((ask) => ask().catch(() => null)));
  if (!health || !token.get()) return;
  seen.environment = health.environment;
  const place = at("place");
  if (place) { place.textContent = health.environment; place.hidden = !health.environment; }
  counted(waits, queues);
  const forged = (waits?.quarantine.vendor ?? 0) + (waits?.quarantine.signature ?? 0);
  const causes = [
    forged > 0 && ["signature", t("banner.signature", { n: number(forged) })],
    health.breaker.state !== "closed" && [health.breaker.state, t(`banner.${health.breaker.state}`)],
    ...["missing", "disabled", "failing", "retries_off"].map((fault) => health.webhook?.report?.[fault] === true && [fault, t(`banner.webhook.${fault}`)]),
  ].filter((each) => Array.isArray(each));
  const lines = causes.map(([cause, line]) => make("p", { class: "banner", role: "status" }, icon("warn"), make("span", {}, line, " ", runbookLink(cause))));
  if (at("banner").textContent !== lines.map((line) => line.textContent).join("")) swap(at("banner"), lines); // what was said aloud is not said again
}

/** @param {any} numbers */
export const sum = (numbers) => Object.values(numbers).reduce((all, n) => all + n, 0);

/**
 * True counts in the menu, so that nobody has to open a page to see that it is empty; without new ones the last known stay.
 * @param {{ waiting: number, quarantine: Record<string, number> } | null} [waits] @param {Record<string, { dead_letters: number }> | null} [queues]
 */
export function counted(waits = null, queues = null) {
  if (waits) Object.assign(seen, { calls: waits.waiting, quarantine: sum(waits.quarantine) });
  if (queues) seen.queues = Object.values(queues).reduce((all, queue) => all + queue.dead_letters, 0);
  for (const name of /** @type {const} */ (["calls", "queues", "quarantine"])) {
    const link = at("top").querySelector(`nav a[href="#/${name}"]`);
    link?.querySelector(".count")?.remove();
    if (seen[name] > 0) link?.append(make("span", { class: "count", title: t(`counts.${name}`) }, number(seen[name])));
  }
}
