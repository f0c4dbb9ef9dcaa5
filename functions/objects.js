// The Durable Objects: each holds its Rust side, which does all the work.
import { DurableObject } from "cloudflare:workers";
import * as wasm from "./index.js";
import { BadConfiguration, call, instanceId } from "./instance.js";

const BLOCKED_ALARM_MS = 5 * 60 * 1000;

// A Durable Object whose Rust side is made again when the wasm instance that held it has gone.
function durableObject(name) {
  return class extends DurableObject {
    #rust;
    #instance;

    #get() {
      if (this.#instance !== instanceId()) {
        this.#rust = new wasm.ObjectHandle(name, this.ctx, this.env);
        this.#instance = instanceId();
      }
      return this.#rust;
    }

    // Answers a message, text with text or with an Error: what `Objects` in core/domain/src/ports/object.rs asks.
    call(message) {
      return call(this.env, () => this.#get().call(message));
    }

    // The runtime tries a failed alarm again, but for minutes only: while settings are bad, or the database is a newer
    // Worker's, nothing that waits for it may lose it.
    async alarm(info) {
      const due = info === undefined || info.isRetry ? undefined : Number(info.scheduledTime);
      try {
        const done = await call(this.env, () => this.#get().alarm(due));
        if (done) return;
      } catch (error) {
        if (!(error instanceof BadConfiguration)) throw error;
      }
      await this.ctx.storage.setAlarm(Date.now() + BLOCKED_ALARM_MS);
    }
  };
}

export const Account = durableObject("Account");
export const DeveloperAccount = durableObject("DeveloperAccount");
export const NameRegistry = durableObject("NameRegistry");
export const AppTraffic = durableObject("AppTraffic");
export const ProjectQuota = durableObject("ProjectQuota");
export const AccountIndex = durableObject("AccountIndex");
export const AuditMonth = durableObject("AuditMonth");
export const AuditIndex = durableObject("AuditIndex");
