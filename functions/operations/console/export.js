// @ts-check
// Any list as a file for a spreadsheet: two buttons, the service makes the file in the operator's language and zone.

import { button, make } from "./dom.js";
import { download } from "./api.js";
import { language, refusal, t, zone } from "./words.js";
import { toast } from "./dialogs.js";

const FORMATS = ["csv", "xlsx"];

/**
 * @param {Record<string, any>} query which list, as `GET /api/export` takes it
 * @param {object} [body] what is looked for; then the list is that of the search
 */
export const exportButtons = (query, body) =>
  make(
    "div",
    { class: "export", role: "group", "aria-label": t("export.title") },
    FORMATS.map((format) => button(t(`export.${format}`), () => exported({ ...query, format }, body), { symbol: "file", title: t("export.title") })),
  );

/** @param {Record<string, any>} query @param {object} [body] */
async function exported(query, body) {
  try {
    const { name, truncated } = await download("api/export", { ...query, lang: language.get(), zone: zone.get() }, body);
    toast(truncated ? t("export.cut") : t("export.done", { name }), truncated ? "warn" : "good");
  } catch (error) {
    toast(refusal(error), "warn");
  }
}
