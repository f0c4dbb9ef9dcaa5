// Signs a user in as a site with Auth.js (@auth/core) does: URL, credentials in the environment. Prints the address to send
// the user to, reads the address that they were sent back to, and prints one JSON object.
import { createInterface } from "node:readline";
import { Auth } from "@auth/core";
import Twitter from "@auth/core/providers/twitter";

const [origin] = process.argv.slice(2);
const { CALLBACK, CLIENT_ID, CLIENT_SECRET } = process.env;
const site = new URL(CALLBACK).origin;

const config = {
  secret: "a secret of this site alone, in the tests",
  trustHost: true,
  basePath: "/auth",
  providers: [
    Twitter({
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      // Without it, Auth.js expects an issuer of its own and refuses the one that comes (RFC 9207).
      issuer: origin,
      authorization: `${origin}/i/oauth2/authorize?scope=users.read+notes.read+offline.access`,
      token: `${origin}/2/oauth2/token`,
      userinfo: `${origin}/2/users/me`,
    }),
  ],
  logger: { error: (error) => console.error(error, error.cause) },
};

const jar = new Map();
const visit = async (path, init = {}) => {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
  const answer = await Auth(new Request(`${site}${path}`, { ...init, headers: { ...init.headers, cookie } }), config);
  for (const set of answer.headers.getSetCookie()) {
    const [pair] = set.split(";");
    const at = pair.indexOf("=");
    jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return answer;
};

const { csrfToken } = await (await visit("/auth/csrf")).json();
const form = new URLSearchParams({ csrfToken, callbackUrl: site });
const headers = { "content-type": "application/x-www-form-urlencoded" };
const started = await visit("/auth/signin/twitter", { method: "POST", headers, body: form });
console.log(started.headers.get("location"));

const lines = createInterface({ input: process.stdin });
const { value: brought } = await lines[Symbol.asyncIterator]().next();
lines.close();
const { pathname, search } = new URL(brought);
const done = await visit(`${pathname}${search}`);
const session = await (await visit("/auth/session")).json();
console.log(JSON.stringify({ leadsTo: done.headers.get("location"), name: session?.user?.name ?? null }));
