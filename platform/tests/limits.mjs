// Rate limiters, on both sides.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "node:test";
import { answerOf } from "./differences.mjs";

const MAX_WAIT_MS = 20_000;
const windowNumber = (period) => Math.floor(Date.now() / 1000 / period);

// Runs what counts again where a window ended in the midst of it; `run` gets a key of its own.
async function inOneWindow(period, run) {
  for (;;) {
    const before = windowNumber(period);
    const given = await run(crypto.randomUUID());
    if (windowNumber(period) === before) return given;
  }
}

export function testLimits(side) {
  const admissions = (results) => results.map(({ value }) => value.success);

  test("a key is admitted up to the limit, each for itself", async () => {
    const results = await inOneWindow(60, (key) => {
      const keys = [key, key, key, key, `${key} other`, key];
      return side.call(...keys.map((each) => ["LIMIT", "limit", { key: each }]));
    });
    assert.deepEqual(admissions(results), [true, true, true, false, true, false]);
  });

  test("limiters count apart", async () => {
    const results = await inOneWindow(60, (key) => {
      const limiters = ["OTHER_LIMIT", "OTHER_LIMIT", "OTHER_LIMIT", "LIMIT", "LIMIT", "LIMIT", "LIMIT"];
      return side.call(...limiters.map((limiter) => [limiter, "limit", { key }]));
    });
    assert.deepEqual(admissions(results), [true, true, false, true, true, true, false]);
  });

  test("a key is admitted again in the next window", async () => {
    const call = (key) => ["BRIEF_LIMIT", "limit", { key }];
    const [key, results] = await inOneWindow(10, async (key) => [key, await side.call(call(key), call(key))]);
    const first = windowNumber(10);
    assert.deepEqual(admissions(results), [true, false]);
    const deadline = Date.now() + MAX_WAIT_MS;
    while (!(await side.value(...call(key))).success) {
      assert.ok(Date.now() < deadline);
      await wait(100);
    }
    assert.notEqual(windowNumber(10), first);
  });

  test("a wrong argument is an error", async () => {
    const Class = answerOf(side, "the class of a limiter's errors");
    const error = (...values) => side.error("LIMIT", "limit", ...values);
    assert.equal(await error(), `${Class}: invalid rate limit options`);
    assert.equal(await error(null), `${Class}: invalid rate limit options`);
    assert.equal(await error("key"), `${Class}: invalid rate limit options`);
    assert.equal(await error({ key: 5 }), `${Class}: invalid key: 5`);
    assert.equal(await error({ key: null }), `${Class}: invalid key: null`);
    assert.equal(await error({ key: "a", b: 1, c: 1 }), `${Class}: bad rate limit options: [b,c]`);
    const [result] = await side.call(["LIMIT", "limit", {}]);
    assert.deepEqual(result, answerOf(side, "a limiter without a key"));
  });
}

export function testLimitsOfOurs(side) {
  test("a limiter that counts for very many keys takes no more, and others do", async () => {
    assert.equal(await side.value("FULL_LIMIT", "fill", 100_001), 100_000);
    assert.deepEqual(await side.value("FULL_LIMIT", "limit", { key: "new" }), { success: false });
    assert.deepEqual(await side.value("FULL_LIMIT", "limit", { key: "filler 0" }), { success: true });
    assert.deepEqual(await side.value("EMPTY_LIMIT", "limit", { key: "new" }), { success: true });
  });
}
