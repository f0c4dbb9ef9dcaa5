// Requests of pages of other origins: see core/edge/src/check/browser.rs, which decides about them.

// What a browser says of the page that a request comes from.
const OF_A_PAGE = ["origin", "access-control-request-method", "access-control-request-headers"];

// Those headers as `name: value` lines.
export function pageLines(headers) {
  let lines = "";
  for (const name of OF_A_PAGE) {
    const value = headers.get(name);
    if (value !== null) lines += `${name}: ${value}\n`;
  }
  return lines;
}

// Tells the page what it may read, in `name: value` lines, in place of what the API says of it.
export function tellPage(headers, lines) {
  for (const name of [...headers.keys()]) {
    if (name.startsWith("access-control-")) headers.delete(name);
  }
  for (const line of lines.split("\n")) {
    const colon = line.indexOf(": ");
    // What else the answer depends on stays.
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 2));
  }
}
