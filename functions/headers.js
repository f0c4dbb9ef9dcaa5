// What becomes of the headers that pass through: those that name the next hop, the caller's credentials, and all that
// only the gate may say are taken out.

// What belongs to one connection (RFC 9110 §7.6.1).
const OF_ONE_CONNECTION = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

// Servers fold signs in a header's name into one (CGI makes every one a `_`): names are compared without any.
const folded = (name) => name.replace(/[^a-z0-9]/g, "");

const NOT_FORWARDED = new Set(
  [
    ...OF_ONE_CONNECTION,
    // The caller's credentials, which the API has no use for.
    "authorization",
    "cookie",
    // A signature of the caller covers another host and the credentials. The API finds one signature, the gate's: none
    // that could be taken for it.
    "signature",
    "signature-input",
    // These would have the API do something else than what was checked.
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-rewrite-url",
    // Frameworks take these for who calls, or from where; CGI makes `Proxy` the variable HTTP_PROXY.
    "forwarded",
    "proxy",
    "remote-user",
    "true-client-ip",
    "x-client-ip",
    "x-real-ip",
    "x-remote-user",
  ].map(folded),
);

// By how their folded names begin: who calls, which address was called, and what a proxy says of the request. The gate
// alone says so.
const GATES_OWN = ["xgatehouse", "xaccesslevel", "xforwarded", "xoriginal"];

// The credential, where the request has one in its header.
export const authorizationIn = (headers) => headers.get("authorization") ?? undefined;

// What a header is, by its name.
export const KEPT = 0;
export const REMOVED = 1;
export const CONNECTION = 2;
export const UPGRADE = 3;
// Only a proxy's question has it (core/edge/src/check/forward_auth.rs).
export const OF_A_QUESTION = 4;

const kinds = new Map();
const MOST_KINDS = 1000;
let kindsFor;

// The kind of a header that came with a request. Looked up where the name has been seen before: callers send few
// different ones, but may make them up. Valid for one set of settings.
export function kindOf(name, settings) {
  if (kindsFor !== settings) kinds.clear();
  kindsFor = settings;
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = findKind(name, settings);
    if (kinds.size < MOST_KINDS && name.length <= 64) kinds.set(name, kind);
  }
  return kind;
}

function findKind(name, { questions, by_connection }) {
  if (name === "connection") return CONNECTION;
  if (name === "upgrade") return UPGRADE;
  if (questions.includes(name)) return OF_A_QUESTION;
  // What Cloudflare says of a client is the client's own word where Cloudflare is not in front.
  if (by_connection && /^cf[^a-z0-9]/.test(name)) return REMOVED;
  const bare = folded(name);
  return NOT_FORWARDED.has(bare) || GATES_OWN.some((start) => bare.startsWith(start)) ? REMOVED : KEPT;
}

const NOT_RETURNED = new Set([
  ...OF_ONE_CONNECTION,
  // Of a WebSocket that ends here: the caller's handshake is another one.
  "sec-websocket-accept",
  "sec-websocket-extensions",
  // What would act on the whole origin, which is the portal's too.
  "alt-svc",
  "clear-site-data",
  "nel",
  "report-to",
  "reporting-endpoints",
  "set-cookie",
]);

// Takes out of the API's answer what is not for the caller; `headers` are the answer's own, and `kept` a copy.
export function removeUnreturned(kept, headers) {
  for (const name of headers.keys()) {
    if (name === "connection") deleteNamed(kept, headers.get(name));
    if (NOT_RETURNED.has(name)) kept.delete(name);
  }
}

// Deletes the headers that `connection` names.
export function deleteNamed(headers, connection) {
  for (const part of connection.split(",")) {
    const name = part.trim();
    // Its own rule says what becomes of this one.
    if (isHeaderName(name) && name.toLowerCase() !== "upgrade") headers.delete(name);
  }
}

const isHeaderName = (name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name);

export function readLines(lines) {
  const headers = new Headers();
  setLines(headers, lines);
  return headers;
}

// Sets headers from `name: value` lines.
export function setLines(headers, lines) {
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 2));
  }
}
