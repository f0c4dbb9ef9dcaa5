// The security headers that the gate gives its answers, for Workers that answer with as many.
export const securityHeaders = {
  "x-content-type-options": "nosniff",
  "strict-transport-security": "max-age=63072000",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
  "cache-control": "no-store",
};
