// One rule: its YAML to edit, its status, and what becomes of what is tried.

import { make } from "./build.js";
import { marks, when } from "./desk.js";
import { Kept } from "./kept.js";
import { Trial } from "./trial.js";

const NEW = `- id: 
  family: 
  phrases:
    - 
  examples:
    fires:
      - 
    silent:
      - {text: , because: }
`;
const STATUSES = [
  ["off", "It finds nothing"],
  ["shadow", "It is recorded and never speaks"],
  ["live", "It speaks"],
];

export class RuleView {
  /** @param {object} desk the panel @param {string|null} id of the rule; null makes a new one */
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
    this.kept = new Kept(id ?? "new rule");
    this.seen = null;
    this.tags = make("p.name");
    this.statuses = make("div.row", { role: "group", "aria-label": "Status", hidden: !id });
    this.note = make("p.kept", { role: "status", hidden: true });
    this.text = make("textarea.yaml", { id: "yaml", rows: 16, spellcheck: "false", autocapitalize: "off", autocomplete: "off", oninput: () => this.#typed() });
    this.why = make("input", { id: "why-change", type: "text", maxlength: 500, autocomplete: "off" });
    this.tryIt = make("button.main", { type: "button", text: "Try", onclick: () => this.#try() });
    this.base = make("details", { hidden: true }, make("summary", { text: "What differs from the base" }), make("div"));
    this.trial = new Trial(desk, {
      why: () => this.why.value,
      seen: (number) => { this.seen = number; },
      fault: (place) => this.#goTo(place),
      done: () => this.#done(),
    });
    this.element = make(
      "div.editor",
      {},
      desk.back(id ?? ""),
      this.tags,
      this.statuses,
      this.note,
      make("label", { for: "yaml", text: "The rule, in YAML" }),
      this.text,
      make("label", { for: "why-change", text: "Why, for the history" }),
      this.why,
      make("div.row", {}, this.tryIt, make("span.nothing", { text: "Shows what it would do. Nothing goes live yet." })),
      this.trial.element,
      this.base,
    );
  }

  /** Fill it in; whether that could be done. */
  async load() {
    const opened = this.id ? await this.desk.ask({ type: "rule", rule: this.id }) : { text: NEW, draft: null, seen: null };
    if (!opened) return false;
    this.seen = opened.seen;
    this.#fill(opened);
    const typed = this.kept.read() ?? opened.draft?.text;
    this.text.value = typed ?? opened.text;
    this.#say(typed !== undefined && typed !== opened.text, opened);
    return true;
  }

  /** The rules have changed: tell the status anew, and leave what is typed and what it rests on. */
  async refresh() {
    if (!this.id) return true;
    const untouched = this.text.value === this.original;
    const opened = await this.desk.ask({ type: "rule", rule: this.id });
    if (!opened) return true;
    if (untouched) {
      this.seen = opened.seen;
      this.text.value = opened.text;
    }
    this.#fill(opened);
    return true;
  }

  #fill({ rule, text, difference }) {
    this.original = text;
    if (!rule) return;
    this.tags.replaceChildren(...marks(rule));
    this.statuses.replaceChildren(
      ...STATUSES.map(([status, title]) =>
        make("button", { type: "button", title, text: status, "aria-pressed": String(rule.status === status), onclick: () => this.#switch(status) }),
      ),
    );
    this.base.hidden = !difference;
    this.base.lastElementChild.replaceChildren(diff(difference));
  }

  /** Say that what is shown is what was typed before, and how to leave it. */
  #say(old, { draft } = {}) {
    this.note.hidden = !old;
    if (!old) return;
    const at = draft && draft.text === this.text.value ? ` on ${when(draft.saved)}` : "";
    this.note.replaceChildren(
      `This is what you typed${at}; it is not in force. `,
      make("button.link", { type: "button", text: "Take the rule as it is", onclick: () => this.#leave() }),
    );
  }

  #leave() {
    this.text.value = this.original;
    this.kept.drop();
    this.note.hidden = true;
    this.trial.clear();
    this.text.focus();
  }

  #typed() {
    if (this.text.value === this.original) this.kept.drop();
    else this.kept.write(this.text.value);
    this.text.removeAttribute("aria-invalid");
    // What was shown belongs to another text by now.
    this.trial.clear();
  }

  #try() {
    const { length } = [...this.text.value];
    if (length > this.desk.textLimit) {
      this.desk.room.toast(`A rule may hold at most ${this.desk.textLimit.toLocaleString("en")} characters; this has ${length.toLocaleString("en")}.`);
      return;
    }
    this.trial.run({ type: "try-rule", rule: this.id, text: this.text.value, seen: this.seen }, { go: "Go live" });
  }

  #switch(status) {
    this.trial.run({ type: "try-status", rule: this.id, status, seen: this.seen }, { go: status === "live" ? "Go live" : `Switch to ${status}` });
  }

  /** Put the cursor where a fault is; columns are counted in characters, a text area counts in UTF-16. */
  #goTo({ line, column, word }) {
    const lines = this.text.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const start = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    this.text.setAttribute("aria-invalid", "true");
    this.text.focus();
    this.text.setSelectionRange(start, start + word.length);
    this.text.scrollTop = (this.text.scrollHeight / lines.length) * Math.max(0, line - 6);
  }

  async #done() {
    const request = this.trial.request;
    if (request?.type !== "try-rule") {
      // The text was left alone by this change, and so is what is typed.
      const typed = this.text.value === this.original ? null : this.text.value;
      const opened = await this.desk.ask({ type: "rule", rule: this.id });
      if (!opened) return;
      this.seen = opened.seen;
      this.#fill(opened);
      this.text.value = typed ?? opened.text;
      return;
    }
    this.kept.drop();
    this.why.value = "";
    this.note.hidden = true;
    if (!this.id) return;
    const opened = await this.desk.ask({ type: "rule", rule: this.id });
    if (!opened) return;
    this.seen = opened.seen;
    this.#fill(opened);
    this.text.value = opened.text;
  }
}

/** A unified difference, each line with its sign; signs are text, so colours are not needed to read it. */
export function diff(text) {
  const kinds = { "+": "added", "-": "removed", "@": "place" };
  const lines = text.trimEnd().split("\n").filter((line) => !/^(---|\+\+\+) /.test(line));
  return make("pre.diff", { tabindex: "0", role: "group", "aria-label": "Difference" }, ...lines.map((line) => make("span", { "data-kind": kinds[line[0]], text: `${line}\n` })));
}
