// Where a member writes: who, what, and in answer to what.

import { make, short } from "./build.js";

const COUNT_FROM = 0.85;

export class Composer {
  #answered = null;
  #sending = false;

  /** @param {object} room what the page knows and can do, see main.js */
  constructor(room) {
    this.room = room;
    const byId = (id) => document.getElementById(id);
    this.form = byId("composer");
    this.box = byId("write");
    this.send = byId("send");
    this.members = byId("members");
    this.newMember = byId("new-member");
    this.joining = byId("joining");
    this.name = byId("name");
    this.answering = byId("answering");
    this.count = byId("count");
    this.strip = byId("strip");
    this.more = byId("more-examples");
    this.#listen(byId);
  }

  #listen(byId) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.box.addEventListener("input", () => this.#grow());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
      if (event.key === "Escape" && this.#answered) this.answer(null);
    });
    this.newMember.addEventListener("click", () => this.#askName(true));
    byId("not-join").addEventListener("click", () => this.#askName(false));
    byId("join").addEventListener("click", () => this.#join());
    this.name.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#join();
      }
      if (event.key === "Escape") this.#askName(false);
    });
    this.more.addEventListener("click", () => this.#showStrip(this.strip.hidden));
  }

  /** Everything anew, after joining the room. */
  welcome({ examples, text_limit: textLimit, name_limit: nameLimit }) {
    this.limit = textLimit;
    this.name.maxLength = nameLimit;
    const tried = ({ label, text }) =>
      make("li", {}, make("button", { type: "button", onclick: () => this.#try(text) }, make("small", { text: label }), make("span", { text })));
    document.getElementById("examples").replaceChildren(...examples.map(tried));
    this.strip.replaceChildren(...examples.map(tried));
    this.answer(null);
    this.#grow();
  }

  showMembers(members, me) {
    const choice = ({ id, name, tone }) =>
      make(
        "label.member",
        { "data-tone": tone },
        make("input", { type: "radio", name: "member", value: id, checked: id === me, onchange: () => this.room.become(id) }),
        make("span", { text: name }),
      );
    this.members.replaceChildren(this.members.firstElementChild, ...members.map(choice));
  }

  enable(on) {
    for (const control of [this.box, this.send, this.newMember]) control.disabled = !on;
  }

  showEmpty(empty) {
    this.more.hidden = empty;
    if (empty) this.#showStrip(false);
  }

  /** Answer a message, or with null none. */
  answer(message) {
    this.#answered = message?.id ?? null;
    this.answering.hidden = !message;
    if (!message) {
      this.answering.replaceChildren();
      return;
    }
    const text = short(message.pieces.map((piece) => piece.text).join(""));
    this.answering.replaceChildren(
      make("span", { text: `Answering ${this.room.member(message.member).name}: ${text}` }),
      make("button.quiet", { type: "button", text: "Cancel", "aria-label": "Answer nothing", onclick: () => { this.answer(null); this.box.focus(); } }),
    );
    this.box.focus();
  }

  forget(message) {
    if (this.#answered === message) this.answer(null);
  }

  async #submit() {
    if (this.#sending || !this.box.value.trim() || !this.room.fits(this.box.value)) return;
    this.#sending = true;
    const done = await this.#say(this.box.value, this.#answered);
    this.#sending = false;
    if (!done) return;
    this.box.value = "";
    this.answer(null);
    this.#grow();
  }

  #say(text, answers) {
    return this.room.ask({ type: "say", member: this.room.me(), text, answers });
  }

  async #try(text) {
    this.#showStrip(false);
    await this.#say(text, null);
    this.box.focus();
  }

  #showStrip(on) {
    this.strip.hidden = !on;
    this.more.setAttribute("aria-expanded", String(on));
  }

  #askName(on) {
    this.joining.hidden = !on;
    if (on) this.name.focus();
    else this.newMember.focus();
  }

  async #join() {
    const done = await this.room.ask({ type: "join", name: this.name.value });
    if (!done) return;
    this.name.value = "";
    this.joining.hidden = true;
    this.room.become(done.made);
    this.box.focus();
  }

  #grow() {
    this.box.style.blockSize = "auto";
    this.box.style.blockSize = `${Math.min(this.box.scrollHeight + 2, window.innerHeight * 0.3)}px`;
    const { length } = [...this.box.value];
    this.count.hidden = length < this.limit * COUNT_FROM;
    this.count.textContent = `${length.toLocaleString("en")} of ${this.limit.toLocaleString("en")} characters`;
  }
}
