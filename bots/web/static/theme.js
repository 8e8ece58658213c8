// Runs before the page is painted, so that nothing flashes: light or dark, as the user chose
// here, else as the system says. Kept by store.js, under this name.
const DARK = matchMedia("(prefers-color-scheme: dark)");

function showTheme() {
  let chosen = null;
  try {
    chosen = JSON.parse(localStorage.getItem("mersal.theme"));
  } catch {
    // No choice kept.
  }
  const dark = chosen === "dark" || (chosen !== "light" && DARK.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

showTheme();
DARK.addEventListener("change", showTheme);
