// The Worker's way in. Three things cannot be done in Rust and are done here:
// - A Rust panic ends its wasm instance without settling the promises that wait for it: the request that panicked,
//   and every other one inside wasm at that moment, would hang. They are failed at once, and the next request gets a
//   fresh instance.
// - What crosses between JavaScript and wasm decides what a checked request costs. The gate is asked with three
//   strings and a number and answers with a number, synchronously; only when it must read storage, write a nonce
//   down, or read a form body that may be signed, does a promise come in.
// - A forwarded request and its response stream past wasm, never through it.
import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import {
  CONNECTION,
  deleteNamed,
  KEPT,
  kindOf,
  OF_A_QUESTION,
  readLines,
  removeUnreturned,
  setLines,
  UPGRADE,
} from "./headers.js";
import * as wasm from "./index.js";
import { pageLines, tellPage } from "./pages.js";
import { guardSocket } from "./socket.js";

// Of the `worker` crate: a panic sets `criticalError`, a new instance counts `instanceId` up.
const runtime = wasm.__worker_init_state();

// The same for every answer, also for one that is given because wasm is gone: read once.
const securityHeaders = JSON.parse(wasm.security_headers());

// What the settings say of forwarding, as `entry_settings` in functions/src/lib.rs writes it.
let settings;

// Whether api.toml says anywhere which pages of other origins may call.
let hasCors = false;

let dead = false;
let startedInstance;
let badSettings;

// One function for each call that waits for wasm: fails it.
const waiting = new Set();

function abandonInstance() {
  dead = true;
  failWaiting();
}

function failWaiting() {
  for (const fail of waiting) fail(new Error("the wasm instance has gone"));
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
    // Whatever waits does so for an earlier one.
    failWaiting();
    startedInstance = runtime.instanceId;
    badSettings = undefined;
    try {
      wasm.start(env);
      settings = JSON.parse(wasm.entry_settings());
      hasCors = wasm.has_cors();
      publicOrigins.clear();
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      badSettings = error;
      log("bad-configuration", "", textOf(error));
    }
  }
  if (badSettings !== undefined) throw new BadConfiguration();
}

class BadConfiguration extends Error {}

// One line, as `log_error` in core/src/ports/log.rs writes it.
function log(event, requestId, text) {
  console.error(JSON.stringify({ level: "error", event, request_id: requestId, text }));
}

// For the log. What the runtime throws may quote a URL, and its query may hold credentials.
const textOf = (error) => String(error?.stack ?? error).replace(/\?\S*/g, "?…");

// Calls into wasm for what needs no waiting.
function callNow(env, work) {
  ready(env);
  try {
    return work();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
  }
}

