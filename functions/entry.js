// The Worker's way in. Three things cannot be done in Rust and are done here:
// - A Rust panic ends its wasm instance without settling the promises that wait for it: the request that panicked,
//   and every other one inside wasm at that moment, would hang. They are failed at once, and the next request gets a
//   fresh instance.
// - What crosses between JavaScript and wasm decides what a checked request costs. The gate is asked with three
//   strings and answers with a number, synchronously; only when it must read storage, write a nonce down, or read a form
//   body that may be signed, does a promise come in.
// - A forwarded request and its response stream past wasm, never through it.
import { DurableObject } from "cloudflare:workers";
import * as wasm from "./index.js";

// Of the `worker` crate: a panic sets `criticalError`, a new instance counts `instanceId` up.
const runtime = wasm.__worker_init_state();

// The same for every answer, also for one that is given because wasm is gone: read once.
const securityHeaders = JSON.parse(wasm.security_headers());

let dead = false;
let startedInstance;
let badSettings;

// One function for each call that waits for wasm: fails it.
const waiting = new Set();

function abandonInstance() {
  dead = true;
  for (const fail of waiting) fail(new Error("the wasm instance panicked"));
  waiting.clear();
}

// The panic hook sets this just before the instance traps.
Object.defineProperty(runtime, "criticalError", { set: abandonInstance });

// A trap without a panic (stack or memory used up) shows only here, when it happens in a task of its own.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) abandonInstance();
});

// Before every call into wasm: sees to it that there is a live instance that knows its settings.
function ready(env) {
  if (dead) {
    dead = false;
    // The bindings may have replaced the instance by themselves, when something called into the dead one.
    if (runtime.instanceId === startedInstance) wasm.__wbg_reset_state();
  }
  if (runtime.instanceId !== startedInstance) {
    startedInstance = runtime.instanceId;
    badSettings = undefined;
    try {
      wasm.start(env);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      badSettings = error;
      console.error(`bad configuration: ${error}`);
    }
  }
  if (badSettings !== undefined) throw new BadConfiguration();
}

class BadConfiguration extends Error {}

// Calls into wasm and waits for the answer, or for the end of the instance.
async function call(env, work) {
  let fail;
  const abandoned = new Promise((_, reject) => (fail = reject));
  try {
    ready(env);
    waiting.add(fail);
    return await Promise.race([work(), abandoned]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
  } finally {
    waiting.delete(fail);
  }
}

// An object and not a class: of a class, the runtime makes an instance for every request.
export default { fetch: (request, env, ctx) => handle(request, env, ctx, forward) };

// What the gate says with one character, as a number.
const [FORWARD, FORWARD_AND_REPORT, ANSWER, ANSWER_AND_REPORT, LATER, WITH_BODY] = new TextEncoder().encode("FURAMB");

// Answers a request; at once, and with no promise, where the gate can say at once what becomes of it. Exported for what
// measures the way to a verdict: it passes something else than `forward`.
export function handle(request, env, ctx, pass) {
  try {
    const code = decide(request, env);
    const answered =
      code === LATER || code === WITH_BODY
        ? decideLater(code, request, env, ctx, pass)
        : carryOut(code, wasm.gate_text, request, env, ctx, pass);
    return answered instanceof Promise ? answered.catch(internalError) : answered;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    return internalError(error);
  }
}

// What the gate says about a request, with what is in memory.
function decide(request, env) {
  ready(env);
  return wasm.gate(request.method, request.url, authorizationOf(request));
}

const authorizationOf = (request) => request.headers.get("authorization") ?? undefined;

async function decideLater(code, request, env, ctx, pass) {
  if (code === LATER) {
    const decision = await call(env, () => wasm.gate_later());
    return carryOut(decision.charCodeAt(0), () => decision.slice(1), request, env, ctx, pass);
  }
  const { method, url } = request;
  const form = await readForm(request);
  const ask = () => wasm.gate_with_body(method, url, authorizationOf(request), form.bytes, form.isTooLarge);
  const decision = await call(env, ask);
  return carryOut(decision.charCodeAt(0), () => decision.slice(1), request, env, ctx, pass, form.bytes);
}

// `text` gives what belongs to the code; it must be called before anything is waited for.
function carryOut(code, text, request, env, ctx, pass, body) {
  // What the gate has to write down waits for nobody, and nobody for it.
  if (code === FORWARD_AND_REPORT || code === ANSWER_AND_REPORT) ctx.waitUntil(call(env, () => wasm.report_uses()));
  switch (code) {
    case FORWARD:
    case FORWARD_AND_REPORT:
      return pass(request, env, text, body);
    case ANSWER:
    case ANSWER_AND_REPORT:
      return answer(text());
    default:
      return call(env, () => wasm.portal(request, env));
  }
}

// The largest form body that is read to be verified, in bytes. A larger one can be sent as multipart/form-data,
// which is not signed.
const LARGEST_FORM = 1024 * 1024;

// The body, where a signature covers it (RFC 5849 §3.4.1.3.1): only then does it not stream past.
async function readForm(request) {
  const [essence] = (request.headers.get("content-type") ?? "").split(";");
  const isForm = essence.trim().toLowerCase() === "application/x-www-form-urlencoded";
  if (!isForm || request.body === null) return { bytes: undefined, isTooLarge: false };

  const tooLarge = { bytes: undefined, isTooLarge: true };
  if (Number(request.headers.get("content-length")) > LARGEST_FORM) return tooLarge;
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > LARGEST_FORM) return tooLarge;
    chunks.push(chunk);
  }
  return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), isTooLarge: false };
}

