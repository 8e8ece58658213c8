// Building the page's nodes. Text only ever becomes text nodes, so it stays text.

// Marks that override direction: the page isolates by markup, text has no need of them.
const OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/g;

/** An element with attributes (null: left out) and children (nodes or texts). */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== "") element.setAttribute(name, value);
  }
  element.append(...children.map((child) => (typeof child === "string" ? clean(child) : child)));
  return element;
}

export function clean(text) {
  return text.replace(OVERRIDES, "");
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  copy: "M9 9V5.5A1.5 1.5 0 0 1 10.5 4h8A1.5 1.5 0 0 1 20 5.5v8a1.5 1.5 0 0 1-1.5 1.5H15M5.5 9h8A1.5 1.5 0 0 1 15 10.5v8a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 4 18.5v-8A1.5 1.5 0 0 1 5.5 9z",
  done: "M5 12.5l4.5 4.5L19 7.5",
  again: "M20 11a8 8 0 1 0-2.300 6.300M20 4.5V11h-6.5",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5",
};

/** A small picture drawn with the colour of the text around it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Save a file: {name, content}. */
export function download({ name, content }) {
  const url = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = el("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** A button that copies what `text()` gives, and says for a moment that it did. */
export function copyButton(label, doneLabel, text) {
  const words = el("span", {}, label);
  const button = el("button", { type: "button", class: "quiet" }, icon("copy"), words);
  button.addEventListener("click", async () => {
    await copy(clean(text()));
    words.textContent = doneLabel;
    button.firstChild.replaceWith(icon("done"));
    setTimeout(() => {
      words.textContent = label;
      button.firstChild.replaceWith(icon("copy"));
    }, 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages that came over plain HTTP from another machine have no clipboard: the old way.
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    focused?.focus();
  }
}
