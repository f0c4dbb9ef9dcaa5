// Who calls, as far as an address tells.
import * as wasm from "./index.js";
import { settings } from "./instance.js";

// The address of a request's client; `null` where nobody tells it. On a machine of one's own the connection does, and
// proxies in front that are trusted: what a client writes into Cloudflare's header counts for nothing there.
export function clientAddress({ headers, cf }) {
  if (!settings.by_connection) return headers.get("cf-connecting-ip");
  return wasm.client_address(cf?.clientIp ?? "", headers.get("x-forwarded-for") ?? "") ?? null;
}
