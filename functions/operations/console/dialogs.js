// @ts-check
// Questions before something is done, and the word afterwards. A dialog keeps the keyboard inside it, Esc closes it.

import { token } from "./api.js";
import { at, button, icon, make } from "./dom.js";
import { refusal, t } from "./words.js";

const TOAST_MS = 7000;
let asked = 0;

// `fields` are {name, label, kind: "text" | "secret" | "choice" | "agree", options, hint}. `act` gets their values; what it refuses
// is shown in the dialog. Resolves to act's result, or null when it was left; an act that is under way by then ends all the same,
// and what came of it is told.
/**
 * @typedef {{ name: string, label: string, kind?: string, hint?: string, options?: any[] }} Field what is false is left out
 * @param {{ title: string, body?: any[], fields?: (Field | false)[], action: string, tone?: string, act: (values: any, isOpen: () => boolean) => Promise<any> }} question
 * @returns {Promise<any>}
 */
export function confirm({ title, body = [], fields = [], action, tone = "main", act }) {
  const id = `dialog-${++asked}`;
  return new Promise((resolve) => {
    let renewed = /** @type {any} */ (null), isActing = false;
    const error = make("p", { class: "error-line", role: "alert" });
    const go = button(action, null, { tone, type: "submit" });
    const inputs = fields.filter((field) => field !== false).map((field, n) => drawn(field, `${id}-${n}`));
    const form = make(
      "form",
      { method: "dialog", onsubmit: submit },
      make("h2", { id }, title),
      make("div", { class: "said" }, body.map((line) => (typeof line === "string" ? make("p", {}, line) : line))),
      inputs.map((input) => input.element),
      error,
      make("div", { class: "choices" }, button(t("dialog.leave"), leave), go),
    );
    const dialog = make("dialog", { "aria-labelledby": id, class: tone }, form);
    dialog.addEventListener("close", closed);
    document.body.append(dialog);
    dialog.showModal();
    (inputs[0]?.first ?? form.querySelector(".choices button"))?.focus();

    async function submit(/** @type {SubmitEvent} */ event) {
      event.preventDefault();
      if (isActing) return;
      const values = /** @type {Record<string, any>} */ ({});
      for (const input of inputs) {
        values[input.name] = input.read();
        if (!values[input.name]) { error.textContent = input.missing; input.first.focus(); return; }
      }
      acting(true);
      error.textContent = "";
      if (renewed) token.set(renewed.first.value.trim());
      try {
        resolve(await act(values, () => dialog.open));
        leave();
      } catch (refused) {
        acting(false);
        if (dialog.open) refusedHere(refused);
        else {
          toast(refusal(refused), "warn");
          resolve(null);
        }
      }
    }

    function refusedHere(/** @type {import("./api.js").Refused} */ refused) {
      error.textContent = refused.status === 401 ? t("dialog.token.gone") : refusal(refused);
      if (refused.status === 401) signInHere();
    }

    function acting(/** @type {boolean} */ is) {
      isActing = is;
      go.ariaDisabled = is ? "true" : null;
    }

    // A token that has expired meanwhile is asked for here: what was typed stays.
    function signInHere() {
      if (!renewed) {
        renewed = drawn({ name: "token", kind: "secret", label: t("login.token") }, `${id}-token`);
        error.before(renewed.element);
      }
      renewed.first.focus();
    }

    function leave() {
      dialog.close();
    }

    function closed() {
      dialog.remove();
      if (!isActing) resolve(null);
    }
  });
}

/** @param {any} field @param {string} id */
function drawn(field, id) {
  if (field.kind === "choice") return choice(field, id);
  if (field.kind === "agree") return agree(field, id);
  const hint = field.hint && make("span", { class: "soft small", id: `${id}-hint` }, field.hint);
  const common = { id, "aria-describedby": hint ? `${id}-hint` : null };
  const first = field.kind === "secret" ? make("input", { ...common, type: "password", autocomplete: "off", spellcheck: "false" }) : make("textarea", { ...common, rows: 3, maxlength: 500 });
  const element = make("div", { class: "field" }, make("label", { for: id }, field.label), first, hint);
  return { name: field.name, element, first, read: () => first.value.trim(), missing: t("dialog.missing", { field: field.label }) };
}

/** @param {any} field @param {string} id */
function choice(field, id) {
  const radios = field.options.map((/** @type {any} */ [value, label, about]) => {
    const input = make("input", { type: "radio", name: id, value, id: `${id}-${value}` });
    return { input, label: make("label", { class: "option", for: `${id}-${value}` }, input, make("span", {}, make("b", {}, label), make("small", { class: "soft" }, about))) };
  });
  const element = make("fieldset", {}, make("legend", {}, field.label), radios.map((/** @type {any} */ radio) => radio.label));
  const read = () => radios.find((/** @type {any} */ radio) => radio.input.checked)?.input.value ?? "";
  return { name: field.name, element, first: radios[0].input, read, missing: t("dialog.choose") };
}

/** @param {any} field @param {string} id */
function agree(field, id) {
  const first = make("input", { type: "checkbox", id });
  const element = make("label", { class: "option", for: id }, first, make("span", {}, field.label));
  return { name: field.name, element, first, read: () => first.checked, missing: t("dialog.agree") };
}

/** @param {string} text */
export function toast(text, tone = "good") {
  const shown = make("div", { class: `toast ${tone}` }, icon(tone === "good" ? "check" : "warn"), make("span", {}, text), button(t("toast.close"), () => shown.remove(), { tone: "plain", symbol: "cross", "aria-label": t("toast.close") }));
  at("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_MS);
}

/** @param {string} text */
export async function copied(text) {
  await navigator.clipboard.writeText(text).then(() => toast(t("copied")), () => toast(t("copied.not"), "warn"));
}

/** @param {number} milliseconds */
export const wait = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
