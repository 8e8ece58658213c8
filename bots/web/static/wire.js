// The socket to the server: opened again whenever it breaks, watched by a heartbeat.

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 8000;
const BEAT_MS = 15000;
const SILENCE_MS = 10000;
const CROWDED_PAUSE_MS = 20000;
const NO_SESSION = 4401;
const CROWDED = 4429;

export class Wire {
  /**
   * `onFrame(frame)`; `onState(open)`; `onStranger()`: the server does not know this browser;
   * `onCrowded()`: too many come from its network.
   */
  constructor(path, { onFrame, onState, onStranger, onCrowded }) {
    this.url = new URL(path, location.href.replace(/^http/, "ws"));
    Object.assign(this, { onFrame, onState, onStranger, onCrowded });
    this.pause = FIRST_PAUSE_MS;
    this.closed = false;
    this.hurry = () => {
      if (document.hidden) return;
      if (this.open) this.checkLife(); // a phone that slept may hold a dead socket
      else this.connect();
    };
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.beat = setInterval(() => this.checkLife(), BEAT_MS);
    this.connect();
  }

  get open() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** The language of the page, told with the next opening. */
  speak(tag) {
    this.url.searchParams.set("lang", tag);
  }

  /** Returns whether it went out; whether it arrived, only an answer tells. */
  send(request) {
    if (!this.open) return false;
    this.socket.send(JSON.stringify(request));
    return true;
  }

  close() {
    this.closed = true;
    clearInterval(this.beat);
    clearTimeout(this.retry);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    this.socket?.close();
  }

  connect() {
    clearTimeout(this.retry);
    if (this.closed || this.socket?.readyState === WebSocket.CONNECTING || this.open) return;
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.pause = FIRST_PAUSE_MS;
      this.onState(true);
    });
    socket.addEventListener("message", ({ data }) => {
      clearTimeout(this.silence);
      if (!this.closed && socket === this.socket) this.onFrame(JSON.parse(data));
    });
    socket.addEventListener("close", ({ code }) => {
      if (this.closed || socket !== this.socket) return;
      this.onState(false);
      if (code === NO_SESSION) this.onStranger();
      if (code === CROWDED) {
        this.pause = CROWDED_PAUSE_MS;
        this.onCrowded();
      }
      this.retry = setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    });
  }

  checkLife() {
    if (!this.send({ type: "ping" })) return;
    clearTimeout(this.silence);
    const { socket } = this;
    this.silence = setTimeout(() => this.abandon(socket), SILENCE_MS);
  }

  /** A dead socket may take minutes to say so: go on without it. */
  abandon(socket) {
    if (socket !== this.socket || this.closed) return;
    this.socket = null;
    socket.close();
    this.onState(false);
    this.connect();
  }
}
