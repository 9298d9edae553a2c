// @ts-check
// The API's description as a page, read from the document that the service itself serves.

import { at, make, swap } from "./dom.js";

const DEEPEST = 6;

async function draw() {
  const api = await (await fetch(new URL("openapi.json", document.baseURI))).json();
  const operations = Object.entries(api.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
  swap(
    at("main"),
    make("h1", {}, `${api.info.title} API`),
    make("p", { class: "lead soft" }, api.info.summary, " ", api.info.description, " ", make("a", { href: "openapi.json" }, "openapi.json"), " · ", make("a", { href: "../console" }, "console")),
    make("h2", { class: "tag" }, "Access"),
    make("ul", {}, Object.entries(api.components.securitySchemes).map(([name, scheme]) => make("li", {}, make("code", {}, name), ` — ${scheme.description}`))),
    api.tags.map((/** @type {any} */ tag) => [
      make("h2", { class: "tag" }, tag.name),
      make("p", { class: "lead soft" }, tag.description),
      operations.filter(({ operation }) => operation.tags.includes(tag.name)).map((each) => described(each, api)),
    ]),
  );
}

/** @param {any} given @param {any} api */
function described({ path, method, operation }, api) {
  const body = operation.requestBody?.content["application/json"]?.schema;
  const access = operation.security.flatMap((/** @type {any} */ each) => Object.keys(each)).join(", ") || "public";
  return make(
    "details",
    { class: "operation" },
    make("summary", {}, make("span", { class: `method ${method}` }, method.toUpperCase()), make("code", {}, path), make("span", {}, operation.summary), make("small", { class: "soft" }, access)),
    operation.parameters && make("table", {}, make("tbody", {}, operation.parameters.map((/** @type {any} */ each) => make("tr", {}, make("td", {}, make("code", {}, each.name)), make("td", {}, each.in), make("td", {}, kindOf(each.schema)))))),
    body && make("h3", {}, "Request"),
    body && shape(body, api),
    make("h3", {}, "Answers"),
    make("table", {}, make("tbody", {}, Object.entries(operation.responses).map(([status, answer]) => {
      const [kind, content] = Object.entries(answer.content ?? {})[0] ?? [];
      return make("tr", {}, make("td", {}, make("code", {}, status)), make("td", {}, answer.description, kind && make("small", { class: "soft" }, ` ${kind}`)), make("td", {}, content && kind === "application/json" ? shape(content.schema, api) : ""));
    }))),
  );
}

/** @param {any} schema @param {any} api */
const resolved = (schema, api) => (schema.$ref ? api.components.schemas[schema.$ref.split("/").at(-1)] : schema);
/** @param {any} schema */
const kindOf = (schema) => schema.enum?.join(" | ") ?? [schema.type].flat().filter(Boolean).join(" | ") + (schema.format ? ` (${schema.format})` : "");

/** @param {any} given @param {any} api @returns {HTMLElement} */
function shape(given, api, depth = 0) {
  const schema = resolved(given, api);
  const one = schema.oneOf ?? schema.anyOf;
  if (one) return shape(one[0], api, depth);
  if (schema.type === "array") return make("div", { class: "schema" }, make("span", { class: "kind" }, "list of"), shape(schema.items, api, depth + 1));
  if (!schema.properties || depth > DEEPEST) return make("span", { class: "kind" }, kindOf(schema), schema.description && ` — ${schema.description}`);
  const inner = Object.entries(schema.properties).map(([name, member]) => make("li", {}, make("code", {}, name), schema.required?.includes(name) ? "" : make("small", { class: "soft" }, " optional"), " ", shape(member, api, depth + 1)));
  if (!depth && given.$ref) return make("details", {}, make("summary", {}, given.$ref.split("/").at(-1)), make("div", { class: "schema" }, make("ul", {}, inner)));
  return make("div", { class: "schema" }, make("ul", {}, inner));
}

draw().catch(() => swap(at("main"), make("p", { role: "alert" }, "The description cannot be read. Reload the page, or look at ", make("a", { href: "openapi.json" }, "openapi.json"), ".")));
