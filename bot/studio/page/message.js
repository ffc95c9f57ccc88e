// One message of the conversation, and below it the reply or the word that there is none.

import { make, pieces, short } from "./build.js";
import { ReplyView } from "./reply.js";
import { DECISIONS, reason as because } from "./words.js";

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

const WITHDRAWN = { edit: "Reply withdrawn after the edit", rules: "Reply withdrawn, since its rules were rolled back" };

export class MessageView {
  #shown = {};
  #reply = null;

  /** @param {object} room what the page knows and can do, see main.js */
  constructor(message, room) {
    this.room = room;
    this.message = message;
    this.head = make("header");
    this.answers = make("p.quotes", { hidden: true });
    this.text = make("p.text", { dir: "auto" });
    this.verdict = make("p.verdict", { hidden: true });
    this.below = make("div.below");
    const member = room.member(message.member);
    this.element = make(
      "article.entry",
      { id: `m-${message.id}`, tabindex: "-1", "data-tone": member.tone },
      make("span.avatar", { "aria-hidden": "true", text: [...member.name][0].toUpperCase() }),
      make("div.body", {}, this.head, this.answers, this.text, this.#doings(member), this.verdict, this.below),
    );
    this.update(message);
  }

  /** Show how the message stands now; what has not changed is left alone, and so is the focus. */
  update(message) {
    this.message = message;
    this.#part("head", [message.sent_at, message.edited], () => this.#showHead());
    this.#part("answers", message.answers, () => this.#showAnswers());
    this.#part("text", message.pieces, () => this.text.replaceChildren(...pieces(message.pieces)));
    this.#part("verdict", [message.decision, message.reason, !message.reply, message.withdrawn], () =>
      this.#showVerdict(),
    );
    this.#showReply();
  }

  #part(name, value, show) {
    const now = JSON.stringify(value);
    if (this.#shown[name] === now) return;
    this.#shown[name] = now;
    show();
  }

  #showHead() {
    const { member, sent_at: sentAt, edited } = this.message;
    const name = this.room.member(member).name;
    const when = new Date(sentAt);
    this.element.setAttribute("aria-label", `${name}, ${CLOCK.format(when)}`);
    this.head.replaceChildren(
      make("b", { text: name }),
      make("time", { datetime: sentAt, text: CLOCK.format(when) }),
      edited ? make("span.edited", { text: "edited" }) : "",
    );
  }

  #showAnswers() {
    const answered = this.message.answers;
    this.answers.hidden = !answered;
    if (!answered) return;
    const name = this.room.member(answered.member).name;
    this.answers.replaceChildren(
      make("a", { href: `#m-${answered.id}`, text: `${name}: ${answered.excerpt}`, "aria-label": `Answers ${name}: ${answered.excerpt}` }),
    );
  }

  #doings(member) {
    const button = (text, label, doing) =>
      make("button.quiet", { type: "button", text, "aria-label": `${label} ${member.name}’s message`, onclick: doing });
    this.editing = button("Edit", "Edit", () => this.#edit());
    return make(
      "div.doings",
      {},
      button("Answer", "Answer", () => this.room.answer(this.message)),
      this.editing,
      button("Delete", "Delete", () => this.room.remove(this.message)),
    );
  }

  #showVerdict() {
    const { decision, reason, reply, withdrawn } = this.message;
    this.verdict.hidden = Boolean(reply);
    this.verdict.dataset.decision = decision;
    if (reply) return;
    this.verdict.replaceChildren(
      make("span", { text: withdrawn ? WITHDRAWN[withdrawn] : `${DECISIONS[decision]}: ${because(reason)}` }),
      make("button.link", {
        type: "button",
        text: "Why nothing?",
        "aria-label": `Why nothing was said to “${short(this.#plain())}”`,
        onclick: (event) => this.room.why(this.message.id, event.currentTarget),
      }),
    );
  }

  #showReply() {
    const { reply } = this.message;
    if (!reply) {
      this.below.replaceChildren();
      this.#reply = null;
    } else if (this.#reply?.id === reply.id) {
      this.#reply.update(this.message);
    } else {
      this.#reply = new ReplyView(this.message, this.room);
      this.below.replaceChildren(this.#reply.element);
    }
  }

  /** Votes are shown from the side of whoever writes now. */
  turn() {
    this.#reply?.update(this.message);
  }

  #plain() {
    return this.message.pieces.map((piece) => piece.text).join("");
  }

  #edit() {
    if (this.element.querySelector("form.edit")) return;
    const box = make("textarea", { "aria-label": "New text of the message", rows: "2" });
    box.value = this.#plain();
    const leave = () => {
      form.remove();
      this.text.hidden = false;
      this.editing.focus();
    };
    const save = async () => {
      if (!this.room.fits(box.value)) return;
      const done = await this.room.ask({ type: "edit", message: this.message.id, text: box.value });
      if (done) leave();
    };
    const form = make(
      "form.edit",
      {
        onsubmit: (event) => {
          event.preventDefault();
          save();
        },
        onkeydown: (event) => {
          if (event.key === "Escape") leave();
          if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            save();
          }
        },
      },
      box,
      make("div", {}, make("button.main", { type: "submit", text: "Save" }), make("button.quiet", { type: "button", text: "Cancel", onclick: leave })),
    );
    this.text.hidden = true;
    this.text.after(form);
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }
}
