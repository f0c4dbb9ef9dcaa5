// The stand-in for Workers KV, with a count of reads. POST /.fill writes many Apps at once.
import { Store as Kv } from "../platform/kv.js";

let reads = 0;

export class Store extends Kv {
  async fetch(request) {
    if (request.method === "POST" && new URL(request.url).pathname === "/.fill") {
      return fill(this.ctx.storage.sql, await request.json());
    }
    return super.fetch(request);
  }
}

// Copies of one App's record under ids of their own, spread evenly over all there are.
function fill(sql, { like, from, count }) {
  sql.exec(
    "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) " +
      "INSERT OR IGNORE INTO entries SELECT 'app/' || (1000000000000000000 + i * 6700417 % 8000000 * 1000000000000 + i), " +
      "(SELECT value FROM entries WHERE key = ?), NULL, NULL FROM n",
    from,
    from + count - 1,
    like,
  );
  return Response.json(sql.exec("SELECT count(*) AS apps FROM entries WHERE key >= 'app/' AND key < 'app0'").one());
}

export const counter = { fetch: () => new Response(reads) };

export default {
  fetch(request, env) {
    if (request.method === "GET") reads += 1;
    return env.STORE.get(env.STORE.idFromName("kv")).fetch(request);
  },
};
