// A Worker that forwards every request and checks nothing, but gives API and caller as many headers as Gatehouse does: what
// forwarding costs a gate at the least.
import { securityHeaders } from "./headers.js";

const forApi = {
  "x-gatehouse-app": "1000000000000000000",
  "x-gatehouse-access-level": "read",
  "x-gatehouse-request-id": "0000000000000000",
  "x-forwarded-host": "127.0.0.1",
  "x-forwarded-proto": "http",
};
const { "cache-control": _, ...ofData } = securityHeaders;
const forCaller = { ...ofData, "x-access-level": "read", "x-gatehouse-request-id": "0000000000000000" };

export default {
  async fetch(request, env) {
    const outgoing = new Request(request);
    outgoing.headers.delete("authorization");
    for (const name in forApi) outgoing.headers.set(name, forApi[name]);
    const response = await env.UPSTREAM.fetch(outgoing);
    const answer = new Response(response.body, response);
    for (const name in forCaller) answer.headers.set(name, forCaller[name]);
    return answer;
  },
};
