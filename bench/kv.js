// Workers KV for bare workerd: the protocol that its KV bindings speak, over one SQLite Durable Object, with a count of
// reads. POST /.fill writes many Apps at once.
import { DurableObject } from "cloudflare:workers";

let reads = 0;

export class Store extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS kv(key TEXT PRIMARY KEY, value BLOB NOT NULL, metadata TEXT, expires INTEGER) WITHOUT ROWID",
    );
  }

  async fetch(request) {
    const { sql } = this.ctx.storage;
    const url = new URL(request.url);
    const key = decodeURIComponent(url.pathname.slice(1));
    const now = Math.floor(Date.now() / 1000);
    switch (request.method) {
      case "GET": {
        if (key === "") return list(sql, url.searchParams, now);
        const found = sql.exec(
          "SELECT value, metadata FROM kv WHERE key = ? AND (expires IS NULL OR expires > ?)",
          key,
          now,
        );
        const { value, done } = found.next();
        if (done) return new Response("not found", { status: 404 });
        return new Response(value.value, value.metadata ? { headers: { "CF-KV-Metadata": value.metadata } } : {});
      }
      case "PUT": {
        const lifetime = url.searchParams.get("expiration_ttl");
        const expires = url.searchParams.get("expiration") ?? (lifetime && now + Number(lifetime));
        const metadata = request.headers.get("CF-KV-Metadata");
        sql.exec("INSERT OR REPLACE INTO kv VALUES (?, ?, ?, ?)", key, await request.arrayBuffer(), metadata, expires);
        return new Response();
      }
      case "DELETE":
        sql.exec("DELETE FROM kv WHERE key = ?", key);
        return new Response();
      default:
        return fill(sql, await request.json());
    }
  }
}

function list(sql, query, now) {
  const prefix = query.get("prefix") ?? "";
  const rows = sql.exec(
    "SELECT key FROM kv WHERE substr(key, 1, ?) = ? AND (expires IS NULL OR expires > ?) ORDER BY key LIMIT 1000",
    prefix.length,
    prefix,
    now,
  );
  const keys = [...rows].map(({ key }) => ({ name: key }));
  return Response.json({ keys, list_complete: true, cacheStatus: null });
}

// Copies of one App's record under ids of their own, spread evenly over all there are.
function fill(sql, { like, from, count }) {
  sql.exec(
    "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) " +
      "INSERT OR IGNORE INTO kv SELECT 'app/' || (1000000000000000000 + i * 6700417 % 8000000 * 1000000000000 + i), " +
      "(SELECT value FROM kv WHERE key = ?), NULL, NULL FROM n",
    from,
    from + count - 1,
    like,
  );
  return Response.json(sql.exec("SELECT count(*) AS apps FROM kv WHERE key >= 'app/' AND key < 'app0'").one());
}

export const counter = { fetch: () => new Response(reads) };

export default {
  fetch(request, env) {
    if (request.method === "GET") reads += 1;
    return env.STORE.get(env.STORE.idFromName("kv")).fetch(request);
  },
};
