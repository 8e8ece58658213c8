// What reads from left to right as one piece also inside an Arabic line, and would not by itself;
// the same rule as broker/text/runs.py, and tested with the same cases.

const BEFORE = String.raw`(?<![^\s(\[{«"“'‘:،,؛;/=\u200e\u200f])`;
const AFTER = String.raw`(?![\w@/])`;
const NUMBER = String.raw`\d{1,20}(?:[.,]\d{1,20}){0,10}`;
const RUN = [
  // a Latin sentence in quotes or brackets, with its full stop or question mark
  String.raw`(?<=["“«(])[A-Za-zÀ-ÿ][^"“”«»()\[\]*_\x60~@/\n\u0590-\u08ff]{0,300}[.!?…](?=["”»)])`,
  // 5 + 3 = 8
  String.raw`(?<![\w.,])${NUMBER}(?:\s[-+−×*/÷=<>≤≥]\s${NUMBER}|[+×÷=]${NUMBER}){1,12}(?!\w)`,
  // 35°C, -5°
  String.raw`${BEFORE}[-+−±]?${NUMBER} ?°[CF]?${AFTER}`,
  // 12-B, 2.a, 2026-plan.pdf
  String.raw`${BEFORE}\d{1,20}(?:[.-]\w{1,40}){0,10}[.-][A-Za-z][\w.-]{0,80}(?<![.-])${AFTER}`,
  // phones, accounts, dates, ranges; 3.5, 12:30 and 15/01 come out right alone
  String.raw`(?<![\w+])(?=\+?\d[\d./]{0,40}[ \-()–]{1,2}\d)\+?\d{1,20}(?:(?:[ .\-/()–]{1,2}|,)\d{1,20}){1,20}(?!\w)`,
  String.raw`(?<![\w+])\+\d[\d.]{5,40}`,
  // -5, -20%, $20
  String.raw`${BEFORE}(?:[-+−±][$€£]?|[$€£])${NUMBER}%?${AFTER}`,
  // .NET, /help, --flag
  String.raw`${BEFORE}(?:\.[A-Z][A-Za-z]{1,40}|/[a-z][\w/.-]{0,80}\w|--?[A-Za-z][\w-]{0,80})${AFTER}`,
  // C++, C#, 4G+
  String.raw`(?<![\w@/.])\d?[A-Z][A-Za-z0-9]{0,9}(?:\+\+?|#)(?![\w+#])`,
].join("|");

/** At `lastIndex` alone: what of a line is to be kept apart from it. */
export const LEFT_TO_RIGHT = new RegExp(RUN, "y");

/** At `lastIndex` alone: Arabic words in a Latin line that would pull the number behind them over. */
export const BEFORE_NUMBER =
  /[\u0620-\u06ff]{1,40}(?: {1,40}[\u0620-\u06ff]{1,40}){0,40}(?=[^\w\n\u0600-\u06ff]{0,8}\d)/y;

/** All such runs of a line. */
export function leftToRight(line) {
  return line.match(new RegExp(RUN, "g")) ?? [];
}
