// The configuration of the runtime with the stand-ins.
import { MANIFEST } from "./files.mjs";

export const COMPATIBILITY_DATE = "2026-10-23";

export const SOURCES = [
  "../kv.js",
  "../kv_request.js",
  "../limits.js",
  "../assets.js",
  "bindings.js",
  "testable.js",
];

export const LIMITS = {
  LIMIT: { name: "limit", limit: 3, period: 60 },
  OTHER_LIMIT: { name: "other", limit: 2, period: 60 },
  BRIEF_LIMIT: { name: "brief", limit: 1, period: 10 },
};

// Two limiters that one isolate counts for.
const FULL = { name: "full", limit: 2, period: 86_400 };
const EMPTY = { name: "empty", limit: 2, period: 86_400 };

// A file that the manifest names and the folder lacks.
const LOST = { "/lost.txt": { type: "text/plain; charset=utf-8", etag: "0".repeat(32) } };

export function writeConfig() {
  const limits = Object.entries(LIMITS).map(([binding, props]) => limiter(binding, "limits", "Limiter", props));
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "bindings", worker = (
      ${modules("bindings.js")},
      bindings = [
        (name = "KV", kvNamespace = "kv"),
        (name = "ASSETS", service = "assets"),
        ${limits.join(",\n        ")},
        (name = "TEST_KV", kvNamespace = "testable"),
        (name = "STORE", service = (name = "testable", entrypoint = "StoreControl")),
        ${limiter("FULL_LIMIT", "testable", "TestLimiter", FULL)},
        ${limiter("EMPTY_LIMIT", "testable", "TestLimiter", EMPTY)},
      ],
    )),
    (name = "kv", worker = (${modules("kv.js", "kv_request.js")}, ${store("Store")})),
    (name = "limits", worker = (${modules("limits.js")})),
    (name = "assets", worker = (
      ${modules("assets.js")},
      bindings = [
        (name = "FILES", service = "files"),
        (name = "MANIFEST", json = ${quote({ ...MANIFEST, ...LOST })}),
      ],
    )),
    (name = "testable", worker = (
      ${modules("testable.js", "kv.js", "kv_request.js", "limits.js")},
      ${store("TestStore")},
    )),
    (name = "files", disk = (path = "files")),
    (name = "data", disk = (path = ".", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bindings")],
);
`;
}

function modules(...names) {
  const list = names.map((name) => `(name = "${name}", esModule = embed "${name}")`);
  return `compatibilityDate = "${COMPATIBILITY_DATE}", modules = [${list.join(", ")}]`;
}

function store(className) {
  return `
      bindings = [(name = "STORE", durableObjectNamespace = "${className}")],
      durableObjectNamespaces = [(className = "${className}", uniqueKey = "${className}", enableSql = true)],
      durableObjectStorage = (localDisk = "data")`;
}

function limiter(binding, service, entrypoint, props) {
  const designator = `(name = "${service}", entrypoint = "${entrypoint}", props = (json = ${quote(props)}))`;
  return `(name = "${binding}", service = ${designator})`;
}

// JSON within a text of the configuration.
const quote = (value) => JSON.stringify(JSON.stringify(value));
