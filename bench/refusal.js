// A ready refusal with as many headers as Gatehouse gives one: what a refusal costs that needs no check.
const body = JSON.stringify({ detail: "Unauthorized", status: 401, title: "Unauthorized", type: "about:blank" });
const headers = new Headers({
  "content-type": "application/problem+json",
  "x-content-type-options": "nosniff",
  "strict-transport-security": "max-age=63072000",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "strict-origin-when-cross-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
  "x-gatehouse-request-id": "0000000000000000",
});

export default { fetch: () => new Response(body, { status: 401, headers }) };
