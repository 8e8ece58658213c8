// What can be done with a message: a menu that opens at the message's own button.

import { el } from "./dom.js";

const ARABIC = /\p{Script=Arabic}/u;
const LATIN = /\p{Script=Latin}/u;
const GAP_PX = 4;

export class MessageMenu {
  /** `onChoose(write, text)`: the command to put before the message's text. */
  constructor(menu, { onChoose }) {
    this.menu = menu;
    this.onChoose = onChoose;
    this.offers = []; // {write, words, letters}: those that a message can be given to
    menu.addEventListener("keydown", (event) => this.press(event));
    menu.addEventListener("toggle", ({ newState }) => {
      if (newState === "closed") this.opener?.setAttribute("aria-expanded", "false");
    });
    // It would stay where it was while its message goes.
    addEventListener("resize", () => menu.hidePopover());
    document.addEventListener("scroll", () => menu.hidePopover(), { capture: true, passive: true });
  }

  know(offers) {
    this.offers = offers;
  }

  open(opener, text) {
    const offers = this.offers.filter(({ letters }) => fits(letters, text));
    this.opener = opener;
    this.menu.replaceChildren(...offers.map((offer) => this.entry(offer, text)));
    this.menu.showPopover();
    opener.setAttribute("aria-expanded", "true");
    place(this.menu, opener.getBoundingClientRect());
    this.menu.firstElementChild?.focus({ preventScroll: true });
  }

  entry({ write, words }, text) {
    const button = el("button", { type: "button", role: "menuitem", tabindex: "-1" }, words);
    button.addEventListener("click", () => {
      this.menu.hidePopover();
      this.onChoose(write, text);
    });
    return button;
  }

  press(event) {
    const entries = [...this.menu.children];
    const at = entries.indexOf(document.activeElement);
    const next = {
      ArrowDown: (at + 1) % entries.length,
      ArrowUp: (at - 1 + entries.length) % entries.length,
      Home: 0,
      End: entries.length - 1,
    }[event.key];
    if (next !== undefined) entries[next].focus();
    else if (event.key === "Escape" || event.key === "Tab") {
      this.menu.hidePopover();
      this.opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function fits(letters, text) {
  if (!letters) return true;
  return (letters === "arab" ? ARABIC : LATIN).test(text);
}

/** Below the button, or above it where there is no room; never outside the window. */
function place(menu, { left, right, top, bottom }) {
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = bottom + GAP_PX + height <= innerHeight;
  const start = document.documentElement.dir === "rtl" ? right - width : left;
  menu.style.top = `${Math.max(GAP_PX, below ? bottom + GAP_PX : top - GAP_PX - height)}px`;
  menu.style.left = `${Math.min(Math.max(GAP_PX, start), innerWidth - width - GAP_PX)}px`;
}
