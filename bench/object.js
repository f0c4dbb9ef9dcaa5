// A bare handler that makes one Durable Object call, in which one row is written, as a nonce must be.
import { DurableObject } from "cloudflare:workers";

let calls = 0;

export class Recorder extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS seen(id TEXT PRIMARY KEY, until INTEGER) WITHOUT ROWID");
  }

  async fetch(request) {
    calls += 1;
    const { id, until } = await request.json();
    const written = this.ctx.storage.sql.exec(
      "INSERT INTO seen(id, until) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1",
      id,
      until,
    );
    return Response.json([...written].length === 1);
  }
}

export const counter = { fetch: () => new Response(calls) };

export default {
  async fetch(request, env) {
    const body = JSON.stringify({ id: crypto.randomUUID(), until: Math.floor(Date.now() / 1000) + 360 });
    const recorder = env.RECORDER.get(env.RECORDER.idFromName("app"));
    const answer = await recorder.fetch("http://object/", { method: "POST", body });
    return (await answer.json()) ? new Response("ok") : new Response("no", { status: 401 });
  },
};
