// What may follow a slash, offered while it is typed: a list above the input. The keyboard stays
// in the input; a screen reader hears the option that the arrows stand on.

import { el } from "./dom.js";

export class Completion {
  /**
   * `onTake(offer)`: an offer was taken; `onOpen()`: the list came up. Made before others listen
   * to the input's keys, so that Enter takes an offer before it sends a message.
   */
  constructor(input, list, { onTake, onOpen }) {
    Object.assign(this, { input, list, onTake, onOpen });
    this.offers = []; // all: {write, words}
    this.shown = [];
    this.at = 0;
    this.dismissed = false; // until something else is typed
    input.addEventListener("input", () => {
      this.dismissed = false;
      this.refresh();
    });
    input.addEventListener("blur", () => this.hide());
    input.addEventListener("keydown", (event) => this.press(event));
    // A press must not take the focus, which would hide the list before the click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.shown[[...list.children].indexOf(option)]);
    });
  }

  /** Offer these from now on; an open list follows. */
  know(offers) {
    this.offers = offers;
    if (document.activeElement === this.input && !this.dismissed) this.refresh();
  }

  get open() {
    return !this.list.hidden;
  }

  refresh() {
    const shown = following(this.offers, this.input.value);
    if (!shown.length) {
      this.hide();
      return;
    }
    const same = this.open && JSON.stringify(shown) === JSON.stringify(this.shown);
    const opens = !this.open;
    this.shown = shown;
    if (same) return;
    this.list.replaceChildren(...shown.map(optionOf));
    this.list.hidden = false;
    this.input.setAttribute("aria-haspopup", "listbox");
    this.input.setAttribute("aria-controls", this.list.id);
    this.mark(0);
    if (opens) this.onOpen();
  }

  hide() {
    this.list.hidden = true;
    this.shown = [];
    for (const name of ["aria-haspopup", "aria-controls", "aria-activedescendant"]) {
      this.input.removeAttribute(name);
    }
  }

  press(event) {
    if (!this.open || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.at + step + this.shown.length) % this.shown.length);
    else if (event.key === "Escape") {
      this.dismissed = true;
      this.hide();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      this.take(this.shown[this.at]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === at));
      if (index === at) option.scrollIntoView({ block: "nearest" });
    });
    this.input.setAttribute("aria-activedescendant", this.list.children[at].id);
  }

  take(offer) {
    this.hide();
    this.onTake(offer);
  }
}

/** The offers that go on from what was typed, up to their next blank. */
function following(offers, typed) {
  if (!typed.startsWith("/")) return [];
  return offers.filter(({ write }) => {
    const rest = write.slice(typed.length);
    return rest.trim() && write.startsWith(typed) && !rest.trim().includes(" ");
  });
}

function optionOf({ write, words }, index) {
  const name = el("bdi", { dir: "ltr", class: "command" }, write.trim());
  return el("li", { role: "option", id: `offer-${index}` }, name, " ", el("span", {}, words));
}