// Calls into wasm and waits for the answer, or for the end of the instance; for no longer than `longest_ms`, where that is
// given.
async function call(env, work, longest_ms) {
  const answer = callNow(env, work);
  if (!(answer instanceof Promise)) return answer;
  let fail;
  const abandoned = new Promise((_, reject) => (fail = reject));
  waiting.add(fail);
  const timer = longest_ms && setTimeout(() => fail(new NoAnswer("storage did not answer in time")), longest_ms);
  try {
    return await Promise.race([answer, abandoned]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
  } finally {
    clearTimeout(timer);
    waiting.delete(fail);
  }
}

class NoAnswer extends Error {}

// For how long somebody who asked is kept waiting: the parts that a call needs have shorter limits of their own, and this
// is for the case that all of them together take too long.
const LONGEST_CALL_MS = 30_000;

// Who has a request that the gate is asked about (core/src/gate/way.rs).
const PROXY = 0;
const CHECK = 1;
const FORWARD_AUTH = 2;

// The path at which, and below which, proxies ask; core/src/gate/forward_auth.rs reads what. From the ninth character of a
// URL on, the first slash begins the path.
const isForwardAuth = (url) => {
  const start = url.indexOf("/", 8);
  const end = start + "/gate".length;
  return url.startsWith("/gate", start) && (end === url.length || "/?#".includes(url[end]));
};

// An object and not a class: of a class, the runtime makes an instance for every request.
export default { fetch: (request, env, ctx) => handle(request, env, ctx, forward) };

// What the gate says with one character, as a number.
const [PORTAL, PASS, PASS_AND_SETTLE, ANSWER, ANSWER_AND_SETTLE, LATER, WITH_SMALL_BODY, WITH_BODY] =
  new TextEncoder().encode("PFURAMSB");

const authorizationIn = (headers) => headers.get("authorization") ?? undefined;
const passes = (code) => code === PASS || code === PASS_AND_SETTLE;
const isAnswer = (code) => code === ANSWER || code === ANSWER_AND_SETTLE;
const leavesWork = (code) => code === PASS_AND_SETTLE || code === ANSWER_AND_SETTLE;
const mustWait = (code) => code === LATER || code === WITH_SMALL_BODY || code === WITH_BODY;

// Answers a request; at once, and with no promise, where the gate can say at once what becomes of it. No function and
// no array is made here, which V8 would have to collect: that shows in what a check costs. Exported for what measures the
// way to a verdict: it passes something else than `forward`.
export function handle(request, env, ctx, pass) {
  try {
    ready(env);
    const outer = isForwardAuth(request.url) ? outerLines(request.headers) : undefined;
    const answered = mayComeFromPage(request, outer)
      ? handleForPage(request, env, ctx, pass, outer)
      : decide(request, env, ctx, pass, outer);
    return answered instanceof Promise ? answered.catch(internalError) : answered;
  } catch (error) {
    return internalError(error);
  }
}

// `outer` are lines that name the request where a proxy asks about one.
function decide(request, env, ctx, pass, outer) {
  const { method, url, headers } = request;
  const code =
    outer === undefined
      ? wasm.gate(method, url, authorizationIn(headers), PROXY)
      : wasm.gate_for_proxy(method, url, authorizationIn(headers), outer);
  return mustWait(code)
    ? handleLater(code, request, env, ctx, pass)
    : carryOut(code, wasm.gate_text, request, env, ctx, pass);
}

// Whether a browser sends this request for a page of another origin, and something follows from that: api.toml says what,
// or it may be a preflight.
function mayComeFromPage({ method, headers }, outer = "") {
  return (hasCors || method === "OPTIONS" || outer.includes("-method: OPTIONS\n")) && headers.has("origin");
}

// What becomes of a request of a page (core/src/gate/browser.rs): `undefined` where nothing is said of it. The first
// character of the text tells what to do, as `browse` in functions/src/browser.rs says.
function browse({ method, url, headers }, way, outer = "") {
  return wasm.browse(way, method, url, authorizationIn(headers), outer + pageLines(headers));
}

async function handleForPage(request, env, ctx, pass, outer) {
  const said = browse(request, outer === undefined ? PROXY : FORWARD_AUTH, outer);
  const text = said?.slice(1);
  // A preflight has no body.
  if (said?.startsWith("F")) return pass(request, env, () => text, null);
  if (said?.startsWith("R")) return answer(text);
  const answered = await decide(request, env, ctx, pass, outer);
  if (said !== undefined) tellPage(answered.headers, text);
  return answered;
}

async function handleLater(code, request, env, ctx, pass) {
  const { said, text, body } = await decideLater(code, request, env);
  // What the deployment answers by itself is always answered after waiting; what is forwarded is looked at there.
  if (isAnswer(said) && isAstray(request)) return answer(callNow(env, () => wasm.astray(request.url)));
  return carryOut(said, text, request, env, ctx, pass, body);
}

// `text` gives what belongs to the code, and is to be called before anything is waited for; `body` is the request's own,
// where that has been read.
function carryOut(code, text, request, env, ctx, pass, body) {
  if (leavesWork(code)) settle(env, ctx);
  if (passes(code)) return pass(request, env, text, body);
  if (isAnswer(code)) return answer(text());
  if (code === PORTAL) return portal(request, env, ctx);
  // Never a page, which a proxy would take for a pass.
  throw new Error("the gate has decided nothing");
}

async function portal(request, env, ctx) {
  const response = await call(env, () => wasm.portal(request, env), LONGEST_CALL_MS);
  // A refused token request is written down for its App's owner.
  if (response.status >= 400 && wasm.has_work()) settle(env, ctx);
  return response;
}

// Waits for what the gate said it must wait for. `request` is the one with the body, in case that is signed.
async function decideLater(code, request, env) {
  let decision, body;
  if (code === LATER) {
    decision = await call(env, wasm.gate_later, LONGEST_CALL_MS);
  } else {
    const question = wasm.gate_text();
    const { bytes, isTooLarge } = await readForm(request, code === WITH_BODY ? settings.form : settings.small_form);
    body = bytes;
    const ask = () => wasm.gate_with_body(question, authorizationIn(request.headers), bytes, isTooLarge);
    decision = await call(env, ask, LONGEST_CALL_MS);
  }
  return { said: decision.charCodeAt(0), text: () => decision.slice(1), body };
}

// For Workers that are bound to this one and guard an API of their own.
export class Gate extends WorkerEntrypoint {
  // May this request pass? Takes a request's `method`, absolute `url`, `headers` and, where it is a form that may be
  // signed, `body`. Gives
  // - `{ passes: true, headers, answerHeaders }`: who calls, and what the caller is told in the answer, as Headers
  // - `{ passes: false, response }`: the answer to give
  async check({ method = "GET", url, headers, body }) {
    const { env, ctx } = this;
    try {
      const hasBody = method !== "GET" && method !== "HEAD";
      const request = new Request(url, { method, headers, body: hasBody ? body : undefined });
      ready(env);
      const page = mayComeFromPage(request) ? browse(request, CHECK) : undefined;
      if (page?.startsWith("R")) return { passes: false, response: answer(page.slice(1)) };
      if (page?.startsWith("F")) return passed(page.slice(1));
      const code = wasm.gate(request.method, request.url, authorizationIn(request.headers), CHECK);
      const { said, text } = mustWait(code)
        ? await decideLater(code, request, env)
        : { said: code, text: wasm.gate_text };
      if (leavesWork(said)) settle(env, ctx);
      const verdict = passes(said) ? passed(text()) : { passes: false, response: answer(text()) };
      if (page !== undefined) tellPage(verdict.answerHeaders ?? verdict.response.headers, page.slice(1));
      return verdict;
    } catch (error) {
      return { passes: false, response: internalError(error) };
    }
  }
}

// `text` is what belongs to a pass.
function passed(text) {
  const [forApi, forCaller] = text.split("\n\n");
  return { passes: true, headers: readLines(forApi), answerHeaders: readLines(forCaller) };
}

// What the gate has to write down waits for nobody, and nobody for it.
function settle(env, ctx) {
  ctx.waitUntil(call(env, () => wasm.settle()));
}

function outerLines(headers) {
  let lines = "";
  for (const name of settings.outer) {
    const value = headers.get(name);
    if (value !== null) lines += `${name}: ${value}\n`;
  }
  return lines;
}

// Whether a proxy's question has come to where none is answered: a yes of anybody else would let its request pass.
function isAstray({ method, url, headers }) {
  if ((method !== "GET" && method !== "HEAD") || isForwardAuth(url)) return false;
  return settings.questions.some((name) => headers.has(name));
}

// The body, where a signature may cover it (RFC 5849 §3.4.1.3.1): only then does it not stream past. A form with more
// bytes than `most` is not read.
async function readForm(request, most) {
  const [essence] = (request.headers.get("content-type") ?? "").split(";");
  const isForm = essence.trim().toLowerCase() === "application/x-www-form-urlencoded";
  if (!isForm || request.body === null) return { bytes: undefined, isTooLarge: false };

  const tooLarge = { bytes: undefined, isTooLarge: true };
  if (Number(request.headers.get("content-length")) > most) return tooLarge;
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > most) return tooLarge;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return { bytes, isTooLarge: false };
}

