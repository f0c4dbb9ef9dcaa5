// Who calls, as far as an address tells.
import * as wasm from "./index.js";
import { settings } from "./instance.js";

// The address of a request's client; `undefined` where nobody tells it. On a machine of one's own the connection and
// trusted proxies tell it; Cloudflare's header, which a client can write there, does not count.
export function clientAddress({ headers, cf }) {
  if (!settings.by_connection) return headers.get("cf-connecting-ip") ?? undefined;
  return wasm.client_address(cf?.clientIp ?? "", headers.get("x-forwarded-for") ?? "");
}
