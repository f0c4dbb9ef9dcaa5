// Workers KV on bare workerd: the service behind its `kvNamespace` bindings, over one SQLite Durable Object. In their
// protocol, the key is the path, options are the query, metadata is a header, and the status text tells why a request is
// refused.
import { DurableObject } from "cloudflare:workers";
import {
  checkBulkLength,
  checkCacheTtl,
  readBulk,
  readBulkValue,
  readExpiry,
  readKey,
  readListing,
  readMetadata,
  readValue,
  Refusal,
  writeCursor,
} from "./kv_request.js";

// SQLite takes about 2 MB a value: a longer one continues in `pieces`.
const PIECE_BYTES = 1024 * 1024;
// How many expired entries are deleted at once. The object answers requests between two batches.
const BATCH_SIZE = 500;
const MIN_ALARM_SECONDS = 60;

// Text compares by its UTF-8 bytes, which is how Cloudflare orders keys.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY,
    value BLOB NOT NULL,
    metadata TEXT,
    expires_at INTEGER
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE IF NOT EXISTS pieces (
    key TEXT NOT NULL REFERENCES entries ON DELETE CASCADE,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (key, number)
  ) WITHOUT ROWID;
`;

export class Store extends DurableObject {
  #sql;

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  // Seconds since 1970.
  now() {
    return Math.floor(Date.now() / 1000);
  }

  async fetch(request) {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // The binding takes no answer before all of its value is read.
      if (!request.bodyUsed) await request.body?.pipeTo(new WritableStream());
      return new Response(error.message, { status: error.status, statusText: error.message });
    }
  }

  #answer(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "POST" && pathname === "/bulk/get") return this.#getMany(request);
    if (request.method === "GET" && pathname === "/") return this.#list(searchParams);

    const key = readKey(pathname);
    switch (request.method) {
      case "GET":
        return this.#get(key, searchParams);
      case "PUT":
        return this.#put(key, searchParams, request);
      case "DELETE":
        this.#sql.exec("DELETE FROM entries WHERE key = ?", key);
        return new Response();
      default:
        throw new Refusal(405, "Method Not Allowed");
    }
  }

  #get(key, query) {
    checkCacheTtl(query.get("cache_ttl"));
    const entry = this.#read(key);
    if (entry === undefined) throw new Refusal(404, "Not Found");
    const headers = new Headers();
    if (entry.metadata !== null) headers.set("CF-KV-Metadata", entry.metadata);
    if (entry.expires_at !== null) headers.set("CF-Expiration", entry.expires_at);
    return new Response(entry.value, { headers });
  }

  async #getMany(request) {
    const { keys, type, withMetadata } = await readBulk(request);
    const entries = new Map();
    let length = 0;
    for (const key of keys) {
      const entry = this.#read(key);
      entries.set(key, entry);
      length += entry?.value.size ?? 0;
      checkBulkLength(length);
    }
    // Without a prototype, `__proto__` is a key like any other.
    const found = Object.create(null);
    for (const [key, entry] of entries) {
      const value = entry && (await readBulkValue(entry.value, type));
      const metadata = entry?.metadata ? JSON.parse(entry.metadata) : null;
      found[key] = entry === undefined ? null : withMetadata ? { value, metadata } : value;
    }
    return Response.json(found);
  }

  // An entry; `undefined` where there is none or it has expired.
  #read(key) {
    const rows = this.#sql.exec(
      "SELECT value, metadata, expires_at FROM entries WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)",
      key,
      this.now(),
    );
    const { value: entry } = rows.next();
    if (entry === undefined) return undefined;
    const parts = [entry.value];
    if (entry.value.byteLength === PIECE_BYTES) {
      for (const { bytes } of this.#sql.exec("SELECT bytes FROM pieces WHERE key = ? ORDER BY number", key)) {
        parts.push(bytes);
      }
    }
    return { ...entry, value: new Blob(parts) };
  }

  async #put(key, query, request) {
    const expiresAt = readExpiry(query, this.now());
    const metadata = readMetadata(request.headers);
    const value = await readValue(request);
    this.ctx.storage.transactionSync(() => this.#write(key, value, metadata, expiresAt));
    if (expiresAt !== null) await this.#setAlarm();
    return new Response();
  }

  #write(key, value, metadata, expiresAt) {
    this.#sql.exec("DELETE FROM entries WHERE key = ?", key);
    const first = value.slice(0, PIECE_BYTES);
    this.#sql.exec("INSERT INTO entries VALUES (?, ?, ?, ?)", key, first, metadata, expiresAt);
    for (let number = 1; number * PIECE_BYTES < value.byteLength; number += 1) {
      const bytes = value.slice(number * PIECE_BYTES, (number + 1) * PIECE_BYTES);
      this.#sql.exec("INSERT INTO pieces VALUES (?, ?, ?)", key, number, bytes);
    }
  }

  #list(query) {
    const { limit, prefix, after } = readListing(query);
    // The next page starts at the least key that is greater than `after`. The byte ff is in no UTF-8: the prefix with it
    // is greater than all keys that begin with the prefix.
    const rows = this.#sql.exec(
      "SELECT key, metadata, expires_at FROM entries WHERE key >= max(?, ?) AND key < ? || x'ff' " +
        "AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT ?",
      prefix,
      after === null ? "" : `${after}\0`,
      prefix,
      this.now(),
      limit + 1,
    );
    const keys = Array.from(rows, ({ key, metadata, expires_at }) => ({
      name: key,
      expiration: expires_at ?? undefined,
      metadata: metadata ?? undefined,
    }));
    if (keys.length <= limit) return Response.json({ keys, list_complete: true });
    keys.pop();
    return Response.json({ keys, list_complete: false, cursor: writeCursor(keys.at(-1).name) });
  }

  // Deletes what has expired.
  async alarm() {
    const now = this.now();
    while (this.#earliestExpiry() <= now) {
      this.#sql.exec(
        "DELETE FROM entries WHERE key IN " +
          "(SELECT key FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
        now,
        BATCH_SIZE,
      );
      await scheduler.wait(0);
    }
    await this.#setAlarm();
  }

  async #setAlarm() {
    const expiry = this.#earliestExpiry();
    if (expiry === Infinity) return;
    const at = Math.max(expiry, this.now() + MIN_ALARM_SECONDS) * 1000;
    const earlier = await this.ctx.storage.getAlarm();
    if (earlier === null || earlier > at) await this.ctx.storage.setAlarm(at);
  }

  #earliestExpiry() {
    // The condition makes it a search of the index.
    const earliest = "SELECT min(expires_at) AS expiry FROM entries WHERE expires_at IS NOT NULL";
    const { expiry } = this.#sql.exec(earliest).one();
    return expiry ?? Infinity;
  }
}

export default {
  fetch: (request, env) => env.STORE.getByName("kv").fetch(request),
};
