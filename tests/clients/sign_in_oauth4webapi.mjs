// Acts for a user as any program with the npm package oauth4webapi does: URL, credentials in the environment; without
// CLIENT_SECRET as a public client. Prints the address to send the user to, reads the address that they were sent back
// to, and prints one JSON object.
import { createInterface } from "node:readline/promises";
import * as oauth from "oauth4webapi";

const { CLIENT_ID, CLIENT_SECRET, CALLBACK } = process.env;
const [origin] = process.argv.slice(2);
const insecure = { [oauth.allowInsecureRequests]: true };
const client = { client_id: CLIENT_ID };
const authentication = CLIENT_SECRET ? oauth.ClientSecretBasic(CLIENT_SECRET) : oauth.None();

const issuer = new URL(origin);
const discovered = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure });
const server = await oauth.processDiscoveryResponse(issuer, discovered);

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const address = new URL(server.authorization_endpoint);
for (const [name, value] of Object.entries({
  response_type: "code",
  client_id: CLIENT_ID,
  redirect_uri: CALLBACK,
  scope: "users.read notes.read offline.access",
  state,
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
})) {
  address.searchParams.set(name, value);
}
console.log(address.href);
const lines = createInterface({ input: process.stdin });
const { value: brought } = await lines[Symbol.asyncIterator]().next();
lines.close();

// Throws where state or issuer differ.
const params = oauth.validateAuthResponse(server, client, new URL(brought), state);
const redeem = () =>
  oauth.authorizationCodeGrantRequest(server, client, authentication, params, CALLBACK, verifier, insecure);
const tokens = await oauth.processAuthorizationCodeResponse(server, client, await redeem());

const refresh = async (token) => {
  const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, token, insecure);
  return oauth.processRefreshTokenResponse(server, client, answer);
};
const introspect = async (token) => {
  const answer = await oauth.introspectionRequest(server, client, authentication, token, insecure);
  return (await oauth.processIntrospectionResponse(server, client, answer)).active;
};
const failure = (promise) => promise.then(() => "none", (error) => error.error ?? String(error));
const call = async (token) => {
  const target = new URL(`${origin}/2/users/me`);
  const answer = await oauth.protectedResourceRequest(token, "GET", target, undefined, undefined, insecure).catch((e) => e);
  return answer.status === 200 ? (await answer.json()).data.username : answer.status;
};

const username = await call(tokens.access_token);
const second = await refresh(tokens.refresh_token);
const third = await refresh(second.refresh_token);
const usernameAgain = await call(third.access_token);
const active = await introspect(third.access_token);
// The first refresh token is two uses old: somebody has it who should not.
const replayed = await failure(refresh(tokens.refresh_token));
const afterReplay = await failure(refresh(third.refresh_token));
const activeAfterReplay = await introspect(third.access_token);
const callAfterReplay = await call(third.access_token);
const revocation = await oauth.revocationRequest(server, client, authentication, third.access_token, insecure);
await oauth.processRevocationResponse(revocation);

console.log(
  JSON.stringify({
    scope: tokens.scope,
    username,
    usernameAgain,
    active,
    replayed,
    afterReplay,
    activeAfterReplay,
    callAfterReplay,
    codeAgain: await failure(oauth.processAuthorizationCodeResponse(server, client, await redeem())),
  }),
);
