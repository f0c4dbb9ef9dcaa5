// The Worker's way in. Three things cannot be done in Rust and are done here:
// - A Rust panic ends its wasm instance without settling the promises that wait for it: the request that panicked,
//   and every other one inside wasm at that moment, would hang. They are failed at once, and the next request gets a
//   fresh instance.
// - What crosses between JavaScript and wasm decides what a checked request costs. The gate is asked with three
//   strings and answers with one, synchronously; only when it must read storage, or a form body that may be signed,
//   does a promise come in.
// - A forwarded request and its response stream past wasm, never through it.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
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

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const { env } = this;
    try {
      let decision = decideFromMemory(request, env);
      let form = { bytes: undefined, isTooLarge: false };
      if (decision === "B") form = await readForm(request);
      if (decision === "M" || decision === "B") {
        decision = await call(env, () => wasm.gate_async(...question(request), form.bytes, form.isTooLarge));
      }
      // What the gate has to write down waits for nobody, and nobody for it.
      if (decision[0] === "U" || decision[0] === "A") this.ctx.waitUntil(call(env, () => wasm.settle()));
      switch (decision[0]) {
        case "F":
        case "U":
          return await forward(request, env, decision.slice(1), form.bytes);
        case "A":
        case "R":
          return answer(decision.slice(1));
        default:
          return await call(env, () => wasm.portal(request, env));
      }
    } catch (error) {
      return internalError(error);
    }
  }
}

// What the gate looks at.
const question = (request) => [request.method, request.url, request.headers.get("authorization") ?? undefined];

function decideFromMemory(request, env) {
  ready(env);
  try {
    return wasm.gate(...question(request));
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
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

// `lines` are the identity headers, `name: value`, one a line; `body` is the request's own where it has been read.
async function forward(request, env, lines, body) {
  const identity = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]);

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

// `json` is an answer that the gate wrote itself: {"status", "headers": [[name, value]], "body"}.
function answer(json) {
  const { status, headers, body } = JSON.parse(json);
  return new Response(body || null, { status, headers });
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
export const ProjectGate = durableObject("ProjectGate");
export const Office = durableObject("Office");
