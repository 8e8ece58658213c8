// The page's own words, which come with the page from the server's catalog. What the bot says about
// messages and answers comes with those.

const YEAR_S = 365 * 86400;

/** The labels of this page, its language (`tag`) and direction (`dir`). */
export function readLabels() {
  const { lang, dir } = document.documentElement;
  const labels = JSON.parse(document.getElementById("labels").textContent);
  const [suggestions, demoSuggestions] = [labels.suggestions, labels.demoSuggestions].map((all) => all.split("\n"));
  return { ...labels, suggestions, demoSuggestions, tag: lang, dir };
}

/** The language of the page from the next time that it is loaded. */
export function chooseLanguage(tag) {
  document.cookie = `mersal-language=${tag}; max-age=${YEAR_S}; samesite=lax`;
}

/** Put the words where the page asks for them. */
export function label(root, labels) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = labels[element.dataset.text];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", labels[element.dataset.label]);
    if (element.tagName === "BUTTON") element.title = labels[element.dataset.label];
  }
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = labels[element.dataset.placeholder];
  }
}
