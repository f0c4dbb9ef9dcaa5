// Prints random requests signed by the npm package oauth-1.0a, one JSON object a line: SEED COUNT.
import { createHmac } from "node:crypto";
import OAuth from "oauth-1.0a";

const PIECES = ["a", "B", "7", "-", ".", "_", "~", "é", " ", "!", "*", "'", "(", ")", "+", "☃", "&", "=", "%", "%41", "/", "?", "#", ","];

// Reproducible chance (mulberry32).
function chanceOf(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const [seed, count] = process.argv.slice(2).map(Number);
const chance = chanceOf(seed);
const pick = (list) => list[chance(list.length)];
const text = (longest) => Array.from({ length: chance(longest) }, () => pick(PIECES)).join("");

// Names begin with what they are for: the package keeps one of two of a name, unless both are in one place; and of
// those in a query it forgets an empty one.
function pairs(prefix, nameOf) {
  const made = Array.from({ length: chance(4) }, (_, index) => [`${prefix}${index}${nameOf()}`, text(8)]);
  return Object.fromEntries(made.map(([name, value]) => [name, value !== "" && chance(6) === 0 ? [value, "again"] : value]));
}

const flat = (made) => Object.entries(made).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
// The package reads neither a plus in a query as a space, nor an encoded name.
const query = (made) => flat(made).map((pair) => pair.map(encodeURIComponent).join("=")).join("&");

for (let made = 0; made < count; made++) {
  const hash = pick(["sha1", "sha256"]);
  const consumer = { key: `key${chance(1e6)}`, secret: `s${text(12)}` };
  const token = chance(5) === 0 ? undefined : { key: `token${chance(1e6)}`, secret: text(12) };
  const oauth = OAuth({
    consumer,
    signature_method: `HMAC-${hash.toUpperCase()}`,
    hash_function: (base, key) => createHmac(hash, key).update(base).digest("base64"),
    parameter_seperator: pick([", ", ","]),
  });
  const method = pick(["GET", "POST", "PUT", "DELETE"]);
  const origin = pick(["http://127.0.0.1:8787", "https://api.example.com", "https://api.example.com:8443"]);
  const inQuery = query(pairs("q", () => ""));
  const url = `${origin}/${pick(["1.1/notes.json", "2/notes", "a~b/%C3%A9"])}${inQuery && `?${inQuery}`}`;
  const data = method === "GET" ? {} : pairs("n", () => text(3));
  // A copy: the package adds the query's parameters to the data that it is given.
  const authorized = oauth.authorize({ url, method, data: { ...data } }, token);
  const { Authorization: authorization } = oauth.toHeader(authorized);
  const line = {
    method,
    origin,
    url,
    authorization,
    form: method === "GET" ? null : new URLSearchParams(flat(data)).toString(),
    consumer_secret: consumer.secret,
    token_secret: token?.secret ?? "",
  };
  console.log(JSON.stringify(line));
}
