// @ts-check
// The operator API, with the token that this tab was given. It is forgotten when the last tab is closed.

const KEPT = "postcall.token";
const TRIES_FOR_A_START = 2;
const NO_TOKEN = /[^\x21-\x7E]/g; // signs that no token and no header has, as of the other keyboard

/** What the service refuses, or (status 0) that it does not answer. */
export class Refused extends Error {
  /** @param {number} status @param {{ detail?: string, code?: string, params?: object }} problem */
  constructor(status, problem) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.problem = problem;
  }
}

/** @type {(why?: string) => void} */
let leave = () => {};
/** @param {(why?: string) => void} then */
export const onUnauthorized = (then) => { leave = then; };

// A tab that is opened from a signed-in one asks the others for the token, so that nobody signs in twice; when all of
// them are closed it is forgotten. It never leaves the browser, and no storage outlives the tabs.
const tabs = new BroadcastChannel("postcall");
const ANSWER_MS = 250;

/** @returns {Promise<void>} */
export function askOtherTabs() {
  if (token.get()) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => { tabs.removeEventListener("message", heard); resolve(); };
    const heard = (/** @type {any} */ { data }) => { if (data?.token && !token.get()) { token.set(data.token); done(); } };
    tabs.addEventListener("message", heard);
    tabs.postMessage({ asks: true });
    setTimeout(done, ANSWER_MS);
  });
}

tabs.addEventListener("message", ({ data }) => {
  if (data?.asks && token.get()) tabs.postMessage({ token: token.get() });
  if (data?.leaves && token.get()) {
    token.forget();
    leave();
  }
});

/** Of all tabs: one that stays would give the token back. */
export function signOut() {
  token.forget();
  tabs.postMessage({ leaves: true });
}

export const token = {
  get: () => sessionStorage.getItem(KEPT),
  set: (/** @type {string} */ text) => sessionStorage.setItem(KEPT, text),
  forget: () => sessionStorage.removeItem(KEPT),
};

/** @typedef {{ body?: object, query?: Record<string, any>, as?: string | null }} Options */

/**
 * @param {string} method @param {string} path @param {Options} [options]
 * @returns {Promise<any>} what the operator API's description says of the route
 */
export async function ask(method, path, options) {
  const answer = await answered(method, path, options);
  return answer.json().catch((error) => { throw new Refused(0, { detail: String(error) }); }); // cut short, or not the service's
}

/** @param {string} method @param {string} path @param {Options} [options] */
async function answered(method, path, { body, query, as = token.get() } = {}) {
  const url = new URL(path, new URL(".", document.baseURI));
  for (const [name, value] of Object.entries(query ?? {})) if (value) url.searchParams.set(name, value);
  const headers = { authorization: `Bearer ${(as ?? "").replace(NO_TOKEN, "?")}`, ...(body ? { "content-type": "application/json" } : {}) };
  const answer = await sent(url, { method, headers, body: body && JSON.stringify(body) });
  if (answer.ok) return answer;
  if (answer.status === 401 && as && as === token.get()) leave();
  throw new Refused(answer.status, await answer.json().catch(() => ({})));
}

// Reading may be tried again at once; an order never is.
/** @param {URL} url @param {RequestInit} options @returns {Promise<Response>} */
async function sent(url, options) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await fetch(url, { ...options, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
    } catch (error) {
      if (options.method !== "GET" || tried === TRIES_FOR_A_START) throw new Refused(0, { detail: String(error) });
    }
  }
}

// A file of the service, kept by the browser under the name that the service gave it.
/** @param {string} path @param {Record<string, any>} query @param {object} [body] */
export async function download(path, query, body) {
  const answer = await answered(body ? "POST" : "GET", path, { query, body });
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "postcall";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { name, truncated: answer.headers.get("x-truncated") === "true" };
}

/** @param {string} id */
const one = (id) => `api/events/${encodeURIComponent(id)}`;

export const api = {
  me: () => ask("GET", "api/me"),
  events: (/** @type {any} */ query) => ask("GET", "api/events", { query }),
  event: (/** @type {string} */ id) => ask("GET", one(id)),
  call: (/** @type {string} */ id) => ask("GET", `${one(id)}/call`),
  search: (/** @type {string} */ query, /** @type {string | null} */ cursor) => ask("POST", "api/search", { body: cursor ? { query, cursor } : { query } }),
  resend: (/** @type {string} */ id, /** @type {boolean} */ force, /** @type {string | undefined} */ reason) => ask("POST", `${one(id)}/resend-crm`, { query: { force: force ? "true" : "" }, body: { reason } }),
  continue: (/** @type {string} */ id) => ask("POST", `${one(id)}/continue`),
  withdraw: (/** @type {string} */ id) => ask("POST", `${one(id)}/withdraw`),
  close: (/** @type {string} */ id, /** @type {string | undefined} */ reason) => ask("POST", `${one(id)}/close`, { body: { reason } }),
  attention: () => ask("GET", "api/attention"),
  resolve: (/** @type {string} */ id, /** @type {object} */ body) => ask("POST", `${one(id)}/resolve`, { body }),
  reanalyze: (/** @type {string} */ id, /** @type {string | undefined} */ reason) => ask("POST", `${one(id)}/reanalyze`, { body: { reason } }),
  revisions: (/** @type {string} */ id) => ask("GET", `${one(id)}/revisions`),
  useRevision: (/** @type {string} */ id, /** @type {string} */ sha256, /** @type {string | undefined} */ reason) => ask("POST", `${one(id)}/use-revision`, { body: { sha256, reason } }),
  erase: (/** @type {string} */ id, /** @type {string | undefined} */ reason) => ask("POST", `${one(id)}/erase`, { body: { reason } }),
  erasePerson: (/** @type {object} */ body) => ask("POST", "api/erase-person", { body }),
  numbers: (/** @type {any} */ query) => ask("GET", "api/numbers", { query }),
  ledger: (/** @type {string} */ day) => ask("GET", `api/ledger/${day}`),
  reconcile: (/** @type {string} */ since, /** @type {boolean} */ dryRun, reason = "") => ask("POST", "api/reconcile", { body: { since, dry_run: dryRun, ...(reason ? { reason } : {}) } }),
  health: () => ask("GET", "api/health"),
  runbook: (/** @type {string} */ name, /** @type {string} */ lang) => ask("GET", `api/runbooks/${encodeURIComponent(name)}`, { query: { lang } }),
  queues: () => ask("GET", "api/queues"),
  redrive: (/** @type {string} */ queue, /** @type {boolean} */ preview, reason = "") => ask("POST", `api/queues/${queue}/redrive`, { body: { preview, ...(reason ? { reason } : {}) } }),
  quarantine: (query = {}) => ask("GET", "api/quarantine", { query }),
  release: (/** @type {string} */ id) => ask("POST", `api/quarantine/${encodeURIComponent(id)}/release`),
  discard: (/** @type {string} */ id, /** @type {string | undefined} */ reason) => ask("DELETE", `api/quarantine/${encodeURIComponent(id)}`, { query: { reason } }),
};
