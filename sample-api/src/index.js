// "Notes", a demonstration API. The gate has checked every request before it arrives here, and says in
// x-gatehouse-* headers who sends it, under a signature that signature.js verifies. Sample data is fixed and a created note is only echoed: nothing is stored.

import { verifySignature } from "./signature.js";

const notes = [
  { id: "1001", text: "The gate opens at eight.", author: "keeper", created_at: "2026-01-05T08:00:00Z" },
  { id: "1002", text: "Deliveries to the north door, please.", author: "porter", created_at: "2026-01-06T09:30:00Z" },
  { id: "1003", text: "The bridge is closed on Sunday.", author: "keeper", created_at: "2026-01-09T17:45:00Z" },
];
const demonstration = "Demonstration data";
const longestNote = 280;

export default {
  async fetch(request, env) {
    // A browser's question before a request: the gate lets it through without identity, and so without a signature, where
    // api.toml leaves it to the API. No page of another origin may call this one.
    if (request.method === "OPTIONS" && request.headers.has("access-control-request-method")) {
      return new Response(null, { status: 204 });
    }
    const signature = await verifySignature(request, env.UPSTREAM_KEY);
    if (signature !== "verified" && signature !== "unchecked") {
      return problem(401, "Unauthorized", `This did not come from the gate: its signature is ${signature}.`);
    }
    const { pathname } = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") return echoMessages(request);
    if (pathname === "/2/echo") return echo(request, signature);
    if (pathname === "/1.1/notes.json") return notesV1(request);
    if (pathname === "/2/notes") return notesV2(request);
    const one = /^\/2\/notes\/([^/]+)$/.exec(pathname);
    if (one) return request.method === "GET" ? findNote(one[1]) : problem(405, "Method Not Allowed");
    return pathname.startsWith("/1.1/")
      ? Response.json({ errors: [{ code: 34, message: "Sorry, that page does not exist." }] }, { status: 404 })
      : problem(404, "Not Found");
  },
};

async function notesV1(request) {
  if (request.method === "GET") return Response.json(notes.map((note) => ({ ...note, id_str: note.id })));
  if (request.method !== "POST") {
    return Response.json({ errors: [{ code: 86, message: "This method is not allowed." }] }, { status: 405 });
  }
  const text = await readText(request);
  if (!text) return Response.json({ errors: [{ code: 38, message: "text parameter is missing." }] }, { status: 403 });
  const note = createNote(text, request);
  return Response.json({ ...note, id_str: note.id });
}

async function notesV2(request) {
  if (request.method === "GET") {
    return Response.json({ data: notes, meta: { result_count: notes.length, note: demonstration } });
  }
  if (request.method !== "POST") return problem(405, "Method Not Allowed");
  const text = await readText(request);
  if (!text) return problem(400, "Invalid Request", `"text" must be a string of 1 to ${longestNote} characters`);
  return Response.json({ data: createNote(text, request), meta: { note: demonstration } }, { status: 201 });
}

function findNote(id) {
  const note = notes.find((note) => note.id === id);
  return note ? Response.json({ data: note }) : problem(404, "Not Found", `There is no note ${id}.`);
}

function createNote(text, request) {
  return {
    id: "1004",
    text,
    author: request.headers.get("x-gatehouse-app") ?? "unknown",
    created_at: new Date().toISOString(),
  };
}

/** The note's text from a JSON or form body; nothing when it is missing or too long. */
async function readText(request) {
  try {
    const form = (request.headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded");
    const text = form ? new URLSearchParams(await request.text()).get("text") : (await request.json()).text;
    return typeof text === "string" && text.length <= longestNote ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A WebSocket that sends back what it gets, after a word about who is connected. */
function echoMessages(request) {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.send(`app ${request.headers.get("x-gatehouse-app")}`);
  server.addEventListener("message", ({ data }) => server.send(data));
  server.addEventListener("close", ({ code, reason }) => server.close(code === 1005 ? 1000 : code, reason));
  return new Response(null, { status: 101, webSocket: client, headers: { "x-sample": "echo" } });
}

async function echo(request, signature) {
  const url = new URL(request.url);
  const identity = [...request.headers].filter(([name]) => name.startsWith("x-gatehouse-"));
  return Response.json({
    data: {
      method: request.method,
      path: url.pathname,
      signature,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(identity),
      // Names alone: whoever looks for a leak needs no more.
      header_names: [...request.headers.keys()],
      body_length: (await request.arrayBuffer()).byteLength,
    },
    meta: { note: demonstration },
  });
}

function problem(status, title, detail = title) {
  return Response.json(
    { type: "about:blank", title, status, detail },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}
