// A ready refusal with as many headers as Gatehouse gives one: what a refusal costs that needs no check.
import { securityHeaders } from "./headers.js";

const body = JSON.stringify({ detail: "Unauthorized", status: 401, title: "Unauthorized", type: "about:blank" });
const headers = new Headers({
  ...securityHeaders,
  "content-type": "application/problem+json",
  "x-gatehouse-request-id": "0000000000000000",
});

export default { fetch: () => new Response(body, { status: 401, headers }) };
