// Rate limiters on bare workerd, each a service binding to `Limiter` with the props `{ name, limit, period }`: a key is
// admitted `limit` times in `period` seconds, and limiters of different names count apart.
import { WorkerEntrypoint } from "cloudflare:workers";

// How many keys a limiter counts in one period. It refuses any more: to admit them uncounted would lift the limit for an
// attacker with very many addresses. Who is refused for that waits until the period ends.
const MAX_KEYS = 100_000;

// The current window of each limiter, by its name.
const windows = new Map();

export class Limiter extends WorkerEntrypoint {
  limit(options) {
    const key = readKey(options);
    const { name, limit, period } = this.ctx.props;
    const { counts } = currentWindow(name, period);
    const count = counts.get(key) ?? 0;
    const success = count < limit && (count > 0 || counts.size < MAX_KEYS);
    if (success) counts.set(key, count + 1);
    return { success };
  }
}

function readKey(options) {
  if (typeof options !== "object" || options === null) throw new TypeError("invalid rate limit options");
  const { key, ...others } = options;
  const unknown = Object.keys(others);
  if (unknown.length > 0) throw new TypeError(`bad rate limit options: [${unknown}]`);
  if (typeof key !== "string") throw new TypeError(`invalid key: ${key}`);
  return key;
}

// Windows are fixed: they begin at the multiples of the period since 1970.
function currentWindow(name, period) {
  for (const [other, window] of windows) {
    if (window.number !== windowNumber(window.period)) windows.delete(other);
  }
  if (!windows.has(name)) windows.set(name, { period, number: windowNumber(period), counts: new Map() });
  return windows.get(name);
}

const windowNumber = (period) => Math.floor(Date.now() / 1000 / period);
