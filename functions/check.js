// Asks the gate what becomes of a request. What crosses between JavaScript and wasm decides what a checked request costs:
// the gate is asked with a number and some strings, and answers with one text, at once; with a promise only where it must
// read storage, write a nonce down, or read a form that may be signed.
import { answer, internalError } from "./answer.js";
import { clientAddress } from "./client.js";
import { Form } from "./form.js";
import { authorizationIn } from "./headers.js";
import * as wasm from "./index.js";
import { call, callNow, LONGEST_CALL_MS, ready, settings } from "./instance.js";
import { pageLines, tellPage } from "./pages.js";

// Answers a request; at once, and with no promise, where the gate can say at once what becomes of it. For a GET this makes
// no object, function or array that V8 would have to collect: that shows in what a check costs. `pass` answers a request
// that may pass; the benchmark passes another function than `forward`.
export function handle(request, env, ctx, pass) {
  try {
    ready(env);
    const question = isForwardAuth(request.url) ? questionLines(request.headers) : undefined;
    const answered = mayComeFromPage(request, question)
      ? handleForPage(request, env, ctx, pass, question)
      : handleDecided(request, env, ctx, pass, question);
    return answered instanceof Promise ? answered.catch(internalError) : answered;
  } catch (error) {
    return internalError(error);
  }
}

// The path at which, and below which, proxies ask; core/edge/src/check/forward_auth.rs reads what. From the ninth
// character of a URL on, the first slash begins the path.
function isForwardAuth(url) {
  const start = url.indexOf("/", 8);
  const end = start + "/gate".length;
  return url.startsWith("/gate", start) && (end === url.length || "/?#".includes(url[end]));
}

// The headers of a proxy's question, as `name: value` lines.
function questionLines(headers) {
  let lines = "";
  for (const name of settings.question_headers) {
    const value = headers.get(name);
    if (value !== null) lines += `${name}: ${value}\n`;
  }
  return lines;
}

// `question` are lines that name the request where a proxy asks about one.
function handleDecided(request, env, ctx, pass, question) {
  const { method, url, headers } = request;
  // Some proxies ask about a POST with a GET that has the body of the POST.
  const form = question === undefined ? formOf(request) : new Form(request);
  const decision =
    question === undefined
      ? wasm.check(settings.askers.client, method, url, authorizationIn(headers), form)
      : wasm.check_for_proxy(method, url, authorizationIn(headers), form, question);
  return decision instanceof Promise
    ? carryOutLater(decision, request, env, ctx, pass, form)
    : carryOut(decision, request, env, ctx, pass, form);
}

const formOf = (request) => (request.method === "GET" || request.method === "HEAD" ? undefined : new Form(request));

async function carryOutLater(decision, request, env, ctx, pass, form) {
  const decided = await decidedLater(decision, env, form);
  // Here a question that went astray never gets the deployment's own answer. `forward` looks for such questions itself.
  if (decided !== undefined && isAnswer(decided) && isAstray(request)) {
    return answer(callNow(env, () => wasm.astray(request.url)));
  }
  return carryOut(decided, request, env, ctx, pass, form);
}

// Waits for a decision. The limit starts when the client has sent the form that the decision asked for.
async function decidedLater(decision, env, form) {
  // The decision itself refuses a form that breaks off.
  if (form?.reading !== undefined) await call(env, () => form.reading.catch(() => {}));
  return call(env, () => decision, LONGEST_CALL_MS);
}

// `decision` is `undefined` where the request is the portal's; else a code and what follows from it, as `write_decision`
// in core/edge/src/check/wire.rs says.
function carryOut(decision, request, env, ctx, pass, form) {
  if (decision === undefined) return portal(request, env, ctx);
  // Never a page, which a proxy would take for a pass.
  if (decision === null) throw new Error("the gate was not started");
  if (leavesWork(decision)) settle(env, ctx);
  if (!isAnswer(decision)) return pass(request, env, decision, form?.bytes);
  // A proxy would take a 2xx answer to its misdirected question for a yes.
  return decision.startsWith("2", 1) && isAstray(request) ? answer(wasm.astray(request.url)) : answer(decision);
}

export function isAnswer(decision) {
  const code = decision.charCodeAt(0);
  return code === settings.codes.answer || code === settings.codes.answerAndSettle;
}

export function leavesWork(decision) {
  const code = decision.charCodeAt(0);
  return code === settings.codes.forwardAndSettle || code === settings.codes.answerAndSettle;
}

async function portal(request, env, ctx) {
  const address = clientAddress(request);
  const response = await call(env, () => wasm.portal(request, env, address), LONGEST_CALL_MS);
  // A refused token request is written down for its App's owner.
  if (response.status >= 400 && wasm.has_work()) settle(env, ctx);
  return response;
}

// Runs after the answer; nothing waits for it.
export function settle(env, ctx) {
  ctx.waitUntil(call(env, () => wasm.settle()));
}

// Whether a proxy sent its question to an address that answers none. A 2xx answer would let the proxy's request pass.
function isAstray({ method, url, headers }) {
  if ((method !== "GET" && method !== "HEAD") || isForwardAuth(url)) return false;
  return settings.questions.some((name) => headers.has(name));
}

// Whether a browser sends this request for a page of another origin, and something follows from that: api.toml says what,
// or it may be a preflight.
export function mayComeFromPage({ method, headers }, question = "") {
  return (settings.cors || method === "OPTIONS" || question.includes("-method: OPTIONS\n")) && headers.has("origin");
}

// What becomes of a request of a page, as `write_browsing` in core/edge/src/check/wire.rs says; `undefined` where it is
// decided as any other.
export function browse({ method, url, headers }, asker, question = "") {
  return wasm.browse(asker, method, url, authorizationIn(headers), question + pageLines(headers));
}

async function handleForPage(request, env, ctx, pass, question) {
  const { askers, codes } = settings;
  const browsing = browse(request, question === undefined ? askers.client : askers.proxy, question);
  if (browsing === undefined) return handleDecided(request, env, ctx, pass, question);
  // A preflight has no body.
  if (browsing.charCodeAt(0) === codes.forward) return pass(request, env, browsing, null);
  if (browsing.charCodeAt(0) === codes.answer) return answer(browsing);
  const answered = await handleDecided(request, env, ctx, pass, question);
  tellPage(answered.headers, browsing.slice(1));
  return answered;
}

// Decides a request that another Worker has; gives its code with what follows.
export async function decideForWorker(request, env) {
  const form = formOf(request);
  const { method, url, headers } = request;
  const decision = wasm.check(settings.askers.worker, method, url, authorizationIn(headers), form);
  return decision instanceof Promise ? decidedLater(decision, env, form) : decision;
}
