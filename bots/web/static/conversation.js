// The conversation as this page knows it: what the server said, and what it has yet to hear.
// No network and no page in here.

const MOST_TOLD = 50;

/** How a message of the user stands: kept by the server, on its way, waiting, or refused. */
export class Conversation {
  constructor(unsent = [], told = []) {
    this.known = false; // whether a whole view has come
    this.model = "";
    this.turns = [];
    this.pending = []; // kept, unanswered
    this.told = told; // the bot's own answers to commands: {id, after, text, answer, label, choices}
    this.partial = null; // {id, text, length}: the answer being written; length in characters
    this.unsent = unsent; // {id, text, at, state, words}
    this.remarks = new Map(); // words below an answer, by its id
    this.wait = "";
  }

  get busy() {
    return this.pending.length > 0;
  }

  get regenerating() {
    return this.pending[0]?.action === "regenerate";
  }

  /** Take a view. Returns {look, finished}: a whole view is needed; the turn that just ended. */
  takeView(view) {
    const before = this.turns.at(-1)?.id;
    const known = this.known;
    const turns = view.whole ? view.turns : joined(this.turns, view.turns);
    if (turns === null) return { look: true, finished: null };
    this.known = true;
    this.turns = turns;
    this.pending = view.pending;
    this.model = view.model;
    this.takePartial(view);
    for (const { id, words } of view.remarks) if (words.length) this.remarks.set(id, words);
    const kept = new Set([...this.pending, ...turns.flatMap((turn) => turn.said)].map(({ id }) => id));
    this.unsent = this.unsent.filter(({ id }) => !kept.has(id));
    if (!this.busy) this.wait = "";
    if (!this.busy || this.partial) this.remarks.delete("nobody");
    const last = turns.at(-1);
    return { look: false, finished: known && last && last.id !== before ? last : null };
  }

  takePartial({ partial, turns, whole, pending }) {
    const newest = Number(turns.at(-1)?.id ?? 0);
    const own = this.partial;
    if (partial && !(own?.id === partial.id && own.text.length > partial.text.length)) {
      this.partial = { ...partial, length: [...partial.text].length };
    } else if (!partial && (whole ? !pending.length : Number(own?.id ?? 0) <= newest)) {
      this.partial = null;
    }
  }

  /** Take a piece of the answer. Returns whether something before it is missing. */
  takeDelta({ id, offset, text }) {
    const newest = Number(this.turns.at(-1)?.id ?? 0);
    if (!this.known || Number(id) <= newest || Number(id) < Number(this.partial?.id ?? 0)) return false;
    this.remarks.delete("nobody");
    const own = this.partial?.id === id ? this.partial : { id, text: "", length: 0 };
    if (offset > own.length) return true;
    const fresh = [...text].slice(own.length - offset);
    this.partial = { id, text: own.text + fresh.join(""), length: own.length + fresh.length };
    return false;
  }

  /** Take a receipt. Returns whether a whole view is needed. */
  takeReceipt({ id, action, text, at, label, aside, answer, choices, status, kept, wait, words }) {
    if (kept) {
      this.unsent = this.unsent.filter((message) => message.id !== id);
      if (status === "told") this.takeAnswer({ id, text, answer, label, choices });
      if (status === "told") return false; // a whole view follows
      if (words) this.remarks.set("nobody", [words]);
      if (status === "accepted" || status === "asked") this.wait = wait;
      if (status === "asked") return false; // a whole view follows here too
      const seen = this.pending.some((message) => message.id === id);
      const message = { id, action, text, at, label, aside };
      if (status === "accepted" && !seen) this.pending = [...this.pending, message];
      return status === "duplicate" && !seen;
    }
    if (action === "regenerate") {
      this.refuse(id, words);
      return false;
    }
    const state = status === "unavailable" ? "waiting" : "refused";
    this.unsent = this.unsent.map((message) =>
      message.id === id ? { ...message, state, words } : message,
    );
    return false;
  }

  /** It stands behind what was said last, and moves with that. */
  takeAnswer(answered) {
    const after = this.turns.at(-1)?.said.at(-1)?.id ?? "";
    const others = this.told.filter(({ id }) => id !== answered.id);
    if (answered.answer) this.told = [...others, { ...answered, after }].slice(-MOST_TOLD);
  }

