// Assets, on both sides.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf } from "./differences.mjs";
import { FILES } from "./files.mjs";

export function testAssets(side) {
  const fetchAsset = (path, init) =>
    side.value("ASSETS", "fetch", `http://portal${path}`, { redirect: "manual", ...init });

  test("a file comes with its type, to be checked again each time", async () => {
    const etags = new Set();
    for (const [path, { type, text }] of Object.entries(FILES)) {
      const { status, headers, body } = await fetchAsset(path.replace("%", "%25"));
      assert.deepEqual([path, status, headers["content-type"], body], [path, 200, type, text]);
      assert.equal(headers["cache-control"], "public, max-age=0, must-revalidate");
      assert.match(headers.etag, /^"[0-9a-f]{32}"$/);
      etags.add(headers.etag);
    }
    assert.equal(etags.size, Object.keys(FILES).length);
    const { headers } = await fetchAsset("/plain.txt");
    assert.equal(headers["content-length"], answerOf(side, "Content-Length of an answer to GET"));
    const asked = await fetchAsset("/plain.txt", { headers: { Authorization: "Bearer token" } });
    const caching = answerOf(side, "Cache-Control for a request with Authorization");
    assert.equal(asked.headers["cache-control"], caching);
  });

  test("HEAD gives the headers alone", async () => {
    // The simulator tells how fast it was, in a header.
    const { "cf-cache-status": _, ...headers } = (await fetchAsset("/index.html")).headers;
    const head = await fetchAsset("/index.html", { method: "HEAD" });
    delete head.headers["cf-cache-status"];
    assert.deepEqual(head, { status: 200, headers, body: "" });
    assert.equal(headers.vary, answerOf(side, "Vary of a file that has encoded copies"));
  });

  test("a query and dot segments change nothing", async () => {
    for (const path of ["/plain.txt?a=b", "/plain.txt#a", "/docs/../plain.txt", "/%2e%2e/plain.txt", "/./plain.txt"]) {
      assert.equal((await fetchAsset(path)).body, "plain", path);
    }
  });

  test("what is no file is a 404", async () => {
    const paths = [
      ...["/", "/index", "/docs", "/docs/", "/docs/guide", "/INDEX.html", "/index.html/", "/index.html%00"],
      ...["/..%2findex.html", "/..%2f..%2fetc%2fpasswd", "/docs%5cguide.html", "/%", "/%ff", "/caf%C3.txt"],
      ...["/percent%41.txt", "/percentA.txt", "/with+space.txt", "/__proto__", "/constructor"],
      ...["/config.capnp", "/unlisted.txt", "/index.html.br", "/index.html.gz"],
    ];
    for (const path of paths) {
      for (const method of ["GET", "HEAD", "POST"]) {
        const { status, headers, body } = await fetchAsset(path, { method });
        assert.deepEqual([path, method, status, headers.etag, body], [path, method, 404, undefined, ""]);
      }
    }
  });

  test("a file has one address", async () => {
    const { status, headers } = await fetchAsset("/%69ndex.html?a=%62");
    assert.deepEqual([status, headers.location], [307, "/index.html?a=%62"]);
    assert.equal((await fetchAsset("/with space.txt")).status, 200);
    for (const path of ["//plain.txt", "/docs//guide.html", "/docs%2fguide.html", "/%2fplain.txt"]) {
      const difference = "the status of a path with an encoded slash or a double slash";
      assert.equal((await fetchAsset(path)).status, answerOf(side, difference), path);
    }
  });

  test("only GET and HEAD are allowed", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const { status, headers, body } = await fetchAsset("/index.html", { method, body: "a body that nobody reads" });
      assert.deepEqual([status, headers.allow, body], [405, answerOf(side, "the methods that a 405 allows"), ""]);
    }
  });

  test("an unchanged file is a 304", async () => {
    const { headers } = await fetchAsset("/plain.txt");
    const statusFor = async (tags, path = "/plain.txt") => {
      const asked = await fetchAsset(path, { headers: { "If-None-Match": tags } });
      if (asked.status === 304) {
        assert.equal(asked.headers.etag, headers.etag);
        assert.equal(asked.headers["cache-control"], headers["cache-control"]);
        assert.equal(asked.body, "");
      }
      return asked.status;
    };
    const { etag } = headers;
    assert.equal(await statusFor(etag), 304);
    assert.equal(await statusFor(`W/${etag}`), 304);
    for (const other of ['"other"', etag.slice(1, -1), `"${etag}"`, `w/${etag}`, "", '"*"']) {
      assert.equal(await statusFor(other), 200, other);
    }
    assert.equal(await statusFor(etag, "/index.html"), 200);
    assert.equal(await statusFor("*", "/missing.txt"), 404);
    for (const tags of ["*", `"other", ${etag}`, `W/"other",W/${etag}`]) {
      assert.equal(await statusFor(tags), answerOf(side, "the status for If-None-Match with a list or *"), tags);
    }
  });
}
