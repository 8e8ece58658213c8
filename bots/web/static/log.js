// The conversation's items on the page. Nodes are kept by the item's key, so that a message
// stays the same node from being sent to being answered.

import { direction } from "./direction.js";
import { copyButton, el, icon } from "./dom.js";
import { plain } from "./inline.js";
import { Markdown } from "./markdown.js";

const PATIENCE_MS = 12000;

export class Log {
  /**
   * `actions`: again(), resend(id), edit(id, text), more(button, text),
   * choose(write): what a button of the bot's answer writes.
   */
  constructor(element, labels, actions) {
    this.element = element;
    this.labels = labels;
    this.actions = actions;
    this.views = new Map();
  }

  clear() {
    for (const view of this.views.values()) view.leave?.();
    this.views.clear();
    this.element.replaceChildren();
  }

  /** Show these items, in this order, and nothing else. */
  show(items) {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, view] of this.views) {
      if (keys.has(key)) continue;
      view.leave?.();
      view.node.remove();
      this.views.delete(key);
    }
    let next = this.element.firstElementChild;
    for (const item of items) {
      let view = this.views.get(item.key);
      if (!view) {
        view = this.create(item);
        this.views.set(item.key, view);
      }
      if (view.node === next) next = next.nextElementSibling;
      else this.element.insertBefore(view.node, next);
      const state = JSON.stringify(item);
      if (state !== view.state) view.update(item);
      view.state = state;
    }
  }

  create(item) {
    switch (item.kind) {
      case "said":
        return new SaidView(this.labels, this.actions);
      case "answer":
        return new AnswerView(this.labels, this.actions);
      case "typing":
        return new TypingView(this.labels);
      default:
        return new RemarkView(this.labels);
    }
  }
}

/** What the user wrote: plain text, each line in its own direction. */
class SaidView {
  constructor(labels, actions) {
    Object.assign(this, { labels, actions });
    this.label = el("div", { class: "task" });
    this.bubble = el("div", { class: "bubble" });
    this.foot = el("div", { class: "foot" });
    this.more = moreButton(labels, (button) => actions.more(button, this.text));
    const row = el("div", { class: "row" }, this.bubble, this.more);
    this.node = el("article", { class: "said" }, speaker(labels.you), this.label, row, this.foot);
  }

  update(item) {
    const side = direction(item.text) || this.labels.dir;
    this.bubble.dir = side;
    this.bubble.replaceChildren(...plainLines(item.text, side));
    this.text = item.text;
    this.label.textContent = item.aside ? `${item.label} · ${this.labels.aside}` : item.label;
    this.label.hidden = !item.label;
    this.more.hidden = item.state !== "kept" || Boolean(item.label);
    this.showTask(Boolean(item.label));
    this.node.dataset.state = item.state;
    this.foot.replaceChildren(...this.footOf(item));
  }

  /** What a task is about was mostly read before: it takes little room, and can be scrolled. */
  showTask(isTask) {
    this.bubble.classList.toggle("short", isTask);
    if (isTask) this.bubble.tabIndex = 0;
    else this.bubble.removeAttribute("tabindex");
  }

  footOf({ id, text, state, words }) {
    const { labels, actions } = this;
    if (state === "kept" || state === "sending") return [];
    if (state === "waiting") return [el("span", {}, labels.waiting)];
    return [
      ...remarks([words], labels),
      button(labels.resend, "again", () => actions.resend(id)),
      button(labels.edit, null, () => actions.edit(id, text)),
    ];
  }
}

/** What the model wrote, or is writing; `plain` is what the bot itself says. */
class AnswerView {
  constructor(labels, actions) {
    Object.assign(this, { labels, actions });
    this.text = "";
    this.body = el("div", { class: "answer-text" });
    this.markdown = new Markdown(this.body, labels);
    this.foot = el("div", { class: "foot" });
    this.more = moreButton(labels, (button) => actions.more(button, this.text));
    this.node = el("article", { class: "answer" }, speaker(document.title), this.body, this.foot);
  }

  update({ text, plain = false, open = false, words, last = false, aside = false, choices = [] }) {
    this.text = text;
    this.node.classList.toggle("aside", aside);
    if (plain) this.showPlain();
    else this.markdown.show(text, open, this.labels.dir);
    this.node.classList.toggle("open", open);
    this.node.setAttribute("aria-busy", String(open));
    this.node.classList.toggle("last", last);
    const chips = choices.map(({ words, write }) => button(words, null, () => this.actions.choose(write)));
    const tools = el("div", { class: "tools" });
    if (!open && text) {
      tools.append(copyButton(this.labels.copy, this.labels.copied, () => this.text), this.more);
    }
    if (last) tools.append(button(this.labels.again, "again", () => this.actions.again()));
    this.foot.replaceChildren(...remarks(words, this.labels), ...chips, tools);
  }

  showPlain() {
    this.body.dir = direction(this.text) || this.labels.dir;
    this.body.replaceChildren(...plainLines(this.text, this.body.dir));
  }
}

class TypingView {
  constructor(labels) {
    this.labels = labels;
    this.hint = el("span", { class: "hint" });
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    const spoken = el("span", { class: "unseen" }, `${document.title} ${labels.typing}`);
    this.node = el("article", { class: "answer typing" }, dots, spoken, this.hint);
    this.timer = setTimeout(() => {
      this.hint.textContent ||= labels.stillWaiting;
    }, PATIENCE_MS);
  }

  update({ wait }) {
    if (!wait) return;
    this.hint.dir = direction(wait) || this.labels.dir;
    this.hint.textContent = wait;
  }

  leave() {
    clearTimeout(this.timer);
  }
}

class RemarkView {
  constructor(labels) {
    this.labels = labels;
    this.node = el("article", { class: "answer remark" });
  }

  update({ words }) {
    this.node.replaceChildren(...remarks(words, this.labels));
  }
}

/** Each line in its own direction, as in a chat. `side`: that of a line without letters. */
function plainLines(text, side) {
  return text
    .split("\n")
    .map((line) => el("div", { dir: direction(line) || side }, ...(line ? plain(line) : ["\u00a0"])));
}

function remarks(words, labels) {
  return words.map((text) => el("p", { class: "words", dir: direction(text) || labels.dir }, text));
}

function speaker(name) {
  return el("span", { class: "unseen" }, `${name}: `);
}

/** The button of a message's menu. */
function moreButton(labels, act) {
  const made = el("button", { type: "button", class: "quiet more", "aria-haspopup": "menu" }, icon("more"));
  made.setAttribute("aria-expanded", "false");
  made.setAttribute("aria-label", labels.more);
  made.title = labels.more;
  made.addEventListener("click", () => act(made));
  return made;
}

function button(words, picture, act) {
  const made = el("button", { type: "button", class: "quiet" }, ...(picture ? [icon(picture)] : []));
  made.append(el("span", {}, words));
  made.addEventListener("click", act);
  return made;
}
