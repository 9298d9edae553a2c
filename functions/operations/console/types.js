// @ts-check
// The shapes that the pages hand to each other, for whoever reads and for the checker: no code. The API's own description names every member.

/** @typedef {() => boolean} IsCurrent whether the page is still the one that is shown */
/** @typedef {() => any} Draw draws a place anew */
/** @typedef {{ id: string, query: URLSearchParams, isCurrent: IsCurrent, cameFrom: string }} Here where the address leads */
/** @typedef {{ full_name?: string, phone?: string, email?: string }} Contact */
/** @typedef {Record<string, any> & { event_id: string, status: string, received_at: string, contact: Contact }} CallEvent */
/** @typedef {Record<string, any> & { attempt: number, status: string, outcome: string | null, started_at: string }} Attempt */
/** @typedef {Record<string, any> & { source: string, flags: string[], recommendations: string[], evidence: Quote[] }} Analysis */
/** @typedef {{ quote: string, turn: number, verified: boolean }} Quote */
/** @typedef {{ event: CallEvent, analysis: Analysis | null, earlier_analyses: Analysis[], dispatches: Attempt[] }} CallRecord a call with all that was done */
/** @typedef {Record<string, any>} Talk what was said, or under `error` why it cannot be read */
/** @typedef {Record<string, any> & { n: number, speaker: string, text: string }} Turn */
/** @typedef {{ event_id: string, contact: Contact }} Waiting */
/** @typedef {Record<string, any> & { status: string, count: number, event_ids: string[], people: Waiting[] }} Group those who wait for one cause */
/** @typedef {Record<string, any> & { quarantine_id: string, kind: string, received_at: string }} Entry a refused webhook */
/** @typedef {Record<string, any> & { event_id: string | null }} DeadLetter */
/** @typedef {{ waiting: number, in_flight: number, dead_letters: number }} Depths */
/** @typedef {Record<string, any> & { received: number }} Sums */
/** @typedef {Record<string, string>} Filters */
/** @typedef {import("./api.js").Refused} Refused */

export {};