  /** The user wrote: the message is ours until the server has it. */
  say(id, text, at) {
    this.forgetLooseRemarks();
    this.unsent = [...this.unsent, { id, text, at, state: "sending" }];
  }

  /** Another answer was asked for and will not come; shown until the user goes on. */
  refuse(id, words) {
    this.remarks.set(`refused ${id}`, [words]);
  }

  drop(id) {
    this.unsent = this.unsent.filter((message) => message.id !== id);
  }

  /** What the user wrote and only this browser has; a message on its way comes after. */
  forgetTexts() {
    this.told = [];
    this.unsent = this.unsent.filter(({ state }) => state !== "refused");
  }

  forgetLooseRemarks() {
    const ids = new Set(this.turns.map((turn) => turn.id));
    for (const id of this.remarks.keys()) if (!ids.has(id)) this.remarks.delete(id);
  }

  /**
   * What to show, top to bottom: {key, kind: said | answer | typing | remark, …}. `online`: what
   * is being sent will arrive in a moment.
   */
  items(online) {
    const items = this.toldAfter(null);
    this.turns.forEach((turn, index) => {
      items.push(...turn.said.map((said) => saidItem({ ...said, label: turn.label, aside: turn.aside }, "kept")));
      const last = index === this.turns.length - 1;
      if (!(last && this.regenerating)) items.push(this.answerItem(turn, last && !this.busy));
      items.push(...this.toldAfter(turn));
    });
    const [covered, later] = this.splitPending();
    items.push(...covered.map((message) => saidItem(message, "kept")));
    if (this.busy) items.push(this.writingItem());
    items.push(...later.map((message) => saidItem(message, "kept")));
    for (const message of this.unsent) {
      const waits = message.state === "sending" && !online;
      items.push(saidItem(message, waits ? "waiting" : message.state));
    }
    return [...items, ...this.looseRemarks()];
  }

  answerItem(turn, last) {
    const words = new Set([...turn.notes, ...(this.remarks.get(turn.id) ?? [])]);
    const { id, text, outcome, aside } = turn;
    const key = `answer ${id}`;
    return { key, kind: "answer", text, outcome, aside, words: [...words], last, open: false };
  }

  /** What the bot answered behind a turn; of null: behind none of those that are known. */
  toldAfter(turn) {
    const ends = (each) => each.said.at(-1)?.id;
    const behind = ({ after }) =>
      turn ? ends(turn) === after : !this.turns.some((each) => ends(each) === after);
    return this.told.filter(behind).flatMap(({ id, text, answer, label, choices }) => [
      saidItem({ id, text, label, aside: true }, "kept"),
      { key: `answer ${id}`, kind: "answer", text: answer, plain: true, choices, aside: true, words: [] },
    ]);
  }

  writingItem() {
    const { id, text } = this.partial ?? {};
    if (!text) return { key: "typing", kind: "typing", wait: this.wait };
    const asked = this.regenerating ? this.turns.at(-1) : this.pending[0];
    const aside = asked?.aside ?? false;
    return { key: `answer ${id}`, kind: "answer", text, aside, words: [], last: false, open: true };
  }

  /** The answer's id is the time (µs) at which its messages were taken; later ones wait. */
  splitPending() {
    const says = this.pending.filter((message) => message.action === "say");
    if (!this.partial || !this.busy) return [says, []];
    if (this.regenerating) return [[], says];
    const taken_s = Number(this.partial.id) / 1e6;
    const covered = says.filter((message, index) => index === 0 || message.at <= taken_s);
    return [covered, says.slice(covered.length)];
  }

  looseRemarks() {
    const ids = new Set(this.turns.map((turn) => turn.id));
    const loose = [...this.remarks].filter(([id]) => !ids.has(id));
    return loose.map(([id, words]) => ({ key: `remark ${id}`, kind: "remark", words }));
  }
}

function saidItem({ id, text, at, label = "", aside = false, words }, state) {
  return { key: `said ${id}`, kind: "said", id, text, at, label, aside, state, words };
}

/** Our turns with their end replaced by the server's; null when the two do not meet. */
function joined(ours, tail) {
  if (tail.length < 2) return tail; // the whole history is no longer than that
  const meeting = ours.findIndex((turn) => turn.id === tail[0].id);
  return meeting < 0 ? null : [...ours.slice(0, meeting), ...tail];
}
