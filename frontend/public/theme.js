// Applies the stored theme before the first paint; the page would flash otherwise.
try {
  document.documentElement.dataset.theme = localStorage.getItem("gatehouse-theme") ?? "system";
} catch {
  // Without storage the system's theme holds.
}
