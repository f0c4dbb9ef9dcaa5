// Where the stand-ins and Cloudflare's local simulator answer differently, and why.
const DIFFERENCES = {
  "a limiter without a key": {
    why: "The caller forgot it. The simulator counts all such callers under the empty key.",
    "stand-ins": { error: "TypeError: invalid key: undefined" },
    simulator: { value: { success: true } },
  },
  "the class of a limiter's errors": {
    why: "A TypeError is JavaScript's error for a wrong argument.",
    "stand-ins": "TypeError",
    simulator: "Error",
  },
  "a KV key that is the name of a property": {
    why: "The simulator collects the values in an object that has a prototype.",
    "stand-ins": [["__proto__", "v"]],
    simulator: [],
  },
  "a KV prefix with a NUL": {
    why: "The simulator's search pattern ends at the NUL.",
    "stand-ins": ["nul:\0a"],
    simulator: [],
  },
  "an invalid KV cursor": {
    why: "The simulator takes it for the name of a key, and lists what follows.",
    "stand-ins": { error: "Error: KV GET failed: 400 Invalid cursor" },
    simulator: { value: { keys: [], list_complete: true, cacheStatus: null } },
  },
  "the status of a path with an encoded slash or a double slash": {
    why: "The simulator takes both for one slash and redirects there; such a path names no file.",
    "stand-ins": 404,
    simulator: 307,
  },
  "the methods that a 405 allows": {
    why: "RFC 9110 §15.5.6 requires the header.",
    "stand-ins": "GET, HEAD",
    simulator: undefined,
  },
  "the status for If-None-Match with a list or *": {
    why: "RFC 9110 §13.1.2 has both. The simulator compares the whole header with the entity tag.",
    "stand-ins": 304,
    simulator: 200,
  },
  "Vary of a file that has encoded copies": {
    why: "Cloudflare's network compresses, behind the binding. The stand-in sends encoded copies itself.",
    "stand-ins": "Accept-Encoding",
    simulator: undefined,
  },
  "Content-Length of an answer to GET": {
    why: "The simulator leaves it out.",
    "stand-ins": "5",
    simulator: undefined,
  },
  "Cache-Control for a request with Authorization": {
    why: "The simulator leaves it out. The files are the same for everybody.",
    "stand-ins": "public, max-age=0, must-revalidate",
    simulator: undefined,
  },
};

// What a side answers where the sides differ.
export const answerOf = (side, difference) => DIFFERENCES[difference][side.name];
