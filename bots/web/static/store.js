// What this browser remembers: choices, the list of conversations, messages not yet sent.

const PREFIX = "mersal.";

/** The value kept under a name; `otherwise` when there is none or storage is forbidden. */
export function recall(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs comfort, not the conversation.
  }
}

export function forget(name) {
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // As above.
  }
}

/** Call back with every value that another tab keeps under a name. */
export function watch(name, callback) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key === PREFIX + name && newValue) callback(JSON.parse(newValue));
  });
}

/** A new id for a message, also where pages over plain HTTP lack crypto.randomUUID. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
