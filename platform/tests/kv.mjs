// Workers KV: what its binding gives, on both sides.
import assert from "node:assert/strict";
import { test } from "node:test";

const NAMES = ["a b", "a+b", "a%b", "a%2Fb", "a#b", "a?b", "a&b=c", "a/b", "//", "\\", "é", "😀", "\0", "\t\n"];
const MORE_NAMES = ["a/../b", "./a", "...", "~'()*", "__proto__", "\ufeff", "%2e%2e", "x;y", "[{^|`\"<>}]", "bulk/get"];
const MIB = 1024 * 1024;

export function testKv(side) {
  const put = (...values) => side.value("KV", "put", ...values);
  const get = (...values) => side.value("KV", "get", ...values);
  const list = (options) => side.value("KV", "list", options);
  const seconds = () => Math.floor(Date.now() / 1000);

  test("a value is read as it was written", async () => {
    await put("text", "grün");
    assert.equal(await get("text"), "grün");
    assert.deepEqual(await get("text", "stream"), { $stream: "grün" });
    await put("bytes", { $bytes: "AP8B" });
    assert.deepEqual(await get("bytes", "arrayBuffer"), { $bytes: "AP8B" });
    await put("streamed", { $stream: "streamed" });
    assert.equal(await get("streamed"), "streamed");
    await put("json", '{"a":[1]}');
    assert.deepEqual(await get("json", "json"), { a: [1] });
    await put("empty", "");
    assert.equal(await get("empty"), "");
  });

  test("what was never written or is deleted is not there", async () => {
    assert.equal(await get("missing"), null);
    await put("deleted", "1");
    await side.value("KV", "delete", "deleted");
    assert.equal(await get("deleted"), null);
    await side.value("KV", "delete", "deleted");
  });

  test("a write replaces value, metadata and lifetime", async () => {
    await put("replaced", "1", { metadata: { a: "ü😀" }, expirationTtl: 60 });
    const first = await side.value("KV", "getWithMetadata", "replaced");
    assert.deepEqual(first, { value: "1", metadata: { a: "ü😀" }, cacheStatus: null });
    await put("replaced", "2");
    const second = await side.value("KV", "getWithMetadata", "replaced");
    assert.deepEqual(second, { value: "2", metadata: null, cacheStatus: null });
    assert.deepEqual((await list({ prefix: "replaced" })).keys, [{ name: "replaced" }]);
  });

  test("a key may have any characters", async () => {
    const names = [...NAMES, ...MORE_NAMES];
    for (const name of names) {
      await put(`any:${name}`, `value of ${name}`, { metadata: name });
      const { value, metadata } = await side.value("KV", "getWithMetadata", `any:${name}`);
      assert.deepEqual([value, metadata], [`value of ${name}`, name]);
    }
    const { keys } = await list({ prefix: "any:" });
    const inOrder = names.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    assert.deepEqual(keys, inOrder.map((name) => ({ name: `any:${name}`, metadata: name })));
    for (const name of names) await side.value("KV", "delete", `any:${name}`);
    assert.deepEqual((await list({ prefix: "any:" })).keys, []);
  });

  test("a key that is empty, a dot segment or too long is refused", async () => {
    for (const key of ["", ".", ".."]) {
      assert.match(await side.error("KV", "put", key, "1"), /^TypeError: /);
      assert.match(await side.error("KV", "get", ["good", key]), /^Error: KV GET_BULK failed: 400 /);
    }
    const longest = "é".repeat(256);
    await put(longest, "1");
    assert.equal(await get(longest), "1");
    const reason = "414 UTF-8 encoded length of 513 exceeds key length limit of 512.";
    assert.equal(await side.error("KV", "get", `${longest}.`), `Error: KV GET failed: ${reason}`);
    assert.equal(await side.error("KV", "list", { prefix: `${longest}.` }), `Error: KV GET failed: ${reason}`);
    assert.equal(await side.error("KV", "get", [`${longest}.`]), `Error: KV GET_BULK failed: ${reason}`);
    assert.match(await side.error("KV", "put", "\ud800", "1"), /400 Could not URL-decode key name$/);
  });

  test("a lifetime is kept in seconds", async () => {
    const start = seconds();
    await put("lives:both", "1", { expirationTtl: 100, expiration: start + 1000 });
    await put("lives:ttl", "1", { expirationTtl: 100 });
    await put("lives:until", "1", { expiration: start + 1000 });
    const { keys } = await list({ prefix: "lives:" });
    const [both, ttl, until] = keys.map(({ expiration }) => expiration);
    for (const expiration of [both, ttl]) {
      assert.ok(expiration >= start + 100 && expiration <= seconds() + 100, `${expiration - start}`);
    }
    assert.equal(until, start + 1000);
  });

  test("a lifetime under a minute is refused, and what was there stays", async () => {
    await put("stays", "1");
    const error = (options) => side.error("KV", "put", "stays", "2", options);
    const failed = "Error: KV PUT failed: 400";
    for (const ttl of [0, -1]) {
      const reason = `Invalid expiration_ttl of ${ttl}. Please specify integer greater than 0.`;
      assert.equal(await error({ expirationTtl: ttl }), `${failed} ${reason}`);
    }
    const tooShort = "Invalid expiration_ttl of 59. Expiration TTL must be at least 60.";
    assert.equal(await error({ expirationTtl: 59 }), `${failed} ${tooShort}`);
    const past = "Please specify integer greater than the current number of seconds since the UNIX epoch.";
    assert.equal(await error({ expiration: 1 }), `${failed} Invalid expiration of 1. ${past}`);
    const tooSoon = seconds() + 30;
    const soon = "Expiration times must be at least 60 seconds in the future.";
    assert.equal(await error({ expiration: tooSoon }), `${failed} Invalid expiration of ${tooSoon}. ${soon}`);
    assert.equal(await get("stays"), "1");
  });

  test("metadata has at most 1024 bytes", async () => {
    await put("metadata", "1", { metadata: "é".repeat(511) });
    const reason = "413 Metadata length of 1026 exceeds limit of 1024.";
    const error = await side.error("KV", "put", "metadata", "2", { metadata: "é".repeat(512) });
    assert.equal(error, `Error: KV PUT failed: ${reason}`);
    assert.equal(await get("metadata"), "1");
  });

  test("a lifetime in the cache has at least 30 seconds", async () => {
    await put("cached", "1");
    assert.equal(await get("cached", { cacheTtl: 30 }), "1");
    const reason = "Invalid cache_ttl of 29. Cache TTL must be at least 30.";
    assert.equal(await side.error("KV", "get", "cached", { cacheTtl: 29 }), `Error: KV GET failed: 400 ${reason}`);
    const error = await side.error("KV", "get", ["cached"], { cacheTtl: 29 });
    assert.equal(error, `Error: KV GET_BULK failed: 400 ${reason}`);
  });

  test("a value of 25 MiB is the largest", async () => {
    const text = Array.from({ length: 450_000 }, (_, number) => `${number}`).join(" ");
    assert.ok(text.length > 2.5 * MIB);
    await put("large", text);
    assert.equal(await get("large"), text);
    assert.deepEqual(await get(["large"]), { $map: [["large", text]] });
    await put("large", { $repeat: ["x", MIB] });
    assert.equal(await get("large"), "x".repeat(MIB));
    await put("large", { $repeat: ["x", 25 * MIB] });
    const error = await side.error("KV", "put", "large", { $repeat: ["x", 25 * MIB + 1] });
    assert.equal(error, "Error: KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.");
    await put("large", "small");
    assert.equal(await get("large"), "small");
  });
}
