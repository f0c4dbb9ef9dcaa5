// The portal's files on bare workerd: what an `assets` binding is on Cloudflare with `html_handling` and
// `not_found_handling` "none". MANIFEST names the files and says which have encoded copies beside them; FILES is the
// folder. A file that the manifest does not name is never read.

// The codings of encoded copies, the preferred first, with the ends of their names.
const SUFFIXES = new Map([
  ["br", ".br"],
  ["gzip", ".gz"],
]);

export default {
  async fetch(request, env) {
    const { pathname, search } = new URL(request.url);
    const path = decodePath(pathname);
    if (!Object.hasOwn(env.MANIFEST, path)) return new Response(null, { status: 404 });
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { Allow: "GET, HEAD" } });
    }
    const location = encodePath(path);
    if (location !== pathname) return new Response(null, { status: 307, headers: { Location: location + search } });
    return serve(request, env, path);
  },
};

async function serve({ method, headers: asked }, env, path) {
  const { type, etag: hash, encodings = [] } = env.MANIFEST[path];
  const coding = chooseCoding(encodings, asked.get("Accept-Encoding"));
  const etag = coding === undefined ? `"${hash}"` : `"${hash}-${coding}"`;
  const headers = new Headers({ ETag: etag, "Cache-Control": "public, max-age=0, must-revalidate" });
  if (encodings.length > 0) headers.set("Vary", "Accept-Encoding");
  if (matches(asked.get("If-None-Match"), etag)) return new Response(null, { status: 304, headers });

  const file = await env.FILES.fetch(`http://files${encodePath(path)}${SUFFIXES.get(coding) ?? ""}`, { method });
  if (!file.ok) {
    console.error(`${path} is in the manifest and cannot be read: ${file.status}`);
    return new Response(null, { status: 500 });
  }
  headers.set("Content-Type", type);
  if (coding !== undefined) headers.set("Content-Encoding", coding);
  const length = file.headers.get("Content-Length");
  if (length !== null) headers.set("Content-Length", length);
  return new Response(file.body, { headers, encodeBody: "manual" });
}

// Segments are decoded one by one. An encoded slash stays encoded: it is no separator, and no file has one in its name.
function decodePath(pathname) {
  return pathname.split("/").map(decodeSegment).join("/");
}

function decodeSegment(segment) {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded.includes("/") ? segment : decoded;
  } catch {
    return segment;
  }
}

const encodePath = (path) => path.split("/").map(encodeURIComponent).join("/");

// The coding of the copy to send; `undefined` for the file itself (RFC 9110 §12.5.3).
function chooseCoding(encodings, accepted) {
  const weights = readWeights(accepted ?? "");
  const weightOf = (coding) => weights.get(coding) ?? weights.get("*") ?? 0;
  const [best] = [...SUFFIXES.keys()]
    .filter((coding) => encodings.includes(coding) && weightOf(coding) > 0)
    .sort((one, other) => weightOf(other) - weightOf(one));
  return best !== undefined && weightOf(best) >= weightOf("identity") ? best : undefined;
}

// Each coding of an Accept-Encoding with its weight, 0 where it is excluded or the weight is no number.
function readWeights(accepted) {
  const weights = new Map();
  for (const item of accepted.toLowerCase().split(",")) {
    const [coding, ...parameters] = item.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice("q=".length)) || 0);
  }
  return weights;
}

// Whether an If-None-Match names the entity tag, by weak comparison (RFC 9110 §13.1.2).
function matches(ifNoneMatch, etag) {
  const tags = (ifNoneMatch ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}
