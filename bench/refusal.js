// A ready refusal with as many headers as Gatehouse gives one: what a refusal costs that needs no check.
import { securityHeaders } from "./headers.js";

const body = JSON.stringify({ errors: [{ code: 89, message: "Invalid or expired token." }] });
const headers = new Headers({
  ...securityHeaders,
  "content-type": "application/json;charset=utf-8",
  "www-authenticate": 'OAuth realm="http://127.0.0.1", api_error_code=89',
  "x-gatehouse-request-id": "0000000000000000",
});

export default { fetch: () => new Response(body, { status: 401, headers }) };
