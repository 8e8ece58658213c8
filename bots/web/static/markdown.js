// An answer on the page: Markdown as nodes, each block in the direction of its own text.

import { blocksOf } from "./blocks.js";
import { direction } from "./direction.js";
import { copyButton, el } from "./dom.js";
import { inline } from "./inline.js";

const SHORT_CELL = 16; // characters; such a cell, a price say, is never broken

/** Shows a text that grows. Blocks that did not change keep their nodes: nothing flickers. */
export class Markdown {
  constructor(element, labels) {
    this.element = element;
    this.labels = labels;
    this.shown = []; // {key, node} of each block
  }

  /** `open`: more text will follow. `fallback`: the direction of a text without letters. */
  show(text, open, fallback) {
    const base = direction(text) || fallback;
    this.element.dir = base;
    const blocks = blocksOf(text, open);
    const before = this.shown;
    this.shown = blocks.map((block, index) => {
      const unfinished = open && index === blocks.length - 1;
      const key = `${base}|${unfinished}|${block.source}`;
      if (before[index]?.key === key) return before[index];
      return { key, node: this.render(block, base, unfinished) };
    });
    this.shown.forEach(({ node }, index) => {
      const old = before[index]?.node;
      if (old === node) return;
      if (old) old.replaceWith(node);
      else this.element.append(node);
    });
    for (const { node } of before.slice(this.shown.length)) node.remove();
  }

  render(block, base, open) {
    switch (block.kind) {
      case "heading":
        return el(`h${Math.min(block.level + 2, 6)}`, { dir: dirOf(block.text, base) }, ...inline(block.text, open));
      case "code":
        return this.renderCode(block);
      case "list":
        return this.renderList(block, base, open);
      case "table":
        return renderTable(block, base, open);
      case "quote":
        return el("blockquote", { dir: dirOf(block.source, base) }, ...this.renderAll(block.blocks, base, open));
      case "rule":
        return el("hr");
      default:
        return renderParagraph(block.lines, base, open);
    }
  }

  renderAll(blocks, base, open) {
    return blocks.map((block, index) => this.render(block, base, open && index === blocks.length - 1));
  }

  renderCode({ language, text }) {
    const copy = copyButton(this.labels.copy, this.labels.copied, () => text);
    const head = el("figcaption", {}, el("span", { dir: "ltr" }, language || "text"), copy);
    const code = el("code", {}, text);
    const pre = el("pre", { dir: "ltr", tabindex: "0", "aria-label": this.labels.code }, code);
    return el("figure", { class: "code" }, head, pre);
  }

  renderList({ ordered, start, digits, items }, base, open) {
    const side = sideOf(items.map((blocks) => blocks[0]?.source ?? ""), base);
    const attributes = { dir: side, class: digits, start: ordered && start !== 1 ? String(start) : null };
    const list = el(ordered ? "ol" : "ul", attributes);
    items.forEach((blocks, index) => {
      const last = open && index === items.length - 1;
      // An item of one paragraph is that paragraph, without its margins.
      list.append(el("li", {}, ...this.renderAll(blocks, side, last)));
    });
    return list;
  }
}

function renderParagraph(lines, base, open) {
  const side = dirOf(lines.join("\n"), base);
  const last = lines.length - 1;
  const shown = lines.map((line, index) => inline(line, open && index === last));
  if (lines.length === 1) return el("p", { dir: side }, ...shown[0]);
  // Each line has its own direction, as in a chat.
  const spans = shown.map((nodes, index) =>
    el("span", { class: "line", dir: dirOf(lines[index], side) }, ...nodes),
  );
  return el("p", { dir: side }, ...spans);
}

function renderTable({ aligns, head, rows }, base, open) {
  const side = sideOf([head, ...rows].flat(), base);
  const row = (cells, tag, last) =>
    el(
      "tr",
      {},
      ...cells.map((cell, column) => {
        const classes = [aligns[column] ?? "", cell.length <= SHORT_CELL ? "short" : ""];
        const attributes = { dir: dirOf(cell, side), class: classes.join(" ").trim() };
        if (tag === "th") attributes.scope = "col";
        return el(tag, attributes, ...inline(cell, last && column === cells.length - 1));
      }),
    );
  const body = rows.map((cells, index) => row(cells, "td", open && index === rows.length - 1));
  const table = el("table", { dir: side }, el("thead", {}, row(head, "th", false)), el("tbody", {}, ...body));
  return el("div", { class: "table", dir: side, tabindex: "0" }, table);
}

/** The side that all of them are on; where they differ, that of the answer. */
function sideOf(texts, base) {
  const sides = new Set(texts.map((text) => direction(text)).filter(Boolean));
  return sides.size === 1 ? [...sides][0] : base;
}

function dirOf(text, base) {
  return direction(text) || base;
}
