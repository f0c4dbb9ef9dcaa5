// Whether a request comes from the gate: HTTP Message Signatures (RFC 9421) with HMAC-SHA256, under the key that gate
// and API share. An API of yours does this first, and believes the x-gatehouse-* headers only where it says "verified".

/** How old a signature may be, and how far ahead a clock, in seconds. */
const WINDOW = 60;

/** "verified", "unchecked" (there is no key), or what is wrong. */
export async function verifySignature(request, key) {
  if (!key) return "unchecked";
  const parameters = /^gatehouse=(.*)$/.exec(request.headers.get("signature-input") ?? "")?.[1];
  const signature = /^gatehouse=:(.*):$/.exec(request.headers.get("signature") ?? "")?.[1];
  if (!parameters || !signature) return "not signed";

  const covered = /^\(([^)]*)\)/.exec(parameters)[1].split(" ").map((name) => name.slice(1, -1));
  // However it is spelt: frameworks fold other signs into one.
  const isIdentity = (name) => name.replace(/[^a-z0-9]/g, "").startsWith("xgatehouse");
  const identity = [...request.headers.keys()].filter(isIdentity);
  const mustBe = ["@method", "@path", "@query", ...identity];
  if (mustBe.some((name) => !covered.includes(name))) return "does not cover everything";

  const age = Date.now() / 1000 - Number(/;created=(\d+)/.exec(parameters)?.[1]);
  if (!(Math.abs(age) <= WINDOW)) return "too old";

  const { pathname, search } = new URL(request.url);
  const derived = { "@method": request.method, "@path": pathname, "@query": search || "?" };
  const lines = covered.map((name) => `"${name}": ${derived[name] ?? request.headers.get(name)}`);
  const base = [...lines, `"@signature-params": ${parameters}`].join("\n");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", bytesOf(key), algorithm, false, ["verify"]);
  const given = Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
  const isGood = await crypto.subtle.verify("HMAC", imported, given, new TextEncoder().encode(base));
  return isGood ? "verified" : "wrong";
}

/** The key's bytes: hexadecimal digits, else base64. */
function bytesOf(key) {
  if (/^([0-9a-f]{2})+$/i.test(key)) return Uint8Array.from(key.match(/../g), (digits) => parseInt(digits, 16));
  return Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}
