// The page's own words, which come with the page from the server's catalog. What the bot says about
// messages and answers comes with those.

const YEAR_S = 365 * 86400;

/** The labels of this page, its language (`tag`) and direction (`dir`). */
export function readLabels() {
  const { lang, dir } = document.documentElement;
  return inLanguage(JSON.parse(document.getElementById("labels").textContent), lang, dir);
}

/** What the server sends instead, of a user who writes another language. */
export function takeLabels({ language, direction, labels }) {
  setCookie("mersal-heard", language, YEAR_S);
  Object.assign(document.documentElement, { lang: language, dir: direction });
  return inLanguage(labels, language, direction);
}

function inLanguage(labels, tag, dir) {
  const [suggestions, demoSuggestions] = [labels.suggestions, labels.demoSuggestions].map((all) => all.split("\n"));
  return { ...labels, suggestions, demoSuggestions, tag, dir };
}

/** The language of the page from the next time that it is loaded; "auto": the user's. */
export function chooseLanguage(tag) {
  setCookie("mersal-language", tag, tag === "auto" ? 0 : YEAR_S);
}

function setCookie(name, value, age_s) {
  document.cookie = `${name}=${value}; max-age=${age_s}; samesite=lax`;
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
