// The stand-ins with methods for tests: to move the store's clock, to count its rows, and to fill a limiter.
import { WorkerEntrypoint } from "cloudflare:workers";
import { Store } from "./kv.js";
import { Limiter } from "./limits.js";

export { default } from "./kv.js";

export class TestStore extends Store {
  #secondsAhead = 0;

  now() {
    return super.now() + this.#secondsAhead;
  }

  moveClock(seconds) {
    this.#secondsAhead += seconds;
  }

  countRows() {
    const count = "SELECT (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM pieces) AS pieces";
    return this.ctx.storage.sql.exec(count).one();
  }

  async secondsToAlarm() {
    const at = await this.ctx.storage.getAlarm();
    return at === null ? null : at / 1000 - this.now();
  }

  async setAlarmNow() {
    await this.ctx.storage.setAlarm(Date.now());
  }

  // Does what the runtime does when it is time; gives the seconds to the next alarm.
  async runAlarm() {
    await this.ctx.storage.deleteAlarm();
    await this.alarm();
    return this.secondsToAlarm();
  }
}

export class StoreControl extends WorkerEntrypoint {
  call(method, ...values) {
    return this.env.STORE.getByName("kv")[method](...values);
  }
}

export class TestLimiter extends Limiter {
  fill(count) {
    let admitted = 0;
    for (let number = 0; number < count; number += 1) {
      if (this.limit({ key: `filler ${number}` }).success) admitted += 1;
    }
    return admitted;
  }
}
