// The two sides that the same calls go to: the stand-ins on bare workerd, and Cloudflare's local simulator. Both run
// bindings.js with bindings of the same names, each in a temporary folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Log, LogLevel, Miniflare } from "miniflare";
import workerd from "workerd";
import { COMPATIBILITY_DATE, LIMITS, SOURCES, writeConfig } from "./config.mjs";
import { writeCopies, writeFiles } from "./files.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

class Side {
  folder;
  origin;

  async start() {
    this.folder = await mkdtemp(join(tmpdir(), "gatehouse-platform-"));
    await this.prepare();
    await this.run();
  }

  async remove() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  // Makes calls on bindings, one after the other; gives `{ value }` or `{ error }` of each.
  async call(...calls) {
    const response = await fetch(this.origin, { method: "POST", body: JSON.stringify(calls) });
    return response.json();
  }

  // Makes one call, which must succeed; gives its value.
  async value(...call) {
    const [{ value, error }] = await this.call(call);
    if (error !== undefined) throw new Error(`${call.slice(0, 2).join(".")}: ${error}`);
    return value;
  }

  // Makes one call, which must fail; gives its error as text.
  async error(...call) {
    const [{ error }] = await this.call(call);
    if (error === undefined) throw new Error(`${call.slice(0, 2).join(".")} succeeded`);
    return error;
  }
}

export class StandIns extends Side {
  name = "stand-ins";
  #child;
  #kill = () => this.#child.kill("SIGKILL");

  async prepare() {
    await writeFiles(join(this.folder, "files"));
    await writeCopies(join(this.folder, "files"));
    await writeFile(join(this.folder, "files/unlisted.txt"), "not in the manifest");
    for (const source of SOURCES) await cp(join(HERE, source), join(this.folder, basename(source)));
    await writeFile(join(this.folder, "config.capnp"), writeConfig());
  }

  async run() {
    // The runtime says on the third file descriptor which port it has found.
    this.#child = spawn(workerd.default, ["serve", "config.capnp", "--control-fd=3"], {
      cwd: this.folder,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    process.once("exit", this.#kill);
    const listening = once(createInterface(this.#child.stdio[3]), "line");
    const ended = once(this.#child, "exit").then(() => Promise.reject(new Error("workerd ended")));
    const [event] = await Promise.race([listening, ended]);
    ended.catch(() => {});
    this.origin = `http://127.0.0.1:${JSON.parse(event).port}`;
  }

  // The program gets no chance to write anything down.
  async stop() {
    process.removeListener("exit", this.#kill);
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#kill();
    await ended;
  }
}

export class Simulator extends Side {
  name = "simulator";
  #miniflare;

  prepare() {
    return writeFiles(join(this.folder, "files"));
  }

  async run() {
    this.#miniflare = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      // It fetches nothing, tells nobody, and lists itself nowhere.
      cf: false,
      telemetry: { enabled: false },
      enableDevRegistry: false,
      log: new Log(LogLevel.ERROR),
      resourceTmpPath: join(this.folder, "temporary"),
      workers: [{ config: await this.#config(), dev: { rootPath: this.folder } }],
    });
    this.origin = await this.#miniflare.ready;
  }

  async #config() {
    const limits = Object.entries(LIMITS).map(([binding, { name, limit, period }]) => [
      binding,
      { type: "rate-limit", namespace: name, simple: { limit, period } },
    ]);
    const contents = await readFile(join(HERE, "bindings.js"), "utf8");
    return {
      name: "bindings",
      compatibilityDate: COMPATIBILITY_DATE,
      manifest: {
        mainModule: "bindings.js",
        modulesRoot: HERE,
        modules: { "bindings.js": { type: "esm", contents } },
      },
      exports: {},
      env: { KV: { type: "kv", id: "kv" }, ASSETS: { type: "assets" }, ...Object.fromEntries(limits) },
      assets: {
        directory: join(this.folder, "files"),
        hasUserWorker: true,
        runWorkerFirst: true,
        htmlHandling: "none",
        notFoundHandling: "none",
      },
    };
  }

  stop() {
    return this.#miniflare?.dispose();
  }
}
