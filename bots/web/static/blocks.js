// Markdown into blocks: a small, forgiving reading of what language models write. Every prefix
// of a text is readable, because answers are shown while they are written.

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const QUOTE = /^ {0,3}>\s?/;
const ITEM = /^(\s*)(?:([-*+•])|([0-9]{1,9}|[\u0660-\u0669]{1,9}|[\u06F0-\u06F9]{1,9})[.)-])\s+(?=\S)/;
const DELIMITER = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
// The beginning of a block or a mark whose kind is not yet clear: shown when more has come.
const UNCLEAR_BLOCK = /(?:^|\n)[ \t]*(?:#{1,6}|[-+•]|[0-9\u0660-\u0669\u06F0-\u06F9]{1,9}[.)-]|>)[ \t]*$/;
const UNCLEAR_MARK = /(?:[*_~`]+[ \t]*|!?\[)$/;
const MAX_DEPTH = 6;

/**
 * The blocks of a text: {kind, source, …}. Kinds: heading (level, text), code (language, text),
 * list (ordered, start, digits, items: blocks), table (aligns, head, rows), quote (blocks),
 * rule, paragraph (lines). `open`: more text will follow.
 */
export function blocksOf(text, open = false, depth = 0) {
  const known = open ? text.replace(UNCLEAR_MARK, "").replace(UNCLEAR_BLOCK, "") : text;
  const lines = known.replace(/\r\n?/g, "\n").split("\n");
  const blocks = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [block, next] = readBlock(lines, at, open, depth);
    block.source = lines.slice(at, next).join("\n");
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function readBlock(lines, at, open, depth) {
  const line = lines[at];
  if (FENCE.test(line)) return readCode(lines, at);
  const heading = HEADING.exec(line);
  if (heading) return [{ kind: "heading", level: heading[1].length, text: heading[2] }, at + 1];
  if (RULE.test(line)) return [{ kind: "rule" }, at + 1];
  if (depth < MAX_DEPTH && QUOTE.test(line)) return readQuote(lines, at, open, depth);
  if (depth < MAX_DEPTH && ITEM.test(line)) return readList(lines, at, open, depth);
  if (startsTable(lines, at, open)) return readTable(lines, at);
  return readParagraph(lines, at, open, depth);
}

function readCode(lines, at) {
  const [, fence, language] = FENCE.exec(lines[at]);
  const indent = /^ */.exec(lines[at])[0].length;
  const closing = new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end])) end += 1;
  const text = lines.slice(at + 1, end).map((line) => line.replace(new RegExp(`^ {0,${indent}}`), ""));
  return [{ kind: "code", language, text: text.join("\n") }, Math.min(end + 1, lines.length)];
}

function readQuote(lines, at, open, depth) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  const last = open && end === lines.length;
  return [{ kind: "quote", blocks: blocksOf(inner.join("\n"), last, depth + 1) }, end];
}

function readList(lines, at, open, depth) {
  const [, indent, bullet, number] = ITEM.exec(lines[at]);
  const items = [];
  let end = at;
  while (end < lines.length) {
    const marker = ITEM.exec(lines[end]);
    if (!marker || marker[1].length > indent.length + 1) break;
    if (marker[1].length < indent.length || Boolean(marker[2]) !== Boolean(bullet)) break;
    const next = endOfItem(lines, end, indent.length);
    items.push(itemLines(lines, end, next, marker));
    end = next;
  }
  const last = open && end === lines.length;
  return [
    {
      kind: "list",
      ordered: !bullet,
      start: number ? toNumber(number) : 1,
      digits: digitsOf(number),
      items: items.map((item, i) =>
        blocksOf(item.join("\n"), last && i === items.length - 1, depth + 1),
      ),
    },
    end,
  ];
}

/** An item goes on while lines are indented, or follow at once without beginning a block. */
function endOfItem(lines, at, indent) {
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end];
    if (!line.trim()) {
      const next = lines.slice(end).findIndex((later) => later.trim());
      if (next < 0) return lines.length;
      if (indentOf(lines[end + next]) < indent + 2 && !isSibling(lines[end + next], indent)) return end;
      if (indentOf(lines[end + next]) < indent + 2) return end + next;
      end += next;
    } else if (indentOf(line) >= indent + 2 || !beginsBlock(line)) {
      end += 1;
    } else {
      return end;
    }
  }
  return end;
}

function isSibling(line, indent) {
  const marker = ITEM.exec(line);
  return Boolean(marker) && marker[1].length >= indent && marker[1].length <= indent + 1;
}

function itemLines(lines, at, end, marker) {
  const rest = lines.slice(at + 1, end);
  const inner = Math.min(...rest.filter((line) => line.trim()).map(indentOf), marker[0].length);
  return [lines[at].slice(marker[0].length), ...rest.map((line) => line.slice(Math.min(indentOf(line), inner)))];
}

function indentOf(line) {
  return /^[ \t]*/.exec(line)[0].replace(/\t/g, "    ").length;
}

function beginsBlock(line) {
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((pattern) => pattern.test(line));
}

function startsTable(lines, at, open) {
  if (!lines[at].includes("|")) return false;
  const next = lines[at + 1];
  if (next !== undefined && next.includes("-") && DELIMITER.test(next)) {
    return cellsOf(lines[at]).length === cellsOf(next).length || at + 2 === lines.length;
  }
  // While it is written, a row in bars is the head of a table to come.
  const isNext = next === undefined || (at + 2 === lines.length && /^[\s|:-]*$/.test(next));
  return open && isNext && /^\s*\|/.test(lines[at]);
}

function readTable(lines, at) {
  const head = cellsOf(lines[at]);
  const aligns = lines[at + 1] === undefined ? [] : cellsOf(lines[at + 1]).map(alignOf);
  const rows = [];
  let end = Math.min(at + 2, lines.length);
  while (end < lines.length && lines[end].includes("|") && lines[end].trim()) {
    const cells = cellsOf(lines[end]).slice(0, head.length);
    rows.push([...cells, ...Array(head.length - cells.length).fill("")]);
    end += 1;
  }
  return [{ kind: "table", aligns, head, rows }, end];
}

function alignOf(cell) {
  if (/^:-+:$/.test(cell)) return "center";
  return /^-+:$/.test(cell) ? "end" : "";
}

/** The cells of a row; a bar in `code` or behind a backslash divides nothing. */
function cellsOf(line) {
  const row = line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "");
  const cells = [""];
  for (const [part] of row.matchAll(/\\\||`[^`]*`|[^\\`|]+|[^]/g)) {
    if (part === "|") cells.push("");
    else cells[cells.length - 1] += part === "\\|" ? "|" : part;
  }
  return cells.map((cell) => cell.trim());
}

function readParagraph(lines, at, open, depth) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim()) {
    const nested = depth >= MAX_DEPTH && (QUOTE.test(lines[end]) || ITEM.test(lines[end]));
    if ((beginsBlock(lines[end]) && !nested) || startsTable(lines, end, open)) break;
    end += 1;
  }
  return [{ kind: "paragraph", lines: lines.slice(at, end).map((line) => line.trim()) }, end];
}

function toNumber(digits) {
  const western = [...digits].map((digit) => {
    const code = digit.codePointAt(0);
    return code >= 0x06f0 ? code - 0x06f0 : code >= 0x0660 ? code - 0x0660 : code - 0x30;
  });
  return Number(western.join(""));
}

function digitsOf(number) {
  if (!number || /[0-9]/.test(number)) return "";
  return /[\u0660-\u0669]/.test(number) ? "arabic-indic" : "persian";
}
