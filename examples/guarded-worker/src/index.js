// Your API as a Worker, with Gatehouse as its gate. api.toml describes the paths, as for an API behind the gate.

export default {
  async fetch(request, env) {
    const { method, url, headers } = request;

    // Gatehouse looks at method, URL and headers. The body is needed only for forms, which OAuth 1.0a signs; a copy goes
    // to the gate, and the request's own stays for you.
    const isForm = headers.get("content-type")?.startsWith("application/x-www-form-urlencoded");
    const body = isForm ? await request.clone().arrayBuffer() : undefined;

    const verdict = await env.GATEHOUSE.check({ method, url, headers, body });
    if (!verdict.passes) return verdict.response;

    // Who calls stands in `verdict.headers`. What the request says in headers of that name is anybody's word.
    const response = await answer(request, {
      app: verdict.headers.get("x-gatehouse-app"),
      user: verdict.headers.get("x-gatehouse-user"),
      level: verdict.headers.get("x-gatehouse-access-level"),
    });

    // What the caller is told: their permission, and the request's id.
    for (const [name, value] of verdict.answerHeaders) response.headers.set(name, value);
    return response;
  },
};

// Your API.
async function answer(request, caller) {
  const received = await request.text();
  return Response.json({ hello: caller, received });
}
