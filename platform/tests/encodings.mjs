// Encoded copies of assets, which the stand-ins alone have.
import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { encode, FILES, MANIFEST } from "./files.mjs";

const PATH = "/index.html";
const { text } = FILES[PATH];
const { etag } = MANIFEST[PATH];

// What is sent for an Accept-Encoding.
const CHOICES = {
  br: ["br", "gzip, br", "gzip, deflate, br, zstd", "*", "BR", "br;q=0.5, gzip;q=0.5", "br;q=0.001", "gzip;q=0, *;q=0.1"],
  gzip: ["gzip", "gzip;q=1.0, br;q=0.9", "br;q=0, gzip", "br ; Q=0 , *", "gzip , br;q=0.000", "br;q=no, gzip;q=0.1"],
  none: ["", "identity", "deflate", "br;q=0", "*;q=0", "gzip;q=0, br;q=0", "br;q=0, *;q=0", "br;q=0.5, identity", "brotli"],
};

export function testEncodings(side) {
  // As a client gets it, through a Worker that hands it on.
  async function request(path, headers, method = "GET") {
    const [response] = await once(get(`${side.origin}${path}`, { method, headers }), "response");
    const body = Buffer.concat(await response.toArray());
    return { status: response.statusCode, headers: response.headers, body };
  }

  test("the client's favourite encoding is sent", async () => {
    for (const [coding, headers] of Object.entries(CHOICES)) {
      for (const accepted of headers) {
        const answered = await request(PATH, { "Accept-Encoding": accepted });
        const sent = answered.headers["content-encoding"] ?? "none";
        assert.equal(sent, coding, accepted);
      }
    }
    assert.equal((await request(PATH, {})).headers["content-encoding"], undefined);
  });

  test("an encoded copy is sent byte by byte, under an entity tag of its own", async () => {
    for (const [coding, tag] of Object.entries({ br: `"${etag}-br"`, gzip: `"${etag}-gzip"` })) {
      const { status, headers, body } = await request(PATH, { "Accept-Encoding": coding });
      assert.equal(status, 200);
      assert.deepEqual(body, encode(coding, text));
      assert.deepEqual([headers.etag, headers.vary], [tag, "Accept-Encoding"]);
      assert.equal(headers["content-type"], FILES[PATH].type);
      assert.equal(headers["content-length"], `${body.length}`);
      const head = await request(PATH, { "Accept-Encoding": coding }, "HEAD");
      assert.deepEqual([head.status, head.body.length], [200, 0]);
      assert.equal(head.headers["content-length"], `${body.length}`);
      assert.equal(head.headers["content-encoding"], coding);
    }
    const plain = await request(PATH, {});
    assert.deepEqual([plain.headers.etag, plain.headers.vary, `${plain.body}`], [`"${etag}"`, "Accept-Encoding", text]);
    assert.equal(plain.headers["content-length"], `${Buffer.byteLength(text)}`);
  });

  test("the entity tag of another encoding is no match", async () => {
    const statusFor = async (coding, tag) => {
      const asked = await request(PATH, { "Accept-Encoding": coding, "If-None-Match": tag });
      if (asked.status === 304) assert.equal(asked.headers.vary, "Accept-Encoding");
      return asked.status;
    };
    assert.equal(await statusFor("br", `"${etag}-br"`), 304);
    assert.equal(await statusFor("br", `W/"${etag}-br"`), 304);
    assert.equal(await statusFor("br", `"${etag}-gzip", "${etag}"`), 200);
    assert.equal(await statusFor("gzip", `"${etag}-br"`), 200);
    assert.equal(await statusFor("identity", `"${etag}-br"`), 200);
    assert.equal(await statusFor("identity", `"${etag}"`), 304);
  });

  test("a file without copies is sent as it is", async () => {
    const { headers, body } = await request("/plain.txt", { "Accept-Encoding": "br, gzip" });
    assert.deepEqual([headers["content-encoding"], headers.vary, `${body}`], [undefined, undefined, "plain"]);
  });

  test("a file that the manifest names and the folder lacks is a 500", async () => {
    assert.equal((await request("/lost.txt", {})).status, 500);
  });
}
