// Gatehouse itself, as it is deployed, with two things added: what would be forwarded is answered "ok", so that the way
// to a verdict can be compared with a reply that needs none; and calls of objects that requests may need are counted.
// The entry point `proxy` is the product's own.
import gatehouse, * as entry from "./entry.js";

export { NameRegistry, AccountIndex, AuditMonth, AuditIndex } from "./entry.js";
export { gatehouse as proxy };

let calls = 0;

function counted(Object) {
  return class extends Object {
    call(message) {
      calls += 1;
      return super.call(message);
    }
  };
}

export const AppTraffic = counted(entry.AppTraffic);
export const ProjectQuota = counted(entry.ProjectQuota);
export const Account = counted(entry.Account);
export const DeveloperAccount = counted(entry.DeveloperAccount);

export const counter = { fetch: () => new Response(calls) };

const ok = () => new Response("ok");

export default { fetch: (request, env, ctx) => entry.handle(request, env, ctx, ok) };
