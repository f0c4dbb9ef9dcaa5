// Gatehouse itself, as it is deployed, with two things added: what would be forwarded is answered "ok", so that the way
// to a verdict can be compared with a reply that needs none; and calls of App gates are counted. The entry point
// `proxy` is the product's own.
import gatehouse, { AppGate as Counted, handle } from "./entry.js";

export { Directory, Ledger, Office } from "./entry.js";
export { gatehouse as proxy };

let calls = 0;

export class AppGate extends Counted {
  fetch(request) {
    calls += 1;
    return super.fetch(request);
  }
}

export const counter = { fetch: () => new Response(calls) };

const ok = () => new Response("ok");

// The same with the identity headers written, which whatever passes needs sooner or later.
const identified = (request, env, text) => new Response(text() ? "ok" : "no");

export const identity = { fetch: (request, env, ctx) => handle(request, env, ctx, identified) };

export default { fetch: (request, env, ctx) => handle(request, env, ctx, ok) };
