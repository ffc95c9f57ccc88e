// A whole claim family: off, in shadow or live, tried like every other change before it is in force.

import { make } from "./build.js";
import { Trial } from "./trial.js";

const STATUSES = [
  ["off", "None of its rules finds anything"],
  ["shadow", "Its rules are recorded and never speak"],
  ["live", "Its rules speak"],
];

export class FamilyView {
  /** @param {object} desk the panel @param {string} id of the family */
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
    this.seen = null;
    this.name = make("p.name");
    this.why = make("input", { id: "why-family", type: "text", maxlength: 500, autocomplete: "off" });
    this.statuses = make("div.row", { role: "group", "aria-label": "Status of the family" });
    this.rules = make("ul");
    this.trial = new Trial(desk, {
      why: () => this.why.value,
      seen: (number) => { this.seen = number; },
      fault: () => {},
      done: () => this.#done(),
    });
    this.element = make(
      "div.editor",
      {},
      desk.back(id),
      this.name,
      make("label", { for: "why-family", text: "Why, for the history" }),
      this.why,
      this.statuses,
      make("p.nothing", { text: "Each shows what it would do first. Rules that are off in the base stay off, and a rule of the base that was switched by itself keeps its own status." }),
      this.trial.element,
      make("section.family", { "aria-label": "Its rules" }, make("h3", { text: "Its rules" }), this.rules),
    );
  }

  /** Fill it in; whether that could be done. */
  async load() {
    const listed = await this.desk.ask({ type: "rules" });
    const family = listed?.families.find(({ id }) => id === this.id);
    if (listed && !family) this.desk.room.toast("This family has no rules any more.");
    if (!family) return false;
    this.seen = listed.version;
    this.title = family.title;
    this.#fill(family);
    return true;
  }

  /** The rules have changed: tell the statuses anew; what is typed and what it rests on stay. */
  async refresh() {
    const listed = await this.desk.ask({ type: "rules" });
    const family = listed?.families.find(({ id }) => id === this.id);
    if (family) this.#fill(family);
    return true;
  }

  #fill({ id, status, rules }) {
    this.name.replaceChildren(make("code", { text: id }), make("span.tag", { text: status ? `${status} as a whole` : "some rules in shadow, as in the base" }));
    // The buttons stay the same ones, so that none loses the focus.
    if (!this.statuses.children.length) {
      this.statuses.append(...STATUSES.map(([to, title]) => make("button", { type: "button", title, text: to, onclick: () => this.#switch(to) })));
    }
    for (const button of this.statuses.children) button.setAttribute("aria-pressed", String(button.textContent === status));
    this.rules.replaceChildren(...rules.map((rule) => this.desk.line(rule)));
  }

  #switch(status) {
    const go = status === "live" ? "Go live" : `Switch to ${status}`;
    this.trial.run({ type: "try-family", family: this.id, status, seen: this.seen }, { go });
  }

  async #done() {
    this.why.value = "";
    await this.load();
  }
}