// `text` gives headers for the API, an empty line, and headers for the caller; `body` is the request's own where it has
// been read.
async function forward(request, env, text, body) {
  const lines = text();
  const { method, url } = request;
  const headers = new Headers(request.headers);
  let asksForSocket = false;
  for (const name of request.headers.keys()) {
    const kind = kindOf(name, settings.questions);
    if (kind === KEPT) continue;
    if (kind === UPGRADE) {
      asksForSocket = headers.get(name).toLowerCase() === "websocket";
      if (asksForSocket) continue;
    } else if (kind === CONNECTION) {
      deleteNamed(headers, request.headers.get(name));
    } else if (kind === OF_A_QUESTION && (method === "GET" || method === "HEAD")) {
      return answer(callNow(env, () => wasm.astray(url)));
    }
    headers.delete(name);
  }
  const end = lines.indexOf("\n\n");
  setLines(headers, lines.slice(0, end));
  // Nobody but the gate says which address was called, and by whom.
  const origin = publicOrigin(url);
  headers.set("x-forwarded-host", origin.host);
  headers.set("x-forwarded-proto", origin.scheme);
  const client = request.headers.get("cf-connecting-ip");
  if (client !== null) headers.set("x-forwarded-for", client);

  let response, forwarded;
  try {
    response = await fetchUpstream(request, env, headers, body);
    if (response.status === 101 && !(asksForSocket && response.webSocket)) {
      throw new Error("the API switched protocols, and nobody asked for that");
    }
    forwarded = response.webSocket
      ? new Response(null, { status: 101, headers: response.headers, webSocket: watched(request, env, response) })
      : // The same object's body, with headers that can be changed. Fails for a status that is none.
        new Response(response.body, response);
  } catch (error) {
    // Nobody reads it.
    response?.body?.cancel().catch(() => {});
    return answer(upstreamFailure(env, url, lines, error));
  }
  removeUnreturned(forwarded.headers, response.headers);
  // The API shares its origin with the portal: it may not be run as a page.
  for (const [name, value] of securityHeaders.forwarded) forwarded.headers.set(name, value);
  setLines(forwarded.headers, lines.slice(end + 2));
  return forwarded;
}

