// The end of values in KV. The clock of the stand-in can be moved; that of the simulator can not.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "node:test";

const MANY = 1200;
const MIB = 1024 * 1024;
const MAX_WAIT_MS = 15_000;

export function testExpiry(side) {
  const put = (key, value, expirationTtl) => side.value("TEST_KV", "put", key, value, { expirationTtl });
  const get = (key) => side.value("TEST_KV", "get", key);
  const call = (...values) => side.value("STORE", "call", ...values);

  // That many seconds, but for those that the test has taken.
  const assertAbout = (actual, seconds) => assert.ok(actual > seconds - 500 && actual <= seconds, `${actual}`);

  test("what has expired is not given, and is deleted in time", async (context) => {
    await context.test("the alarm is set for the earliest expiry", async () => {
      await put("never", "1");
      assert.equal(await call("secondsToAlarm"), null);
      await put("last", "1", 100_000);
      assertAbout(await call("secondsToAlarm"), 100_000);
      await put("first", { $repeat: ["x", 3 * MIB] }, 1000);
      assertAbout(await call("secondsToAlarm"), 1000);
      await put("second", "1", 2000);
      assertAbout(await call("secondsToAlarm"), 1000);
      assert.deepEqual(await call("countRows"), { entries: 4, pieces: 2 });
    });

    await context.test("what has expired is not given", async () => {
      await call("moveClock", 1000);
      assert.equal(await get("first"), null);
      assert.deepEqual(await get(["first", "second"]), { $map: [["first", null], ["second", "1"]] });
      const { keys } = await side.value("TEST_KV", "list");
      assert.deepEqual(keys.map(({ name }) => name), ["last", "never", "second"]);
      assert.deepEqual(await call("countRows"), { entries: 4, pieces: 2 });
    });

    await context.test("the alarm deletes it, and is set for what expires next", async () => {
      assertAbout(await call("runAlarm"), 1000);
      assert.deepEqual(await call("countRows"), { entries: 3, pieces: 0 });
    });

    await context.test("the alarm runs at most once a minute", async () => {
      await call("moveClock", 950);
      const seconds = await call("runAlarm");
      assert.ok(seconds > 55 && seconds <= 60, `${seconds}`);
    });

    await context.test("the runtime runs the alarm, which deletes very many", async () => {
      const keys = Array.from({ length: MANY }, (_, number) => `many:${number}`);
      await side.call(...keys.map((key) => ["TEST_KV", "put", key, "1", { expirationTtl: 60 }]));
      assert.equal((await call("countRows")).entries, MANY + 3);
      await call("moveClock", 100);
      await call("setAlarmNow");
      const deadline = Date.now() + MAX_WAIT_MS;
      while ((await call("countRows")).entries > 2) {
        assert.ok(Date.now() < deadline);
        await wait(20);
      }
      assert.equal(await get("never"), "1");
    });

    await context.test("a value that is replaced or deleted leaves no piece", async () => {
      for (const key of ["replaced", "deleted"]) await put(key, { $repeat: ["x", 3 * MIB] });
      assert.deepEqual(await call("countRows"), { entries: 4, pieces: 4 });
      await put("replaced", "1");
      await side.value("TEST_KV", "delete", "deleted");
      assert.deepEqual(await call("countRows"), { entries: 3, pieces: 0 });
    });

    await context.test("where nothing expires, no alarm is set", async () => {
      await side.value("TEST_KV", "delete", "last");
      assert.equal(await call("runAlarm"), null);
    });
  });
}
