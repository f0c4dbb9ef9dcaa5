// A request that may pass goes to the API.
import { answer, securityHeaders } from "./answer.js";
import { clientAddress } from "./client.js";
import {
  authorizationIn,
  CONNECTION,
  deleteNamed,
  KEPT,
  kindOf,
  OF_A_QUESTION,
  removeUnreturned,
  setLines,
  UPGRADE,
} from "./headers.js";
import * as wasm from "./index.js";
import { call, callNow, LONGEST_CALL_MS, settings, textOf } from "./instance.js";
import { guardSocket } from "./socket.js";

// Forwards a request and gives the API's answer; both stream past wasm, never through it. `decision` is the decision to do
// so, as `write_decision` in core/edge/src/check/wire.rs says; `body` is the request's own where it has been read.
export async function forward(request, env, decision, body) {
  const { method, url } = request;
  const outgoing = copyOf(request, body);
  const { headers } = outgoing;
  let asksForSocket = false;
  for (const name of request.headers.keys()) {
    const kind = kindOf(name, settings);
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
  const end = decision.indexOf("\n\n");
  setLines(headers, decision.slice(1, end));
  // Nobody but the gate says which address was called, and by whom.
  const origin = publicOrigin(url);
  headers.set("x-forwarded-host", origin.host);
  headers.set("x-forwarded-proto", origin.scheme);
  const client = clientAddress(request);
  if (client !== undefined) headers.set("x-forwarded-for", client);

  const began = Date.now();
  let response, forwarded;
  try {
    response = await fetchUpstream(outgoing, env);
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
    return answer(upstreamFailure(env, url, decision, error));
  }
  countAnswer(env, Date.now() - began);
  removeUnreturned(forwarded.headers, response.headers);
  // The API shares its origin with the portal: it may not be run as a page.
  for (const [name, value] of securityHeaders.forwarded) forwarded.headers.set(name, value);
  setLines(forwarded.headers, decision.slice(end + 2));
  return forwarded;
}

// The answer is there, and nothing that goes wrong here may keep it from the caller.
function countAnswer(env, millis) {
  try {
    callNow(env, () => wasm.count_upstream(millis));
  } catch {
    // The instance is gone, and its counts with it.
  }
}

// The caller's end of the API's WebSocket. It keeps nothing of the wasm instance, which it may outlive.
function watched({ method, url, headers }, env, { webSocket }) {
  const authorization = authorizationIn(headers);
  const openedAt = Date.now();
  const look = () => call(env, () => wasm.still_stands(method, url, authorization, openedAt), LONGEST_CALL_MS);
  return guardSocket(webSocket, look);
}

// What the API is told as the called origin, by the origin that the client called. Valid for one set of settings.
const publicOrigins = new Map();
const MOST_ORIGINS = 1000;
let knownFor;

function publicOrigin(url) {
  const called = url.slice(0, url.indexOf("/", 8));
  // Callers can make them up.
  if (knownFor !== settings || publicOrigins.size >= MOST_ORIGINS) publicOrigins.clear();
  knownFor = settings;
  const known = publicOrigins.get(called);
  if (known !== undefined) return known;
  const [scheme, host] = wasm.public_origin(called).split("://");
  const origin = { scheme, host };
  publicOrigins.set(called, origin);
  return origin;
}

class TimedOut extends Error {}

// A copy for the API, whose headers can be changed; `body` in place of its own, where that has been read. Redirects are the
// caller's to follow, as they are for each request that arrives.
function copyOf(request, body) {
  const { method, url } = request;
  // Cut rather than parsed and joined: the path arrives as it was sent.
  const target = settings.url === null ? url : settings.url + url.slice(url.indexOf("/", 8));
  if (body !== undefined) return new Request(target, { method, headers: request.headers, body, redirect: "manual" });
  // The one without an address is cheaper.
  return target === url ? new Request(request) : new Request(target, request);
}

// Sends a request on, once: what fails may have been done all the same, so it is never sent again. When its caller goes
// away, the runtime ends it with all else that was done for that caller.
async function fetchUpstream(outgoing, env) {
  const isBound = settings.url === null;
  if (isBound && settings.timeout_ms === null) return env[settings.service].fetch(outgoing);
  const controller = new AbortController();
  // Until the answer begins: its body may take as long as it likes.
  const timer = setTimeout(() => controller.abort(), settings.timeout_ms);
  const { signal } = controller;
  try {
    if (isBound) return await env[settings.service].fetch(outgoing, { signal });
    // Two callers may be given different answers under one URL, and the platform's cache knows nothing of callers.
    return await fetch(outgoing, { signal, cache: "no-store" });
  } catch (error) {
    throw signal.aborted ? new TimedOut("the API did not begin to answer in time") : error;
  } finally {
    clearTimeout(timer);
  }
}

function upstreamFailure(env, url, decision, error) {
  const [, requestId] = /x-gatehouse-request-id: (.*)/.exec(decision);
  const timedOut = error instanceof TimedOut;
  return callNow(env, () => wasm.upstream_failure(url, requestId, timedOut, textOf(error)));
}
