// The same assertions on the stand-ins and on Cloudflare's local simulator, and those on the stand-ins alone.
import { after, before, describe } from "node:test";
import { testAssets } from "./assets.mjs";
import { testDurability } from "./durability.mjs";
import { testEncodings } from "./encodings.mjs";
import { testExpiry } from "./expiry.mjs";
import { testKv } from "./kv.mjs";
import { testKvOfMany } from "./kv_many.mjs";
import { testLimits, testLimitsOfOurs } from "./limits.mjs";
import { Simulator, StandIns } from "./sides.mjs";

// The tests mostly wait.
const TOGETHER = { concurrency: 100 };

describe("platform", TOGETHER, () => {
  for (const side of [new StandIns(), new Simulator()]) {
    describe(side.name, TOGETHER, () => {
      before(() => side.start());
      after(() => side.remove());
      testKv(side);
      testKvOfMany(side);
      testLimits(side);
      testAssets(side);
      if (side.name === "stand-ins") {
        testExpiry(side);
        testLimitsOfOurs(side);
        testEncodings(side);
      }
    });
  }
  describe("stand-ins that are killed", testDurability);
});
