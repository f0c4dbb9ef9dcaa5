// The body of a request, where a signature may cover it (RFC 5849 §3.4.1.3.1): only then does it not stream past.

export class Form {
  #request;
  // The body, once it was read. The request itself has no body from then on.
  bytes;
  // The promise of `read`, where that was called.
  reading;

  constructor(request) {
    this.#request = request;
  }

  // Promises the body as bytes; `undefined` where it is no form, `null` where it has more bytes than `most` and was not
  // read. Called from functions/src/check.rs.
  read(most) {
    this.reading = this.#read(most);
    return this.reading;
  }

  async #read(most) {
    const { headers, body } = this.#request;
    const [essence] = (headers.get("content-type") ?? "").split(";");
    const isForm = essence.trim().toLowerCase() === "application/x-www-form-urlencoded";
    if (!isForm || body === null) return undefined;
    if (Number(headers.get("content-length")) > most) return null;

    const chunks = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.byteLength;
      if (length > most) return null;
      chunks.push(chunk);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    this.bytes = bytes;
    return bytes;
  }
}
