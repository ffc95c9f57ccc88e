// The history: every version of the room's changes, with who, when, why and the difference, and the way back.

import { make } from "./build.js";
import { when } from "./desk.js";
import { diff } from "./rule.js";
import { Trial } from "./trial.js";

export class VersionsView {
  constructor(desk) {
    this.desk = desk;
    this.newest = 0;
    this.why = make("input", { id: "why-back", type: "text", maxlength: 500, autocomplete: "off" });
    this.list = make("ol.versions");
    this.trial = new Trial(desk, { why: () => this.why.value, seen: () => {}, fault: () => {}, done: () => this.load() });
    this.more = make("button", { type: "button", text: "Older versions", hidden: true, onclick: () => this.#older() });
    this.element = make(
      "div.editor",
      {},
      desk.back(),
      make("label", { for: "why-back", text: "Why you go back, for the history" }),
      this.why,
      this.trial.element,
      this.list,
      this.more,
    );
  }

  /** List the newest versions; whether that could be done. */
  async load() {
    const listed = await this.desk.ask({ type: "versions" });
    if (!listed) return false;
    this.newest = listed.versions[0]?.number ?? 0;
    this.list.replaceChildren();
    this.#add(listed);
    if (!listed.versions.length) this.list.append(make("li.nothing", { text: "No changes yet; the rules are the base as it is." }));
    return true;
  }

  refresh() {
    return this.load();
  }

  async #older() {
    const listed = await this.desk.ask({ type: "versions", before: this.oldest });
    if (listed) this.#add(listed);
  }

  #add({ versions, more }) {
    this.list.append(...versions.map((version) => this.#version(version)));
    this.oldest = versions.at(-1)?.number;
    this.more.hidden = !more;
  }

  #version({ number, author, saved, why, difference, state }) {
    const newest = number === this.newest;
    const back = newest ? number - 1 : number;
    const words = newest ? "Undo" : "Go back to this";
    return make(
      "li",
      {},
      make("p.name", {}, make("b", { text: `Version ${number}` }), make("span.tag", { text: state }), make("span.tag", { text: `${author} · ${when(saved)}` })),
      make("p.said", { dir: "auto", text: why || "No reason given." }),
      make("details", {}, make("summary", { text: "The difference" }), diff(difference)),
      make("button", {
        type: "button",
        text: words,
        "aria-label": newest ? `Undo version ${number}` : `Go back to version ${number}`,
        onclick: () => this.trial.run({ type: "try-version", number: back, seen: this.newest }, { go: newest ? "Undo it" : "Go back" }),
      }),
    );
  }
}
