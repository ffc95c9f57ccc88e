// A reply of the bot: what it says, where that comes from, and the buttons.

import { citation, make } from "./build.js";

const BUTTONS = [
  ["helpful", "Helpful"],
  ["not-helpful", "Not helpful"],
  ["not-what-i-said", "Not what I said"],
];

const FORMS = { full: "", short: "in short", emergency: "first of all" };

const CHANGED = { edit: "changed after an edit", rules: "changed, since its rules were rolled back" };

export class ReplyView {
  #said = "";

  constructor(message, room) {
    this.room = room;
    this.id = message.reply.id;
    this.message = message;
    this.words = make("div.words");
    this.buttons = BUTTONS.map(([vote, text]) => this.#button(vote, text));
    this.element = make(
      "section.reply",
      { "aria-label": "Reply of Caveat", "data-form": message.reply.form },
      this.words,
      make("div.buttons", { role: "group", "aria-label": "What do you say to this reply?" }, ...this.buttons, this.#why()),
    );
    this.update(message);
  }

  update(message) {
    this.message = message;
    const { votes, ...said } = message.reply;
    const now = JSON.stringify([said, message.moderators_told]);
    if (now !== this.#said) {
      this.#said = now;
      this.element.dataset.form = said.form;
      this.words.replaceChildren(...this.#words(said, message.moderators_told));
    }
    const me = this.room.me();
    for (const button of this.buttons) {
      const voters = votes[button.dataset.vote] ?? [];
      button.setAttribute("aria-pressed", String(voters.includes(me)));
      button.querySelector(".votes").textContent = voters.length ? String(voters.length) : "";
    }
  }

  #words(reply, moderatorsTold) {
    const aside = [FORMS[reply.form], CHANGED[reply.changed] ?? ""].filter(Boolean).join(" · ");
    return [
      make("header", {}, make("b", { text: "Caveat" }), aside ? make("span", { text: aside }) : ""),
      reply.opening ? make("p.opening", { text: reply.opening }) : "",
      reply.caveats.length ? make("ul.caveats", {}, ...reply.caveats.map(line)) : "",
      reply.evidence
        ? make("div.evidence", {}, ...line(reply.evidence).childNodes)
        : "",
      reply.closing ? make("p.closing", { text: reply.closing }) : "",
      moderatorsTold ? make("p.told", { text: "On a server the moderators would be told now." }) : "",
    ].filter(Boolean);
  }

  #button(vote, text) {
    return make(
      "button",
      {
        type: "button",
        "data-vote": vote,
        "aria-pressed": "false",
        onclick: () => this.room.ask({ type: "vote", reply: this.id, member: this.room.me(), vote }),
      },
      make("span", { text }),
      make("span.votes"),
    );
  }

  #why() {
    return make("button.reason", {
      type: "button",
      text: "Why?",
      "aria-label": "Why this reply?",
      onclick: (event) => this.room.why(this.message.id, event.currentTarget),
    });
  }
}

function line({ says, citations }) {
  const cites = make("cite", {});
  citations.forEach((each, index) => cites.append(index ? "; " : "", citation(each)));
  return make("li", {}, make("span", { text: says }), citations.length ? cites : "");
}
