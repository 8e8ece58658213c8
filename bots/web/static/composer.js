// Where the user writes.

import { direction } from "./direction.js";

const MAX_HEIGHT_PX = 200;

export class Composer {
  /** `onSay(text)` with what was written. */
  constructor(form, { onSay, fallback }) {
    this.form = form;
    this.input = form.querySelector("textarea");
    this.button = form.querySelector("[type=submit]");
    this.onSay = onSay;
    this.fallback = fallback;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("keydown", (event) => {
      // Enter that ends a word in an input method is not for us.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      if (event.defaultPrevented) return; // it took what was offered
      event.preventDefault();
      this.say();
    });
    this.fit();
  }

  say() {
    const text = this.input.value.trim();
    if (!text) return;
    this.write("");
    this.onSay(text);
  }

  write(text) {
    this.input.value = text;
    this.input.dispatchEvent(new Event("input"));
    this.input.focus({ preventScroll: true });
  }

  fit() {
    this.button.disabled = !this.input.value.trim();
    this.input.dir = direction(this.input.value) || this.fallback();
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, MAX_HEIGHT_PX)}px`;
  }
}
