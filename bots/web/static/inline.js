// Markdown inside a line: bold, italic, struck, code, links. Gives nodes, never markup. In plain
// text addresses, telephone numbers and the like are found too: they read from left to right.

import { direction } from "./direction.js";
import { clean, el } from "./dom.js";
import { BEFORE_NUMBER, LEFT_TO_RIGHT } from "./runs.js";

const ESCAPE = /\\([!-/:-@[-`{-~])/y;
const LINK = /!?\[([^[\]\n]{0,500})\]\(\s*<?([^\s<>()]{0,2000}(?:\([^\s()]{0,500}\)[^\s()]{0,500})?)>?(?:\s+"[^"\n]{0,300}")?\s*\)/y;
const UNFINISHED_LINK = /!?\[([^[\]\n]{0,500})(?:\](?:\([^\s()]*)?)?$/y;
const ANGLE = /<((?:https?:\/\/|mailto:)[^\s<>]{1,2000})>/y;
const ADDRESS = /https?:\/\/[^\s<>"`\u060C\u061B\u061F\u00AB\u00BB]+/y;
const MAIL = /[A-Za-z0-9][A-Za-z0-9._+-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,60})+/y;
const HANDLE = /[@#][A-Za-z0-9_][A-Za-z0-9_.]*(?<!\.)/y;
const TRAILING = ".,;:!?'*_~";
const MARKERS = ["***", "**", "__", "~~", "*", "_"];
const TAGS = { "**": "strong", __: "strong", "~~": "s", "*": "em", _: "em" };
const WORD = /[\p{L}\p{N}_]/u;
const MAX_DEPTH = 6;

/** The nodes of one line. `open`: more of it will follow, so what began is taken as meant. */
export function inline(text, open = false, depth = 0) {
  return new Line(text, open, depth).read();
}

/** The nodes of one line without Markdown: only addresses and telephone numbers are marked. */
export function plain(text) {
  return new PlainLine(text, false, 0).read();
}

class Line {
  constructor(text, open, depth) {
    this.text = text;
    this.open = open;
    this.depth = depth;
    this.at = 0;
    this.plain = "";
    this.nodes = [];
    this.unclosed = new Set(); // markers known to have no end
    this.side = null; // the direction of the text, once it was asked for
  }

  read() {
    while (this.at < this.text.length) {
      if (!this.readSpecial()) {
        const character = String.fromCodePoint(this.text.codePointAt(this.at));
        this.plain += character;
        this.at += character.length;
      }
    }
    this.flush();
    return this.nodes;
  }

  readSpecial() {
    switch (this.text[this.at]) {
      case "\\":
        return this.readEscape();
      case "`":
        return this.readCode();
      case "!":
      case "[":
        return this.readLink();
      case "<":
        return this.readAngle();
      case "*":
      case "_":
      case "~":
        return this.readEmphasis();
      default:
        return this.readAtWordStart();
    }
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  flush() {
    if (this.plain) this.nodes.push(document.createTextNode(clean(this.plain)));
    this.plain = "";
  }

  add(node, length) {
    this.flush();
    this.nodes.push(node);
    this.at += length;
    return true;
  }

  readEscape() {
    const found = this.match(ESCAPE);
    if (!found) return false;
    this.plain += found[1];
    this.at += 2;
    return true;
  }

  readCode() {
    const ticks = /`+/y;
    ticks.lastIndex = this.at;
    const run = ticks.exec(this.text)[0];
    const end = this.closingTicks(run);
    if (end < 0 && !(this.open && run.length < 3)) {
      this.plain += run;
      this.at += run.length;
      return true;
    }
    const stop = end < 0 ? this.text.length : end;
    const code = this.text.slice(this.at + run.length, stop);
    const shown = /^ .*\S.* $/.test(code) ? code.slice(1, -1) : code;
    const length = Math.min(stop + run.length, this.text.length) - this.at;
    return this.add(el("code", { dir: "ltr" }, shown), length);
  }

  closingTicks(run) {
    const runs = /`+/g;
    runs.lastIndex = this.at + run.length;
    for (let found = runs.exec(this.text); found; found = runs.exec(this.text)) {
      if (found[0].length === run.length) return found.index;
    }
    return -1;
  }

  readLink() {
    const found = this.match(LINK);
    if (found) {
      const link = linkTo(found[2], this.inside(found[1] || found[2], false));
      if (link) return this.add(link, found[0].length);
      return false;
    }
    const unfinished = this.open && this.match(UNFINISHED_LINK);
    if (!unfinished) return false;
    this.plain += unfinished[1];
    this.at = this.text.length;
    return true;
  }

  readAngle() {
    const found = this.match(ANGLE);
    const link = found && linkTo(found[1], [found[1].replace(/^mailto:/, "")]);
    return link ? this.add(link, found[0].length) : false;
  }

  readAtWordStart() {
    const before = this.text[this.at - 1];
    if (before !== undefined && WORD.test(before)) return false;
    return (
      this.readAddress() ||
      this.readMail() ||
      this.readRun() ||
      this.readHandle() ||
      this.readArabicBeforeNumber()
    );
  }

  readAddress() {
    const found = this.match(ADDRESS);
    if (!found) return false;
    const shown = withoutTrailing(found[0]);
    const link = linkTo(shown, [shown]);
    return link ? this.add(link, shown.length) : false;
  }

  readMail() {
    const found = this.match(MAIL);
    const link = found && linkTo(`mailto:${found[0]}`, [found[0]]);
    return link ? this.add(link, found[0].length) : false;
  }

  readRun() {
    const found = this.match(LEFT_TO_RIGHT);
    if (!found) return false;
    const kind = /\p{L}/u.test(found[0]) ? null : "number";
    return this.add(el("bdi", { dir: "ltr", class: kind }, found[0]), found[0].length);
  }

  readHandle() {
    const found = this.match(HANDLE);
    return found ? this.add(el("bdi", { dir: "ltr" }, found[0]), found[0].length) : false;
  }

  readArabicBeforeNumber() {
    const found = this.match(BEFORE_NUMBER);
    if (!found) return false;
    this.side ??= direction(this.text);
    if (this.side !== "ltr") return false;
    return this.add(el("bdi", { dir: "rtl" }, found[0]), found[0].length);
  }

  readEmphasis() {
    const marker = MARKERS.find((each) => this.text.startsWith(each, this.at));
    if (!marker || this.depth >= MAX_DEPTH) return false;
    const end = this.opens(marker) ? this.closing(marker) : -1;
    if (end < 0) {
      this.plain += marker;
      this.at += marker.length;
      return true;
    }
    const inner = this.text.slice(this.at + marker.length, end);
    const nodes = this.inside(inner, this.open && end === this.text.length);
    const node =
      marker === "***" ? el("strong", {}, el("em", {}, ...nodes)) : el(TAGS[marker], {}, ...nodes);
    return this.add(node, Math.min(end + marker.length, this.text.length) - this.at);
  }

  opens(marker) {
    const after = this.text[this.at + marker.length];
    if (after === undefined || /\s/.test(after)) return false;
    const before = this.text[this.at - 1];
    return marker[0] !== "_" || before === undefined || !WORD.test(before);
  }

  closing(marker) {
    if (this.unclosed.has(marker)) return -1;
    let end = this.text.indexOf(marker, this.at + marker.length + 1);
    while (end >= 0 && !this.closesAt(marker, end)) {
      end = this.text.indexOf(marker, end + marker.length);
    }
    if (end >= 0) return end;
    // Bold that has begun will most likely end: no stars that vanish again.
    if (this.open && marker === "**") return this.text.length;
    this.unclosed.add(marker);
    return -1;
  }

  closesAt(marker, end) {
    if (/\s/.test(this.text[end - 1]) || this.text[end - 1] === "\\") return false;
    const after = this.text[end + marker.length];
    if (marker.length === 1 && (after === marker || this.text[end - 1] === marker)) return false;
    return marker[0] !== "_" || after === undefined || !WORD.test(after);
  }

  inside(text, open) {
    return inline(text, open, this.depth + 1);
  }
}

class PlainLine extends Line {
  readSpecial() {
    return this.readAtWordStart();
  }
}

/** Punctuation after an address, and a bracket that was opened before it, are not part of it. */
function withoutTrailing(address) {
  const count = (bracket) => address.split(bracket).length;
  const surplus = { ")": count(")") - count("("), "]": count("]") - count("[") };
  let end = address.length;
  while (end > 0) {
    const last = address[end - 1];
    if (surplus[last] > 0) surplus[last] -= 1;
    else if (!TRAILING.includes(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
}

/** A link, or null when its address is not one that may be followed. */
function linkTo(address, label) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return null;
  const link = el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...label);
  link.dir = direction(link.textContent) || "ltr";
  return link;
}
