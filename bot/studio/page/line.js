// The line to the room: one WebSocket, which comes back by itself.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 8000;
const PATIENCE = 15000;

/** A request that the room refused; its message is for the person at the page. */
export class Refusal extends Error {}

export class Line {
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = 0;
  #ticket = 0;
  #asked = new Map();

  /** @param {{event: (event: object) => void, state: (state: string) => void}} told */
  constructor(told) {
    this.told = told;
    window.addEventListener("online", () => this.open());
    window.addEventListener("pagehide", () => this.#socket?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  open() {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#timer);
    const address = new URL("live", window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data)));
    socket.addEventListener("close", () => this.#closed(socket));
  }

  /** Ask the room for something. Resolves with its answer, or is rejected with a Refusal. */
  ask(request) {
    if (this.#socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Refusal("There is no connection to the room at the moment."));
    }
    const ticket = ++this.#ticket;
    const answer = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(ticket);
        reject(new Refusal("The room did not answer."));
      }, PATIENCE);
      this.#asked.set(ticket, { resolve, reject, timer });
    });
    this.#socket.send(JSON.stringify({ ...request, ticket }));
    return answer;
  }

  #hear(event) {
    if (event.type === "welcome") {
      this.#wait = FIRST_WAIT;
      this.told.state("live");
    }
    const asked = this.#asked.get(event.ticket);
    if (!asked) {
      this.told.event(event);
      return;
    }
    this.#asked.delete(event.ticket);
    clearTimeout(asked.timer);
    if (event.type === "refused") asked.reject(new Refusal(event.says));
    else asked.resolve(event);
  }

  #closed(socket) {
    if (socket !== this.#socket) return;
    this.told.state("lost");
    for (const { reject, timer } of this.#asked.values()) {
      clearTimeout(timer);
      reject(new Refusal("The connection to the room was lost."));
    }
    this.#asked.clear();
    this.#timer = setTimeout(() => this.open(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }
}
