// Conversations that the user erased: noted until the server has shown them empty, for it may
// be out of reach, and the page closed meanwhile.

import { keep, recall, watch } from "./store.js";
import { Wire } from "./wire.js";

const AGAIN_MS = 3000;
const noted = () => recall("erasing", []);

export class Eraser {
  /**
   * Goes on with what earlier pages did not finish. `onElsewhere(numbers)`: another tab of this
   * browser is erasing these.
   */
  constructor(onElsewhere) {
    watch("erasing", onElsewhere);
    this.numbers = noted(); // ours, for storage may be forbidden
    this.eraseNext();
  }

  has(number) {
    return this.numbers.includes(number);
  }

  erase(number) {
    if (this.has(number)) return;
    this.numbers.push(number);
    keep("erasing", [...noted(), number]);
    this.eraseNext();
  }

  /** One after the other: a browser has only so many sockets. */
  eraseNext() {
    if (this.wire || !this.numbers.length) return;
    const ask = () => this.wire.send({ type: "forget" });
    this.wire = new Wire(`socket?c=${this.numbers[0]}`, {
      onFrame: (frame) => {
        if (frame.type !== "view") return;
        clearTimeout(this.again);
        if (isEmpty(frame)) this.done();
        else this.again = setTimeout(ask, AGAIN_MS); // from before, or it failed
      },
      onState: (open) => open && ask(),
      onStranger: () => {},
      onCrowded: () => {},
    });
  }

  done() {
    const number = this.numbers.shift();
    keep("erasing", noted().filter((each) => each !== number));
    this.wire.close();
    this.wire = null;
    this.eraseNext();
  }
}

function isEmpty({ turns, pending }) {
  return !turns.length && !pending.length;
}
