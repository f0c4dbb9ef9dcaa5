// The least that a check in JavaScript can be: SHA-256 of the token, looked up in a Map.
const hash = async (text) => {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return String.fromCharCode(...new Uint8Array(digest));
};

let known;

export default {
  async fetch(request, env) {
    known ??= new Map([[await hash(env.TOKEN), { app: "1" }]]);
    const header = request.headers.get("authorization") ?? "";
    const app = header.startsWith("Bearer ") && known.get(await hash(header.slice(7)));
    return app ? new Response("ok") : new Response("no", { status: 401 });
  },
};
