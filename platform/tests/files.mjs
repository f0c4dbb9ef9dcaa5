// A small portal for the assets bindings: its files, and what a build writes about them.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const HTML = "text/html; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

// Each file's type, its text, and whether it has encoded copies.
export const FILES = {
  "/index.html": { type: HTML, text: `<!doctype html><title>Portal</title>${"<p>Hello</p>".repeat(100)}`, encoded: true },
  "/app-1a2b3c4d.js": { type: SCRIPT, text: "console.log('Hello');\n".repeat(100), encoded: true },
  "/docs/guide.html": { type: HTML, text: "<!doctype html><title>Guide</title>", encoded: false },
  "/plain.txt": { type: TEXT, text: "plain", encoded: false },
  "/with space.txt": { type: TEXT, text: "space", encoded: false },
  "/café.txt": { type: TEXT, text: "café", encoded: false },
  "/percent%41.txt": { type: TEXT, text: "percent", encoded: false },
  "/empty.txt": { type: TEXT, text: "", encoded: false },
};

const COPIES = { br: [".br", brotliCompressSync], gzip: [".gz", gzipSync] };

// The encoded copy of a text.
export const encode = (coding, text) => COPIES[coding][1](text);

export const MANIFEST = Object.fromEntries(
  Object.entries(FILES).map(([path, { type, text, encoded }]) => {
    const etag = createHash("sha256").update(text).digest("hex").slice(0, 32);
    return [path, { type, etag, ...(encoded && { encodings: Object.keys(COPIES) }) }];
  }),
);

export async function writeFiles(folder) {
  for (const [path, { text }] of Object.entries(FILES)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

export async function writeCopies(folder) {
  for (const [path, { text, encoded }] of Object.entries(FILES)) {
    if (!encoded) continue;
    for (const [coding, [suffix]] of Object.entries(COPIES)) {
      await writeFile(join(folder, path + suffix), encode(coding, text));
    }
  }
}