// The caller's end of the API's WebSocket. It keeps nothing of the wasm instance, which it may outlive.
function watched({ method, url, headers }, env, { webSocket }) {
  const authorization = authorizationIn(headers);
  const openedAt = Date.now();
  const look = () => call(env, () => wasm.still_stands(method, url, authorization, openedAt), LONGEST_CALL_MS);
  return guardSocket(webSocket, look);
}

// The origin that the API is told was called, by the one that was.
const publicOrigins = new Map();

function publicOrigin(url) {
  const called = url.slice(0, url.indexOf("/", 8));
  const known = publicOrigins.get(called);
  if (known !== undefined) return known;
  // Callers can make them up.
  if (publicOrigins.size >= MOST_KNOWN_HEADERS) publicOrigins.clear();
  const [scheme, host] = wasm.public_origin(called).split("://");
  const origin = { scheme, host };
  publicOrigins.set(called, origin);
  return origin;
}

class TimedOut extends Error {}

// Sends a request on, once: what fails may have been done all the same, so it is never sent again. When its caller goes
// away, the runtime ends it with all else that was done for that caller.
async function fetchUpstream(request, env, headers, body) {
  const controller = new AbortController();
  // Until the answer begins: its body may take as long as it likes.
  const timer = setTimeout(() => controller.abort(), settings.timeout_ms);
  const change = { headers, redirect: "manual", signal: controller.signal };
  try {
    if (settings.url === null) return await env[settings.service].fetch(...changed(request, request.url, change, body));
    // Cut rather than parsed and joined: the path arrives as it was sent.
    const target = settings.url + request.url.slice(request.url.indexOf("/", 8));
    // Two callers may be given different answers under one URL, and the platform's cache knows nothing of callers.
    change.cache = "no-store";
    return await fetch(...changed(request, target, change, body));
  } catch (error) {
    throw controller.signal.aborted ? new TimedOut("the API did not begin to answer in time") : error;
  } finally {
    clearTimeout(timer);
  }
}

// What `fetch` takes to send a request somewhere else; `body` in place of its own, where that has been read.
function changed(request, target, change, body = request.body) {
  const { method } = request;
  // A body of these is allowed on the wire (RFC 9110 §9.3.1), but not in what describes a request here.
  if (body !== null && (method === "GET" || method === "HEAD")) return [new Request(target, request), change];
  return [target, { ...change, method, body }];
}

