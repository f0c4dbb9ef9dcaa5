// Answers that this Worker writes itself.
import { readLines, setLines } from "./headers.js";
import * as wasm from "./index.js";
import { abandonInstance, BadConfiguration, log, NoAnswer, textOf } from "./instance.js";

// The same for every answer, also for one that is given because wasm is gone: read once.
export const securityHeaders = JSON.parse(wasm.security_headers());

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

// `text` is a decision to answer, as `write_answer` in core/edge/src/check/wire.rs says.
export function answer(text) {
  const knownAt = text.indexOf("\n") + 1;
  // From the line end before it: there may be no such line.
  const knownEnd = text.indexOf("\n\n", knownAt - 1);
  const headEnd = text.indexOf("\n\n", knownEnd + 1);
  const headers = headersOf(text.slice(knownAt, knownEnd));
  headers.set("x-gatehouse-request-id", text.slice(text.indexOf(" ") + 1, knownAt - 1));
  // Takes a copy of the headers.
  const response = new Response(text.slice(headEnd + 2) || null, { status: Number(text.slice(1, 4)), headers });
  if (headEnd > knownEnd + 2) setLines(response.headers, text.slice(knownEnd + 2, headEnd));
  return response;
}

export function internalError(error) {
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
