// The direction of a paragraph, by majority; the same rule as broker/text/direction.py, and tested
// with the same cases: one Latin name does not turn an Arabic sentence.

const LEADING_WORDS = 3;

const CODE = /```[^]*?(?:```|$)|`[^`\n]*`/g;
// Bounded as in broker/text/verbatim.py: else a long word would be read anew from each letter.
const LINK = /\]\([^()\s]*\)|(?:https?:\/\/|www\.|mailto:)\S+|(?<![\p{L}\p{N}_.+-])[\p{L}\p{N}_.+-]{1,64}@[\p{L}\p{N}_-]{1,64}\.[\p{L}\p{N}_.-]{1,64}/gu;
const LABEL = /^[^:\n\u0620-\u06ff]*:[ \t](?=[^A-Za-zÀ-ÿ\n]*[\u0620-\u06ff])/;
const RTL_LETTER = /(?=\p{L})[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/gu;
const LETTER = /\p{L}/gu;

/**
 * "rtl", "ltr", or "" for a text without letters. Code, links and emoji do not count.
 * Words vote, not letters; who begins in Arabic writes from the right until Latin words are
 * twice as many. A Latin name and a colon in front of Arabic do not count.
 */
export function direction(text) {
  const words = text.replace(CODE, " ").replace(LINK, " ").replace(LABEL, "").split(/\s+/u);
  let sides = words.map(side).filter(Boolean);
  if (!sides.includes("rtl")) return sides.length ? "ltr" : "";
  const weight = sides[0] === "rtl" ? 2 : 1;
  sides = sides.slice(Math.min(sides.indexOf("rtl"), LEADING_WORDS));
  const rtl = sides.filter((one) => one === "rtl").length;
  return rtl * weight >= sides.length - rtl ? "rtl" : "ltr";
}

function side(word) {
  const [right, left] = letters(word);
  if (!right && !left) return "";
  return right >= left ? "rtl" : "ltr";
}

function letters(word) {
  const right = word.match(RTL_LETTER)?.length ?? 0;
  return [right, (word.match(LETTER)?.length ?? 0) - right];
}
