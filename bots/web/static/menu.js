// The list of this browser's conversations. The server knows them by number; titles stay here.

import { direction } from "./direction.js";
import { el, icon } from "./dom.js";
import { keep, recall } from "./store.js";

const MOST = 50;
const TITLE_CHARS = 60;

/** Conversations of this browser: [{number, title, at}], the last used first. */
export function conversations() {
  return recall("conversations", []);
}

/** A conversation was used; its first message is its title. */
export function remember(number, text, at) {
  const others = conversations().filter((each) => each.number !== number);
  const title = conversations().find((each) => each.number === number)?.title;
  const shown = title ?? text.replace(/\s+/g, " ").trim().slice(0, TITLE_CHARS);
  keep("conversations", [{ number, title: shown, at }, ...others].slice(0, MOST));
  keep("highest", Math.max(recall("highest", 0), number));
}

export function drop(number) {
  keep("conversations", conversations().filter((each) => each.number !== number));
}

/** A number that no conversation of this browser has had. */
export function nextNumber() {
  return Math.max(recall("highest", 0), ...conversations().map(({ number }) => number)) + 1;
}

export class Menu {
  /** `onOpen(number)`, `onErase(number)`, `onNew()`, `onLanguage(tag)`, `onChoose(name, value)`. */
  constructor(dialog, { onOpen, onErase, onNew, onLanguage, onChoose }) {
    this.dialog = dialog;
    this.list = dialog.querySelector("ul");
    this.select = dialog.querySelector("#language");
    this.choices = dialog.querySelector("#choices");
    Object.assign(this, { onOpen, onErase, onChoose });
    dialog.querySelector("#menu-close").addEventListener("click", () => dialog.close());
    dialog.querySelector("#menu-new").addEventListener("click", () => {
      dialog.close();
      onNew();
    });
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // on the backdrop
    });
    this.select.addEventListener("change", () => onLanguage(this.select.value));
  }

  /** Whether it is a language of the page. */
  speaks(tag) {
    return [...this.select.options].some(({ value }) => value === tag);
  }

  open(current, labels) {
    this.select.value = labels.tag;
    this.fill(current, labels);
    this.dialog.showModal();
  }

  /** The user's choices that the server keeps: [{name, words, value, options: [{value, words}]}]. */
  showChoices(settings) {
    const state = JSON.stringify(settings);
    if (state === this.shownChoices) return;
    this.shownChoices = state;
    this.choices.replaceChildren(...settings.map((setting) => this.choice(setting)));
  }

  choice({ name, words, value, options }) {
    const select = el("select", { name });
    for (const option of options) select.append(el("option", { value: option.value }, option.words));
    select.value = value;
    select.addEventListener("change", () => {
      if (!this.onChoose(name, select.value)) select.value = value;
    });
    return el("label", { class: "choice" }, el("span", {}, words), select);
  }

  fill(current, labels) {
    this.list.replaceChildren(
      ...conversations().map(({ number, title }) => {
        const shown = title || labels.untitled;
        const open = el("button", { type: "button", class: "conversation" }, el("bdi", { dir: direction(shown) }, shown));
        if (number === current) open.setAttribute("aria-current", "true");
        open.addEventListener("click", () => {
          this.dialog.close();
          this.onOpen(number);
        });
        const erase = el("button", { type: "button", class: "round", title: labels.erase }, icon("trash"));
        erase.setAttribute("aria-label", `${labels.erase}: ${shown}`);
        erase.addEventListener("click", () => {
          if (!confirm(labels.eraseSure)) return;
          this.onErase(number);
          this.fill(current, labels);
        });
        return el("li", {}, open, erase);
      }),
    );
  }
}
