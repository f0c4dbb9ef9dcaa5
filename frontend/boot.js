// Starts the portal. A file of its own, so that the content security policy needs no exception for inline script.
// `cargo xtask build` puts it beside the bindings that wasm-bindgen writes, and fills in WASM_URL.
import init from "./index.js";

init({ module_or_path: WASM_URL }).catch((error) => {
  console.error(error);
  const notice = document.createElement("p");
  notice.className = "boot-note";
  notice.setAttribute("role", "alert");
  notice.textContent = "The portal couldn’t start. Reload the page. If that doesn’t help, try an up-to-date browser.";
  document.getElementById("boot")?.remove();
  document.body.append(notice);
});
