// Signs a user in with the npm package twitter-api-v2: URL MODE, credentials in the environment. MODE is oauth1 or oauth2.
// Prints the address to send the user to, reads the address that they were sent back to, and prints one JSON object. The
// package has X's hosts written in it: a plugin, which it offers, sends its requests elsewhere.
import http from "node:http";
import { createInterface } from "node:readline";
import { TwitterApi } from "twitter-api-v2";

const [origin, mode] = process.argv.slice(2);
const { API_KEY, API_KEY_SECRET, BEARER_TOKEN, CALLBACK, CLIENT_ID, CLIENT_SECRET } = process.env;

const here = (url) => {
  const { protocol, host } = new URL(origin);
  return Object.assign(url, { protocol, host });
};
const elsewhere = {
  onBeforeRequestConfig({ params }) {
    const url = here(new URL(params.url));
    params.url = url.href;
    // By itself it reads form data from X's host alone.
    if (url.pathname.startsWith("/oauth/")) params.forceParseMode = "url";
  },
};
const settings = { httpAgent: new http.Agent(), plugins: [elsewhere] };

const ask = async (address) => {
  console.log(here(new URL(address)).href);
  const lines = createInterface({ input: process.stdin });
  const { value } = await lines[Symbol.asyncIterator]().next();
  lines.close();
  return new URL(value).searchParams;
};

if (mode === "oauth1") {
  const app = new TwitterApi({ appKey: API_KEY, appSecret: API_KEY_SECRET }, settings);
  // Registered is another query, and it is the caller's.
  const link = await app.generateAuthLink(`${CALLBACK.split("?")[0]}?from=x`);
  const back = await ask(link.url);
  const { oauth_token: accessToken, oauth_token_secret: accessSecret } = link;
  const asked = new TwitterApi({ appKey: API_KEY, appSecret: API_KEY_SECRET, accessToken, accessSecret }, settings);
  const { client } = await asked.login(back.get("oauth_verifier"));
  const { screen_name, profile_image_url_https } = await client.v1.verifyCredentials();
  console.log(JSON.stringify({ username: screen_name, picture: profile_image_url_https, from: back.get("from") }));
} else {
  const app = new TwitterApi({ clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }, settings);
  const link = app.generateOAuth2AuthLink(CALLBACK, { scope: ["users.read", "notes.read", "offline.access"] });
  const back = await ask(link.url);
  const redirect = { code: back.get("code"), codeVerifier: link.codeVerifier, redirectUri: CALLBACK };
  const { refreshToken } = await app.loginWithOAuth2(redirect);
  // Two workers at once, as where an answer was lost.
  const [one, other] = await Promise.all([app.refreshOAuth2Token(refreshToken), app.refreshOAuth2Token(refreshToken)]);
  const { data } = await one.client.v2.me();
  const usage = await new TwitterApi(BEARER_TOKEN, settings).v2.usage();
  console.log(
    JSON.stringify({
      username: data.username,
      same: one.refreshToken === other.refreshToken,
      cap: typeof usage.data.project_cap,
      resets: typeof usage.data.cap_reset_day,
    }),
  );
}
