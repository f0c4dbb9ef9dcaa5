// Reads the requests of a KV binding, and refuses those that Cloudflare refuses, with its status codes and reasons. The
// binding throws an error that names both.

const MAX_KEY_BYTES = 512;
const MAX_METADATA_BYTES = 1024;
const MAX_VALUE_BYTES = 25 * 1024 * 1024;
const MAX_LISTED_KEYS = 1000;
const MAX_BULK_KEYS = 100;
const MIN_LIFETIME_SECONDS = 60;
const MIN_CACHE_SECONDS = 30;

export class Refusal extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

function refuse(status, reason) {
  throw new Refusal(status, reason);
}

const bytesOf = (text) => new TextEncoder().encode(text);

export function readKey(pathname) {
  const key = decodeKey(pathname.slice(1));
  checkKey(key);
  return key;
}

function decodeKey(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(400, "Could not URL-decode key name");
  }
}

function checkKey(key) {
  if (key === "") refuse(400, "Key names must not be empty");
  if (key === "." || key === "..") refuse(400, `Illegal key name "${key}". Please use a different name.`);
  checkKeyLength(key);
}

function checkKeyLength(key) {
  const { byteLength } = bytesOf(key);
  if (byteLength > MAX_KEY_BYTES) {
    refuse(414, `UTF-8 encoded length of ${byteLength} exceeds key length limit of ${MAX_KEY_BYTES}.`);
  }
}

// There is no cache here to keep a value in; a lifetime that Cloudflare refuses is refused all the same.
export function checkCacheTtl(ttl) {
  if (ttl !== null && !(Number(ttl) >= MIN_CACHE_SECONDS)) {
    refuse(400, `Invalid cache_ttl of ${ttl}. Cache TTL must be at least ${MIN_CACHE_SECONDS}.`);
  }
}

// When a value expires, in seconds since 1970; `null` where it does not.
export function readExpiry(query, now) {
  const ttl = query.get("expiration_ttl");
  if (ttl !== null) return now + readLifetime(ttl);
  const expiration = query.get("expiration");
  return expiration === null ? null : readExpiration(expiration, now);
}

function readLifetime(ttl) {
  const seconds = Number.parseInt(ttl, 10);
  if (!(seconds > 0)) refuse(400, `Invalid expiration_ttl of ${ttl}. Please specify integer greater than 0.`);
  if (seconds < MIN_LIFETIME_SECONDS) {
    refuse(400, `Invalid expiration_ttl of ${ttl}. Expiration TTL must be at least ${MIN_LIFETIME_SECONDS}.`);
  }
  return seconds;
}

function readExpiration(expiration, now) {
  const seconds = Number.parseInt(expiration, 10);
  const invalid = `Invalid expiration of ${expiration}.`;
  if (!(seconds > now)) {
    refuse(400, `${invalid} Please specify integer greater than the current number of seconds since the UNIX epoch.`);
  }
  if (seconds < now + MIN_LIFETIME_SECONDS) {
    refuse(400, `${invalid} Expiration times must be at least ${MIN_LIFETIME_SECONDS} seconds in the future.`);
  }
  return seconds;
}

// The metadata as JSON; `null` where there is none.
export function readMetadata(headers) {
  const metadata = headers.get("CF-KV-Metadata");
  const length = metadata === null ? 0 : bytesOf(metadata).byteLength;
  if (length > MAX_METADATA_BYTES) refuse(413, `Metadata length of ${length} exceeds limit of ${MAX_METADATA_BYTES}.`);
  return metadata;
}

export async function readValue(request) {
  checkValueLength(Number(request.headers.get("Content-Length")));
  const value = await request.arrayBuffer();
  checkValueLength(value.byteLength);
  return value;
}

function checkValueLength(length) {
  if (length > MAX_VALUE_BYTES) refuse(413, `Value length of ${length} exceeds limit of ${MAX_VALUE_BYTES}.`);
}

export async function readBulk(request) {
  const { keys, type = "text", withMetadata = false, cacheTtl = null } = await request.json();
  if (type !== "text" && type !== "json") refuse(400, `"${type}" is not a valid type. Use "json" or "text"`);
  if (keys.length > MAX_BULK_KEYS) refuse(400, `You can request a maximum of ${MAX_BULK_KEYS} keys`);
  if (keys.length === 0) refuse(400, "You must request a minimum of 1 key");
  keys.forEach(checkKey);
  checkCacheTtl(cacheTtl);
  return { keys, type, withMetadata };
}

export function checkBulkLength(length) {
  if (length > MAX_VALUE_BYTES) refuse(413, "Total size of request exceeds the limit of 25MB");
}

// What a bulk answer gives of a value; `null` where it has none.
export async function readBulkValue(value, type) {
  const text = await new Response(value).text();
  if (type === "text") return text;
  try {
    return JSON.parse(text);
  } catch {
    return refuse(400, `At least one of the requested keys corresponds to a non-${type} value`);
  }
}

// `after` is the last key of the page before; `null` for the first page.
export function readListing(query) {
  const limit = Number(query.get("key_count_limit") ?? MAX_LISTED_KEYS);
  if (!(limit >= 1)) refuse(400, `Invalid key_count_limit of ${limit}. Please specify an integer greater than 0.`);
  if (limit > MAX_LISTED_KEYS) {
    refuse(400, `Invalid key_count_limit of ${limit}. Please specify an integer less than ${MAX_LISTED_KEYS}.`);
  }
  const prefix = query.get("prefix") ?? "";
  checkKeyLength(prefix);
  const cursor = query.get("cursor");
  return { limit, prefix, after: cursor === null ? null : readCursor(cursor) };
}

export const writeCursor = (key) => bytesOf(key).toBase64();

function readCursor(cursor) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.fromBase64(cursor));
  } catch {
    return refuse(400, "Invalid cursor");
  }
}
