// Workers KV: what its binding gives of several keys, on both sides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf } from "./differences.mjs";

export function testKvOfMany(side) {
  const put = (...values) => side.value("KV", "put", ...values);
  const get = (...values) => side.value("KV", "get", ...values);
  const list = (options) => side.value("KV", "list", options);

  test("several keys are read at once", async () => {
    await put("bulk:a", "[1]", { metadata: { a: "ü" } });
    await put("bulk:b", "2");
    const keys = ["bulk:b", "bulk:missing", "bulk:a", "bulk:b"];
    const texts = [["bulk:b", "2"], ["bulk:missing", null], ["bulk:a", "[1]"]];
    assert.deepEqual(await get(keys), { $map: texts });
    assert.deepEqual(await get(["bulk:a", "bulk:b"], "json"), { $map: [["bulk:a", [1]], ["bulk:b", 2]] });
    const whole = [
      ["bulk:b", { value: "2", metadata: null }],
      ["bulk:missing", null],
      ["bulk:a", { value: "[1]", metadata: { a: "ü" } }],
    ];
    assert.deepEqual(await side.value("KV", "getWithMetadata", keys), { $map: whole });
    await put("__proto__", "v");
    assert.deepEqual((await get(["__proto__"])).$map, answerOf(side, "a KV key that is the name of a property"));
  });

  test("a bulk read that asks for too much is refused", async () => {
    await put("bulk:text", "no JSON");
    const prefix = "Error: KV GET_BULK failed: ";
    const error = async (...values) => (await side.error("KV", "get", ...values)).replace(prefix, "");
    const keys = Array.from({ length: 101 }, (_, number) => `bulk:${number}`);
    assert.equal((await get(keys.slice(1))).$map.length, 100);
    assert.equal(await error(keys), "400 You can request a maximum of 100 keys");
    assert.equal(await error([]), "400 You must request a minimum of 1 key");
    const notJson = "400 At least one of the requested keys corresponds to a non-json value";
    assert.equal(await error(["bulk:text"], "json"), notJson);
    const type = '400 "arrayBuffer" is not a valid type. Use "json" or "text"';
    assert.equal(await error(["bulk:text"], "arrayBuffer"), type);
  });

  test("keys are listed by prefix, in the order of their bytes", async () => {
    // In UTF-16, the last two would change places.
    const names = ["", "\0", "!", "A", "a", "aa", "b", "~", "é", "\uffff", "😀"].map((end) => `order:${end}`);
    for (const name of names.toReversed()) await put(name, "1");
    await put("order;", "1");
    await put("order9", "1");
    const namesOf = async (prefix) => (await list({ prefix })).keys.map(({ name }) => name);
    assert.deepEqual(await namesOf("order:"), names);
    assert.deepEqual(await namesOf("order:a"), ["order:a", "order:aa"]);
    assert.deepEqual(await namesOf("order:\uffff"), ["order:\uffff"]);
    assert.deepEqual(await namesOf("order:😀"), ["order:😀"]);
    assert.deepEqual(await namesOf("order:none"), []);
    await put("nul:\0a", "1");
    assert.deepEqual(await namesOf("nul:\0"), answerOf(side, "a KV prefix with a NUL"));
  });

  test("a listing comes in pages", async () => {
    const names = Array.from({ length: 25 }, (_, number) => `page:${String(number).padStart(2, "0")}é`);
    await side.call(...names.map((name) => ["KV", "put", name, "1"]), ["KV", "put", "page;", "1"]);
    const listed = [];
    const lengths = [];
    let page = {};
    do {
      page = await list({ prefix: "page:", limit: 10, cursor: page.cursor });
      listed.push(...page.keys.map(({ name }) => name));
      lengths.push(page.keys.length);
      assert.equal(page.list_complete, page.cursor === undefined);
    } while (!page.list_complete);
    assert.deepEqual(lengths, [10, 10, 5]);
    assert.deepEqual(listed, names);
    const exact = await list({ prefix: "page:", limit: 25 });
    assert.deepEqual([exact.keys.length, exact.list_complete], [25, true]);
    // A page goes on after a key that was deleted in the meantime.
    const { cursor } = await list({ prefix: "page:", limit: 3 });
    await side.value("KV", "delete", names[2]);
    assert.equal((await list({ prefix: "page:", limit: 1, cursor })).keys[0].name, names[3]);
  });

  test("a page has at most 1000 keys", async () => {
    const names = Array.from({ length: 1001 }, (_, number) => `many:${String(number).padStart(4, "0")}`);
    await side.call(...names.map((name) => ["KV", "put", name, ""]));
    for (const limit of [undefined, 0, 1000]) {
      const page = await list({ prefix: "many:", limit });
      assert.deepEqual([page.keys.length, page.list_complete], [1000, false]);
    }
    const reason = "Invalid key_count_limit of 1001. Please specify an integer less than 1000.";
    assert.equal(await side.error("KV", "list", { limit: 1001 }), `Error: KV GET failed: 400 ${reason}`);
    const [result] = await side.call(["KV", "list", { prefix: "none", cursor: "nonsense" }]);
    assert.deepEqual(result, answerOf(side, "an invalid KV cursor"));
  });
}
