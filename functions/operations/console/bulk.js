// @ts-check
// One act for many: first how many of each state there are, then the act, a few at a time; what is refused is counted and says why.

import { confirm, toast } from "./dialogs.js";
import { make } from "./dom.js";
import { number, refusal, t } from "./words.js";

export const AT_ONCE = 200;
const AT_THE_SAME_TIME = 4;

// `states` says how many there are of each: [[word, number], …]. Resolves to true when the act was done.
/**
 * @param {{ title: string, about: any[], states: [string, number][], ids: string[], isCut: boolean, withReason?: boolean,
 *   act: (id: string, reason?: any) => Promise<any> }} what
 * @returns {Promise<boolean>}
 */
export async function forAll({ title, about, states, ids, isCut, withReason = false, act }) {
  const tell = make("p", { role: "status" });
  const counted = states.map(([name, n]) => `${name}: ${number(n)}`).join(", ");
  const done = await confirm({
    title,
    body: [...about, t("bulk.preview", { n: number(ids.length), states: counted }), isCut && t("bulk.cut", { n: AT_ONCE }), tell].filter(Boolean),
    fields: withReason ? [{ name: "reason", label: t("bulk.reason"), hint: t("bulk.reason.hint") }] : [],
    action: `${title} (${number(ids.length)})`,
    act: ({ reason }, isOpen) => each(ids, isOpen, (/** @type {string} */ id) => act(id, reason), (/** @type {number} */ n) => { tell.textContent = `${number(n)} / ${number(ids.length)}`; }),
  });
  if (!done) return false;
  const refused = done.refused.length ? ` ${t("bulk.refused", { n: number(done.refused.length), why: refusal(done.refused[0]) })}` : "";
  toast(t("bulk.done", { n: number(done.count) }) + refused, done.refused.length ? "warn" : "good");
  return true;
}

// Whoever leaves stops it.
/** @param {string[]} ids @param {() => boolean} goesOn @param {any} act @param {(n: number) => void} tell */
async function each(ids, goesOn, act, tell) {
  const left = [...ids], result = { count: 0, refused: /** @type {import("./api.js").Refused[]} */ ([]) };
  async function worker() {
    for (let id = left.shift(); id !== undefined && goesOn(); id = left.shift()) {
      try {
        await act(id);
        result.count += 1;
      } catch (error) {
        if (error.status === 401) throw error;
        result.refused.push(error);
      }
      tell(result.count + result.refused.length);
    }
  }
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, worker));
  return result;
}
