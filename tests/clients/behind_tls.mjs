// Uses a deployment behind a proxy with TLS, as a browser and a client library do: the deployment's origin, and the file
// with the certificate to trust. Calls from another address than the proxy has. Prints one JSON object.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import OAuth from "oauth-1.0a";

const [origin, certificate] = process.argv.slice(2);
const ca = readFileSync(certificate);
const cookies = new Map();

function send(method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}${path}`, { method, headers, ca, localAddress: "127.0.0.2", lookup: loopback }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

// The proxies listen on IPv4 alone.
function loopback(_, options, found) {
  if (options.all) found(null, [{ address: "127.0.0.1", family: 4 }]);
  else found(null, "127.0.0.1", 4);
}

// As the portal calls: the session's cookie, and the origin that a browser adds.
async function call(method, path, body) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = { origin, cookie, "content-type": "application/json", accept: "application/json" };
  const answer = await send(method, path, headers, JSON.stringify(body));
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  for (const set of answer.headers["set-cookie"] ?? []) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
    cookies.set(name, value);
  }
  return JSON.parse(answer.text);
}

const name = `tls-${process.pid}-${Math.floor(performance.now())}`;
const session = await call("POST", "/api/accounts", {
  username: name.replaceAll("-", "_"),
  email: `${name}@example.com`,
  password: "correct horse battery",
});
const own = `/api/developer-accounts/${session.developer_accounts[0].id}`;
await call("POST", `${own}/application`, {
  use_case: "We read notes and show them beside our calendar. ".repeat(3),
  purpose: "research",
  organization: "Almanac Ltd",
  accept_terms: true,
});
const made = await call("POST", `${own}/apps`, { name, description: "Behind a proxy" });
const { credentials } = made;
const tokens = await call("POST", `/api/apps/${made.app.id}/credentials/access-token`, {});

const oauth = OAuth({
  consumer: { key: credentials.api_key, secret: credentials.api_key_secret },
  signature_method: "HMAC-SHA1",
  hash_function: (base, key) => createHmac("sha1", key).update(base).digest("base64"),
});
const token = { key: tokens.access_token, secret: tokens.access_token_secret };
const url = `${origin}/1.1/notes.json?q=a%20b`;
const signed = oauth.toHeader(oauth.authorize({ url, method: "GET" }, token));
// A client may write what it likes.
const forged = { "x-forwarded-for": "198.51.100.7", "x-forwarded-proto": "gopher", "cf-connecting-ip": "198.51.100.8" };
const oauth1 = await send("GET", "/1.1/notes.json?q=a%20b", { ...signed, ...forged });
const bearer = await send("GET", "/1.1/any%2Dthing.json", { authorization: `Bearer ${credentials.bearer_token}` });
console.log(JSON.stringify({ oauth1: oauth1.status, bearer: bearer.status }));
