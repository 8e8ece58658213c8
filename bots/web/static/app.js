// The page: brings the socket, the conversation and what is seen of it together.

import { Completion } from "./completion.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { download, el } from "./dom.js";
import { direction } from "./direction.js";
import { Eraser } from "./eraser.js";
import { chooseLanguage, label, readLabels, takeLabels } from "./labels.js";
import { Log } from "./log.js";
import { Menu, drop, nextNumber, remember } from "./menu.js";
import { MessageMenu } from "./messagemenu.js";
import { forget, keep, newId, recall } from "./store.js";
import { Wire } from "./wire.js";

const RESEND_MS = 3000;
const TROUBLE_AFTER_MS = 1500;
const NEAR_END_PX = 90;

const byId = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.scroller = byId("scroll");
    this.labels = readLabels();
    label(document, this.labels);
    this.log = new Log(byId("log"), this.labels, {
      again: () => this.regenerate(),
      resend: (id) => this.resendOne(id),
      edit: (id, text) => this.edit(id, text),
      more: (button, text) => this.more(button, text),
      choose: (write) => this.say(write),
    });
    this.messageMenu = new MessageMenu(byId("message-menu"), {
      onChoose: (write, text) => this.say(write + text),
    });
    this.completion = new Completion(byId("input"), byId("completion"), {
      onTake: ({ write }) => this.takeOffer(write),
      onOpen: () => this.wire.send({ type: "about" }), // another model may have come
    });
    this.composer = new Composer(byId("composer"), {
      onSay: (text) => this.say(text),
      fallback: () => this.labels.dir,
    });
    this.menu = new Menu(byId("menu"), {
      onOpen: (number) => this.goTo(number),
      onErase: (number) => this.erase(number),
      onNew: () => this.startAnew(),
      onLanguage: (tag) => this.speak(tag),
      onChoose: (name, value) => this.wire.send({ type: "choose", name, value }),
    });
    this.eraser = new Eraser((numbers) => numbers.includes(this.number) && this.leaveErased());
    this.listen();
    this.open(this.numberInAddress() ?? recall("conversation", 1));
  }

  listen() {
    byId("new").addEventListener("click", () => this.startAnew());
    byId("menu-open").addEventListener("click", () => this.openMenu());
    byId("theme").addEventListener("click", toggleTheme);
    byId("stop").addEventListener("click", () => this.stop());
    byId("down").addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => this.showDown(), { passive: true });
    addEventListener("hashchange", () => this.open(this.numberInAddress() ?? 1));
    // A smaller window (the keyboard came up) must not hide the end.
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.scroller);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !byId("menu").open && this.conversation.busy) this.stop();
    });
  }

  // ---- which conversation

  numberInAddress() {
    const number = Number(location.hash.slice(1));
    return Number.isInteger(number) && number >= 1 && number <= 9999 ? number : null;
  }

  open(number) {
    if (number === this.number) return;
    if (this.eraser.has(number)) {
      this.leaveErased();
      return;
    }
    this.wire?.close();
    this.number = number;
    this.stuck = true;
    keep("conversation", number);
    const unsent = recall(`unsent.${number}`, []);
    this.conversation = new Conversation(unsent, recall(`told.${number}`, []));
    this.log.clear();
    this.ready = false;
    this.stopLater = null;
    this.askNoMore();
    this.wire = new Wire(`socket?c=${number}&lang=${this.labels.tag}`, {
      onFrame: (frame) => this.take(frame),
      onState: (open) => this.connected(open),
      onStranger: () => reloadOnce() || this.refuse(this.labels.cookies),
      onCrowded: () => this.refuse(this.labels.crowded),
    });
    this.render();
  }

  goTo(number) {
    location.hash = String(number);
    this.open(number);
  }

  startAnew() {
    const { turns, pending, unsent } = this.conversation;
    if (turns.length || pending.length || unsent.length) this.goTo(nextNumber());
    this.composer.input.focus();
  }

  erase(number) {
    drop(number);
    forget(`unsent.${number}`);
    forget(`told.${number}`);
    this.eraser.erase(number);
    if (number === this.number) this.leaveErased();
  }

  /** Its number is not used again, so nothing new can be erased with it. */
  leaveErased() {
    let number = nextNumber();
    while (this.eraser.has(number)) number += 1;
    location.replace(`#${number}`); // no way back to what is gone
    this.open(number);
  }

  /** The server is told first: what the bot says is in this language too. */
  speak(tag) {
    chooseLanguage(tag);
    this.speaking = this.wire.send({ type: "choose", name: "language", value: tag });
    if (!this.speaking) location.reload();
  }

  /** The page in the language that the user writes, as long as he chose none. */
  follow(frame) {
    Object.assign(this.labels, takeLabels(frame)); // all have the same object
    label(document, this.labels);
    this.wire.speak(this.labels.tag);
    this.composer.fit();
    this.log.clear(); // to be drawn anew
    this.shownModel = null;
  }

  openMenu() {
    this.wire.send({ type: "about" });
    this.menu.open(this.number, this.labels);
  }

  // ---- what the server says

  connected(open) {
    this.ready = false;
    this.askNoMore();
    this.offline = !open;
    clearTimeout(this.troubleTimer);
    if (open) this.showTrouble();
    else this.troubleTimer = setTimeout(() => this.showTrouble(), TROUBLE_AFTER_MS);
  }

  /** The server closes the door and says why; that stays until it lets us in. */
  refuse(words) {
    this.refusal = words;
    this.showTrouble();
  }

  take(frame) {
    this.refusal = "";
    switch (frame.type) {
      case "view":
        this.takeView(frame);
        break;
      case "delta":
        if (this.conversation.takeDelta(frame)) this.look();
        break;
      case "receipt":
        if (frame.forgets) this.forgetTexts();
        if (this.conversation.takeReceipt(frame)) this.look();
        this.keepUnsent();
        if (frame.status === "told") this.keepTold();
        if (frame.document) download(frame.document);
        if (frame.id === this.asking) this.goOn(frame.status === "unavailable" ? RESEND_MS : 0);
        break;
      case "page":
        this.follow(frame);
        break;
      case "about":
        if (this.speaking) location.reload();
        this.takeAbout(frame);
        break;
      case "trouble":
        this.away = frame.away;
        this.showTrouble();
        if (!frame.away) this.look();
        break;
    }
    this.renderSoon();
  }

  takeView(view) {
    const { look, finished } = this.conversation.takeView(view);
    this.looking = false;
    if (look) {
      this.look();
      return;
    }
    this.away = false;
    this.showTrouble();
    this.keepUnsent();
    const first = view.turns[0]?.said[0] ?? view.pending[0];
    if (view.whole && first) remember(this.number, first.text, Date.now());
    if (view.whole) {
      this.ready = true;
      this.stopAsAsked();
      this.sendNext();
    }
    if (finished) this.announce(finished);
  }

  /** What can be asked for here, and what the user chose. */
  takeAbout({ offers, settings }) {
    this.completion.know(offers);
    this.messageMenu.know(offers.filter(({ takes }) => takes === "message"));
    this.menu.showChoices(settings);
  }

  look() {
    if (this.looking) return;
    this.looking = this.wire.send({ type: "look" });
  }

  /** A screen reader hears the answer once, when it is whole. */
  announce({ text, notes }) {
    this.render();
    const spoken = [...byId("log").querySelectorAll(".answer .answer-text")].at(-1);
    byId("spoken").textContent = `${document.title}: ${text ? spoken?.textContent : notes.join(" ")}`;
  }

  // ---- what the user does

  say(text) {
    if (this.obey(text)) return;
    const id = newId();
    this.conversation.say(id, text, Date.now() / 1000);
    this.keepUnsent();
    remember(this.number, text, Date.now());
    this.sendNext();
    this.stuck = true;
    this.render();
  }

  /** The commands that the page itself does. Returns whether this is one. */
  obey(text) {
    const acts = {
      "/new": () => this.startAnew(),
      "/stop": () => this.stop(),
      "/regenerate": () => this.regenerate(),
      "/settings": () => this.openMenu(),
      "/help": () => this.composer.write("/"),
    };
    const [, tongue = ""] = text.match(/^\/language (\S+)$/) ?? [];
    if (tongue === "auto" || this.menu.speaks(tongue)) acts[text] = () => this.speak(tongue);
    if (!Object.hasOwn(acts, text)) return false;
    acts[text]();
    return true;
  }

  /** A command that needs nothing more is done at once. */
  takeOffer(write) {
    const whole = !write.endsWith(" ");
    this.composer.write(whole ? "" : write);
    if (whole) this.say(write);
  }

  more(button, text) {
    this.wire.send({ type: "about" });
    this.messageMenu.open(button, text);
  }

  /** One at a time: a message that could not be taken yet is not overtaken by the next. */
  sendNext() {
    if (!this.ready || this.asking) return;
    const next = this.conversation.unsent.find(({ state }) => state !== "refused");
    if (!next) return;
    const { id, text } = next;
    if (this.wire.send({ type: "say", id, text })) this.asking = id;
  }

  /** The message that was sent last has its receipt: after a pause, the same again or the next. */
  goOn(pause_ms) {
    this.pause = setTimeout(() => {
      this.asking = null;
      this.sendNext();
    }, pause_ms);
  }

  /** What was sent on the connection before will have no receipt. */
  askNoMore() {
    clearTimeout(this.pause);
    this.asking = null;
  }

  resendOne(id) {
    const again = (each) => (each.id === id ? { ...each, state: "sending" } : each);
    this.conversation.unsent = this.conversation.unsent.map(again);
    this.keepUnsent();
    this.sendNext();
    this.composer.input.focus();
    this.render();
  }

  edit(id, text) {
    this.conversation.drop(id);
    this.keepUnsent();
    this.composer.write(text);
    this.render();
  }

  regenerate() {
    this.conversation.forgetLooseRemarks();
    const id = newId();
    if (!this.wire.send({ type: "regenerate", id })) this.conversation.refuse(id, this.labels.notNow);
    this.render();
    this.composer.input.focus({ preventScroll: true });
    this.stuck = true;
  }

  stop() {
    // The answer that is seen, for a stop that comes too late must not stop the next.
    const answer = this.conversation.partial?.id ?? "";
    if (!this.wire.send({ type: "stop", answer })) this.stopLater = answer;
    this.render();
    this.composer.input.focus({ preventScroll: true });
  }

  /** What could not be stopped while the server was out of reach; nothing was asked since. */
  stopAsAsked() {
    const answer = this.stopLater;
    this.stopLater = null;
    if (answer !== null && this.conversation.busy) this.wire.send({ type: "stop", answer });
  }

  keepUnsent() {
    const { unsent } = this.conversation;
    if (unsent.length) keep(`unsent.${this.number}`, unsent);
    else forget(`unsent.${this.number}`);
  }

  /** Texts in other letters stay; the rest of what the bot says has had its time. */
  keepTold() {
    const told = this.conversation.told.filter(({ label }) => label);
    if (told.length) keep(`told.${this.number}`, told);
    else forget(`told.${this.number}`);
  }

  /** What the server forgot is forgotten here too: its title is a text of the user's. */
  forgetTexts() {
    this.conversation.forgetTexts();
    drop(this.number);
  }

  // ---- what is seen

  renderSoon() {
    this.frame ??= requestAnimationFrame(() => this.render());
  }

  render() {
    if (this.frame) cancelAnimationFrame(this.frame);
    this.frame = null;
    const items = this.conversation.items(this.ready && !this.away);
    this.log.show(items);
    byId("welcome").hidden = items.length > 0 || !this.conversation.known;
    byId("stop").hidden = !this.conversation.busy;
    byId("stop").disabled = this.stopLater !== null;
    document.documentElement.dataset.model = this.conversation.model;
    this.showModel();
    if (this.stuck) this.toEnd();
    this.showDown();
  }

  showModel() {
    const { model } = this.conversation;
    if (model === this.shownModel) return;
    this.shownModel = model;
    const demo = model === "demo";
    byId("model").hidden = !model;
    byId("model").textContent = demo ? this.labels.demo : model;
    byId("model").classList.toggle("demo", demo);
    byId("model").dir = demo ? this.labels.dir : "ltr";
    byId("footnote").textContent = demo ? this.labels.demoNote : this.labels.modelNote;
    const texts = demo ? this.labels.demoSuggestions : this.labels.suggestions;
    byId("suggestions").replaceChildren(
      ...texts.map((text) => {
        const chip = el("button", { type: "button", dir: direction(text) }, text);
        chip.addEventListener("click", () => {
          this.composer.input.focus({ preventScroll: true });
          this.say(text);
        });
        return chip;
      }),
    );
  }

  showTrouble() {
    const down = this.offline ? this.labels.offline : this.away ? this.labels.away : "";
    const words = this.refusal || down;
    byId("trouble").textContent = words;
    byId("trouble").hidden = !words;
  }

  showDown() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    byId("down").hidden = this.stuck;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function toggleTheme() {
  const { dataset } = document.documentElement; // begun by theme.js
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
  keep("theme", dataset.theme);
}

/** A new cookie comes with the page. Once a minute at most: cookies may be forbidden. */
function reloadOnce() {
  const last = recall("reloaded", 0);
  if (Date.now() - last < 60000) return false;
  keep("reloaded", Date.now());
  location.reload();
  return true;
}

// To look at from the browser's console.
window.mersal = new Page();
