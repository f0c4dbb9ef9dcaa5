// The life of the wasm instance. A Rust panic ends it without settling the promises that wait for it: the request that
// panicked, and every other one inside wasm at that moment, would hang. They are failed at once, and the next request gets
// a fresh instance.
import api from "./api.js";
import * as wasm from "./index.js";

// Of the `worker` crate: a panic sets `criticalError`, a new instance counts `instanceId` up.
const runtime = wasm.__worker_init_state();

// Names the wasm instance that is alive.
export const instanceId = () => runtime.instanceId;

// What JavaScript has to know of the settings, as `entry_settings` in functions/src/lib.rs writes it.
export let settings;

let dead = false;
let startedInstance;
let badSettings;

// One function for each call that waits for wasm: fails it.
const waiting = new Set();

export function abandonInstance() {
  dead = true;
  failWaiting();
}

function failWaiting() {
  for (const fail of waiting) fail(new Error("the wasm instance has gone"));
  waiting.clear();
}

// The panic hook sets this just before the instance traps.
Object.defineProperty(runtime, "criticalError", { set: abandonInstance });

// A trap without a panic (stack or memory used up) shows only here, when it happens in a task of its own.
addEventListener("error", (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) abandonInstance();
});

// Before every call into wasm: sees to it that there is a live instance that knows its settings.
export function ready(env) {
  if (dead) {
    dead = false;
    // The bindings may have replaced the instance by themselves, when something called into the dead one.
    if (runtime.instanceId === startedInstance) wasm.__wbg_reset_state();
  }
  if (runtime.instanceId !== startedInstance) {
    // Calls that still wait belong to the instance before: fail them.
    failWaiting();
    startedInstance = runtime.instanceId;
    badSettings = undefined;
    try {
      wasm.start(env, api);
      settings = JSON.parse(wasm.entry_settings());
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) throw error;
      badSettings = error;
      log("bad-configuration", "", textOf(error));
    }
  }
  if (badSettings !== undefined) throw new BadConfiguration();
}

export class BadConfiguration extends Error {}

// One line, as `log_error` in core/domain/src/ports/log.rs writes it.
export function log(event, requestId, text) {
  console.error(JSON.stringify({ level: "error", event, request_id: requestId, text }));
}

// For the log. What the runtime throws may quote a URL, and its query may hold credentials.
export const textOf = (error) => String(error?.stack ?? error).replace(/\?\S*/g, "?…");

// Calls into wasm for what needs no waiting.
export function callNow(env, work) {
  ready(env);
  try {
    return work();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
  }
}

// Calls into wasm and waits for the answer, or for the end of the instance; for no longer than `longest_ms`, where that is
// given.
export async function call(env, work, longest_ms) {
  const answer = callNow(env, work);
  if (!(answer instanceof Promise)) return answer;
  let fail;
  const abandoned = new Promise((_, reject) => (fail = reject));
  waiting.add(fail);
  const timer = longest_ms && setTimeout(() => fail(new NoAnswer("storage did not answer in time")), longest_ms);
  try {
    return await Promise.race([answer, abandoned]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) abandonInstance();
    throw error;
  } finally {
    clearTimeout(timer);
    waiting.delete(fail);
  }
}

export class NoAnswer extends Error {}

// For how long somebody who asked is kept waiting: the parts that a call needs have shorter limits of their own, and this
// is for the case that all of them together take too long.
export const LONGEST_CALL_MS = 30_000;
