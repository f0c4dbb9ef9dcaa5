// Calls a deployment as any program with the npm package oauth-1.0a does: URL, credentials in the environment. Prints
// one JSON object.
import { createHmac } from "node:crypto";
import OAuth from "oauth-1.0a";

const { API_KEY, API_KEY_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET } = process.env;
const [origin] = process.argv.slice(2);
const TEXT = "é ~!*'()+ ☃";

const oauth = OAuth({
  consumer: { key: API_KEY, secret: API_KEY_SECRET },
  signature_method: "HMAC-SHA1",
  hash_function: (base, key) => createHmac("sha1", key).update(base).digest("base64"),
});
const token = { key: ACCESS_TOKEN, secret: ACCESS_TOKEN_SECRET };

async function call(method, path, data) {
  const url = `${origin}${path}`;
  // The package adds the query's parameters to the data that it is given: a copy keeps them out of the body.
  const headers = { ...oauth.toHeader(oauth.authorize({ url, method, data: { ...data } }, token)) };
  const body = data && new URLSearchParams(data);
  const answer = await fetch(url, { method, headers, body });
  return { status: answer.status, level: answer.headers.get("x-access-level"), body: await answer.json() };
}

console.log(
  JSON.stringify({
    verify_credentials: await call("GET", "/1.1/account/verify_credentials.json"),
    post: await call("POST", `/1.1/notes.json?q=${encodeURIComponent(TEXT)}&empty=`, { text: TEXT }),
    me: await call("GET", "/2/users/me"),
  }),
);