// What belongs to one connection (RFC 9110 §7.6.1), and the caller's credentials, which the API has no use for.
const NOT_FORWARDED = [
  "authorization",
  "connection",
  "cookie",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // These would have the API do something else than what was checked.
  "x-http-method",
  "x-http-method-override",
  "x-method-override",
  "x-original-url",
  "x-rewrite-url",
];

// What would act on the whole origin, which is the portal's too.
const NOT_RETURNED = ["clear-site-data", "nel", "report-to", "reporting-endpoints", "set-cookie"];

// Many servers fold - and _ in a header's name into one.
const isIdentity = (name) => /^x[-_](gatehouse|access[-_]level)/.test(name);

// `name: value`, one a line.
const readLines = (lines) =>
  lines
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);

// `text` gives the identity headers; `body` is the request's own where it has been read.
async function forward(request, env, text, body) {
  const identity = readLines(text());
  const headers = new Headers(request.headers);
  const connection = (headers.get("connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...NOT_FORWARDED, ...connection.filter(isHeaderName)]) headers.delete(name);
  // An identity that the caller made up must not reach the API.
  for (const name of [...headers.keys()]) if (isIdentity(name)) headers.delete(name);
  for (const [name, value] of identity) headers.set(name, value);

  let response;
  try {
    response = await fetchUpstream(request, env, { headers, redirect: "manual" }, body);
  } catch (error) {
    console.error("upstream:", error);
    response = badGateway();
  }

  const forwarded = new Response(response.body, response);
  // The API shares its origin with the portal: it may neither set cookies there nor be run as a page.
  for (const name of NOT_RETURNED) forwarded.headers.delete(name);
  for (const [name, value] of securityHeaders.forwarded) forwarded.headers.set(name, value);
  for (const [name, value] of identity) if (isForCaller(name)) forwarded.headers.set(name, value);
  return forwarded;
}

function fetchUpstream(request, env, change, body) {
  const origin = wasm.upstream_url();
  // Cut rather than parsed and joined: the path arrives as it was sent.
  const target = origin === undefined ? request.url : origin + request.url.slice(new URL(request.url).origin.length);
  const init = body === undefined ? request : { method: request.method, body, signal: request.signal };
  const changed = new Request(new Request(target, init), change);
  return origin === undefined ? env.UPSTREAM.fetch(changed) : fetch(changed);
}

const isHeaderName = (name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name);

const isForCaller = (name) =>
  name === "x-access-level" || name === "x-gatehouse-request-id" || name.startsWith("x-rate-limit-");

// The headers of answers that the gate wrote, all but the request id. Setting a dozen headers one by one costs more than
// everything else about such an answer; there are few different sets of them.
const knownHeaders = new Map();
const MOST_KNOWN_HEADERS = 100;

function headersOf(lines) {
  const known = knownHeaders.get(lines);
  if (known !== undefined) return known;
  // Some have the origin in them, which callers can make up.
  if (knownHeaders.size >= MOST_KNOWN_HEADERS) knownHeaders.clear();
  const headers = new Headers([...securityHeaders.api, ...readLines(lines)]);
  knownHeaders.set(lines, headers);
  return headers;
}

// `text` is an answer that the gate wrote itself: status and request id, header lines, an empty line, the body.
function answer(text) {
  const headAt = text.indexOf("\n") + 1;
  const headEnd = text.indexOf("\n\n", headAt);
  const headers = headersOf(text.slice(headAt, headEnd));
  headers.set("x-gatehouse-request-id", text.slice(text.indexOf(" ") + 1, headAt - 1));
  // Takes a copy of the headers.
  return new Response(text.slice(headEnd + 2) || null, { status: Number(text.slice(0, 3)), headers });
}

function badGateway() {
  const detail = "The API behind the gate did not answer.";
  return problem({ title: "Bad Gateway", type: "about:blank", status: 502, detail });
}

function internalError(error) {
  const requestId = crypto.randomUUID();
  const misconfigured = error instanceof BadConfiguration;
  if (!misconfigured) console.error(`internal error, request ${requestId}:`, error);
  return problem(
    {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      code: misconfigured ? "bad-configuration" : "internal-error",
      detail: misconfigured
        ? "This deployment is not configured correctly. Its log says what is wrong."
        : "Something went wrong here. Try again; if it stays, quote the request id to the operator.",
      request_id: requestId,
    },
    { "x-gatehouse-request-id": requestId },
  );
}

function problem(body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: {
      "content-type": "application/problem+json",
      ...Object.fromEntries(securityHeaders.api),
      ...headers,
    },
  });
}

// A Durable Object whose Rust half is made again when the wasm instance that held it has gone.
function durableObject(name) {
  return class extends DurableObject {
    #half;
    #instance;

    #get() {
      if (this.#instance !== runtime.instanceId) {
        this.#half = new wasm[name](this.ctx, this.env);
        this.#instance = runtime.instanceId;
      }
      return this.#half;
    }

    fetch(request) {
      return call(this.env, () => this.#get().fetch(request));
    }

    alarm() {
      return call(this.env, () => this.#get().alarm());
    }
  };
}

export const Ledger = durableObject("Ledger");
export const Directory = durableObject("Directory");
export const AppGate = durableObject("AppGate");
export const Office = durableObject("Office");
