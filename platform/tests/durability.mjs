// What the stand-ins keep when the program is killed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { StandIns } from "./sides.mjs";

export function testDurability() {
  const side = new StandIns();
  before(() => side.start());
  after(() => side.remove());

  test("what was written survives the end of the program", async () => {
    const large = Array.from({ length: 300_000 }, (_, number) => `${number}`).join(" ");
    const metadata = { a: "ü" };
    await side.call(
      ["TEST_KV", "put", "small", "1", { metadata }],
      ["TEST_KV", "put", "large", large],
      ["TEST_KV", "put", "gone", "1"],
      ["TEST_KV", "delete", "gone"],
      ["TEST_KV", "put", "expires", "1", { expirationTtl: 100_000 }],
    );
    await side.stop();
    await side.run();
    const kept = await side.value("TEST_KV", "getWithMetadata", "small");
    assert.deepEqual([kept.value, kept.metadata], ["1", metadata]);
    assert.equal(await side.value("TEST_KV", "get", "large"), large);
    const { keys } = await side.value("TEST_KV", "list");
    assert.deepEqual(keys.map(({ name }) => name), ["expires", "large", "small"]);
    const seconds = await side.value("STORE", "call", "secondsToAlarm");
    assert.ok(seconds > 99_000 && seconds <= 100_000, `${seconds}`);
  });
}
