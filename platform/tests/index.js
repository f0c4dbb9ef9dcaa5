// `node --test platform/tests/` runs the index.js of the folder.
import("./suite.mjs");
