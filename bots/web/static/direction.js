// The direction of a paragraph, by majority; the same rule as bots/direction.py, and tested
// with the same cases: one Latin name does not turn an Arabic sentence.

const LEADING_WORDS = 3;

const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
const LINK = /\]\([^)\s]*\)|(?:https?:\/\/|www\.|mailto:)\S+|[\p{L}\p{N}_.+-]+@[\p{L}\p{N}_-]+\.[\p{L}\p{N}_]+/gu;
const RTL_LETTER = /(?=\p{L})[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/gu;
const LETTER = /\p{L}/gu;

/** "rtl", "ltr", or "" for a text without letters. Code, links and emoji do not count. */
export function direction(text) {
  const words = text.replace(CODE, " ").replace(LINK, " ").split(/\s+/u);
  let counts = words.map(letters);
  const rtl = counts.reduce((sum, [right]) => sum + right, 0);
  if (rtl) counts = withoutLeadingLatin(counts);
  const ltr = counts.reduce((sum, [, left]) => sum + left, 0);
  if (!rtl && !ltr) return "";
  return rtl >= ltr ? "rtl" : "ltr";
}

function withoutLeadingLatin(counts) {
  let dropped = 0;
  for (const [index, [right, left]] of counts.entries()) {
    if (right || (left && dropped === LEADING_WORDS)) return counts.slice(index);
    if (left) dropped += 1;
  }
  return [];
}

function letters(word) {
  const right = word.match(RTL_LETTER)?.length ?? 0;
  return [right, (word.match(LETTER)?.length ?? 0) - right];
}
