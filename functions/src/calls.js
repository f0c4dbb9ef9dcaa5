// What would take Rust many steps, in one: each from wasm into JavaScript costs about as much as the work behind it.

// Runs an SQL statement. Parameters and rows are JSON arrays; the rows an array of them.
export function execute(sql, statement, params) {
  return JSON.stringify([...sql.exec(statement, ...JSON.parse(params)).raw()]);
}

// Waits for a promise, for so long at the most. What it stands for may go on.
async function within(ms, promise) {
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

// Calls the Durable Object of a name.
export async function callObject(env, binding, name, message, ms) {
  return within(ms, env[binding].getByName(name).call(message));
}

// Reads a text from KV; `null` where there is none.
export async function readKv(env, key, cacheTtl, ms) {
  return within(ms, env.GATEHOUSE_KV.get(key, { cacheTtl }));
}

// Writes a text to KV, for good or for `expirationTtl` seconds.
export async function writeKv(env, key, value, expirationTtl, ms) {
  return within(ms, env.GATEHOUSE_KV.put(key, value, expirationTtl === undefined ? {} : { expirationTtl }));
}

// Counts a try against a rate limit, and tells whether it may go on.
export async function admitTry(env, binding, key, ms) {
  const { success } = await within(ms, env[binding].limit({ key }));
  return success;
}
