// Gives the tests a Worker's bindings. A POST has a JSON list of calls, each `[binding, method, argument, …]`; the answer
// is the list of their results. A value that JSON does not have is an object with one key, which begins with "$". Any other
// request is answered with the asset of its path, as the portal does.
export default {
  async fetch(request, env) {
    if (request.method !== "POST") return serveAsset(request, env);
    const results = [];
    for (const [binding, method, ...values] of await request.json()) {
      try {
        results.push({ value: await write(await env[binding][method](...values.map(read))) });
      } catch (error) {
        results.push({ error: `${error.name}: ${error.message}` });
      }
    }
    return Response.json(results);
  },
};

async function serveAsset(request, env) {
  const { body, status, headers } = await env.ASSETS.fetch(request);
  return new Response(body, { status, headers: new Headers(headers) });
}

// An argument: JSON, or a value that has none.
function read(value) {
  const [kind] = Object.keys(value ?? {});
  switch (kind) {
    case "$bytes":
      return Uint8Array.fromBase64(value.$bytes);
    case "$stream":
      return new Response(value.$stream).body;
    case "$repeat":
      return value.$repeat[0].repeat(value.$repeat[1]);
    default:
      return value;
  }
}

// A result as JSON.
async function write(value) {
  if (value === undefined) return { $undefined: true };
  if (value instanceof Map) return { $map: [...value] };
  if (value instanceof ArrayBuffer) return { $bytes: new Uint8Array(value).toBase64() };
  if (value instanceof ReadableStream) return { $stream: await new Response(value).text() };
  if (value instanceof Response) {
    const body = await value.text();
    return { status: value.status, headers: Object.fromEntries(value.headers), body };
  }
  return value;
}