function upstreamFailure(env, url, lines, error) {
  const [, requestId] = /x-gatehouse-request-id: (.*)/.exec(lines);
  const timedOut = error instanceof TimedOut;
  return callNow(env, () => wasm.upstream_failure(url, requestId, timedOut, textOf(error)));
}

// The headers of answers that the gate wrote, all but those that differ from answer to answer. Setting a dozen headers one
// by one costs more than everything else about such an answer; there are few different sets of them, and one for each App
// that a proxy asks about.
const knownHeaders = new Map();
const MOST_KNOWN_HEADERS = 1000;

function headersOf(lines) {
  const known = knownHeaders.get(lines);
  if (known !== undefined) return known;
  // Some have the origin in them, which callers can make up.
  if (knownHeaders.size >= MOST_KNOWN_HEADERS) knownHeaders.clear();
  const headers = new Headers([...securityHeaders.gate, ...readLines(lines)]);
  knownHeaders.set(lines, headers);
  return headers;
}

// `text` is an answer that the gate wrote itself, as `write_answer` in functions/src/gate.rs says.
function answer(text) {
  const knownAt = text.indexOf("\n") + 1;
  // From the line end before it: there may be no such line.
  const knownEnd = text.indexOf("\n\n", knownAt - 1);
  const headEnd = text.indexOf("\n\n", knownEnd + 1);
  const headers = headersOf(text.slice(knownAt, knownEnd));
  headers.set("x-gatehouse-request-id", text.slice(text.indexOf(" ") + 1, knownAt - 1));
  // Takes a copy of the headers.
  const response = new Response(text.slice(headEnd + 2) || null, { status: Number(text.slice(0, 3)), headers });
  if (headEnd > knownEnd + 2) setLines(response.headers, text.slice(knownEnd + 2, headEnd));
  return response;
}

function internalError(error) {
  if (error instanceof WebAssembly.RuntimeError) abandonInstance();
  const requestId = crypto.randomUUID();
  const id = { "x-gatehouse-request-id": requestId };
  const about = (status, title, code, detail) => ({ type: "about:blank", title, status, code, detail, request_id: requestId });
  if (error instanceof BadConfiguration) {
    const detail = "This deployment is not configured correctly. Its log says what is wrong.";
    return problem(about(500, "Internal Server Error", "bad-configuration", detail), id);
  }
  if (error instanceof NoAnswer) {
    log("request-failed", requestId, error.message);
    const detail = "A part of the service did not answer in time. Try again in a moment.";
    return problem(about(503, "Service Unavailable", "unavailable", detail), { ...id, "retry-after": "1" });
  }
  log("internal-error", requestId, textOf(error));
  const detail = "Something went wrong here. Try again; if it stays, quote the request id to the operator.";
  return problem(about(500, "Internal Server Error", "internal-error", detail), id);
}

function problem(body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: {
      "content-type": "application/problem+json",
      ...Object.fromEntries(securityHeaders.gate),
      ...headers,
    },
  });
}

const BLOCKED_ALARM_MS = 5 * 60 * 1000;

// A Durable Object whose Rust half is made again when the wasm instance that held it has gone.
function durableObject(name) {
  return class extends DurableObject {
    #half;
    #instance;

    #get() {
      if (this.#instance !== runtime.instanceId) {
        this.#half = new wasm.Half(name, this.ctx, this.env);
        this.#instance = runtime.instanceId;
      }
      return this.#half;
    }

    // Answers a message, text with text or with an Error: what `Objects` in core/src/ports/object.rs asks.
    call(message) {
      return call(this.env, () => this.#get().call(message));
    }

    // The runtime tries a failed alarm again, but for minutes only: while settings are bad, or the database is a newer
    // Worker's, nothing that waits for it may lose it.
    async alarm() {
      try {
        const done = await call(this.env, () => this.#get().alarm());
        if (done) return;
      } catch (error) {
        if (!(error instanceof BadConfiguration)) throw error;
      }
      await this.ctx.storage.setAlarm(Date.now() + BLOCKED_ALARM_MS);
    }
  };
}

export const Ledger = durableObject("Ledger");
export const Directory = durableObject("Directory");
export const AppGate = durableObject("AppGate");
export const ProjectGate = durableObject("ProjectGate");
export const Office = durableObject("Office");
