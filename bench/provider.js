// @cloudflare/workers-oauth-provider. `/seed` makes a client, a grant and its token, as a user's consent would.
import { OAuthProvider } from "@cloudflare/workers-oauth-provider";

const redirectUri = "https://client.example/callback";

const provider = new OAuthProvider({
  apiRoute: "/1.1/",
  apiHandler: { fetch: () => new Response("ok") },
  defaultHandler: { fetch: seed },
  authorizeEndpoint: "/authorize",
  tokenEndpoint: "/token",
  scopesSupported: ["notes.read"],
  resourceMetadata: { resource: "http://127.0.0.1/1.1", authorization_servers: ["http://127.0.0.1"] },
});

async function seed(request, env, ctx) {
  const { origin } = new URL(request.url);
  const helpers = env.OAUTH_PROVIDER;
  const client = await helpers.createClient({
    redirectUris: [redirectUri],
    clientName: "Bench",
    tokenEndpointAuthMethod: "none",
  });
  const verifier = "v".repeat(43);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const challenge = btoa(String.fromCharCode(...new Uint8Array(digest)));
  const asked = new URL("/authorize", origin);
  asked.search = new URLSearchParams({
    response_type: "code",
    client_id: client.clientId,
    redirect_uri: redirectUri,
    scope: "notes.read",
    state: "s",
    code_challenge: challenge.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
    code_challenge_method: "S256",
  });
  const authRequest = await helpers.parseAuthRequest(new Request(asked));
  const { redirectTo } = await helpers.completeAuthorization({
    request: authRequest,
    userId: "user",
    metadata: {},
    scope: ["notes.read"],
    props: { user: "user" },
  });
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code: new URL(redirectTo).searchParams.get("code"),
    redirect_uri: redirectUri,
    client_id: client.clientId,
    code_verifier: verifier,
  });
  return provider.fetch(new Request(new URL("/token", origin), { method: "POST", body }), env, ctx);
}

export default provider;
