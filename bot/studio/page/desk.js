// The rules panel: the rules by family, a family or a rule to change, what a change would do, the history, and the statistics.

import { make } from "./build.js";
import { FamilyView } from "./family.js";
import { Panel } from "./panel.js";
import { RuleView } from "./rule.js";
import { StatisticsView } from "./statistics.js";
import { VersionsView } from "./versions.js";

const FROM = { base: "from the base", changed: "changed here", replaced: "rewritten here", own: "made here" };
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const when = (date) => DAY.format(new Date(date));

/** A rule's status, provenance and time on trial, in words. */
export function marks(rule) {
  return [
    make("span.tag.status", { "data-status": rule.status, text: rule.status }),
    make("span.tag", { text: FROM[rule.provenance] ?? rule.provenance }),
    rule.trial_until ? make("span.tag", { text: `speaks from ${when(rule.trial_until)}` }) : "",
  ];
}

export class RulesDesk {
  #view = null;

  constructor(room) {
    this.room = room;
    this.content = document.getElementById("desk-content");
    // As wide as the panel may stand beside the conversation (see desk.css).
    this.panel = new Panel("desk", { beside: "(min-width: 78rem)", mark: "ruling", closed: () => null });
  }

  async open(opener) {
    if (!(await (this.#view ? this.#view.refresh() : this.list()))) return;
    this.room.alone(this.panel);
    this.panel.open(opener);
  }

  /** Another rulebook is in force; what is typed stays as it is. */
  refresh() {
    if (this.panel.isOpen) this.#view?.refresh();
  }

  /** Replies were looked at again after something was rolled back. */
  repaired(says) {
    this.#view?.trial?.note(says);
  }

  /** Ask as the member that is chosen. */
  ask(request) {
    return this.room.ask({ ...request, member: this.room.me() });
  }

  /** List the rules; whether that could be done. `back` is the id of the rule or family to go on from. */
  async list(back = "") {
    const listed = await this.ask({ type: "rules" });
    if (!listed) return false;
    this.textLimit = listed.text_limit;
    const redo = async () => this.#view !== view || this.list(document.activeElement?.dataset.id ?? "");
    const view = { refresh: redo };
    this.#show(view, "Rules", ...this.#listed(listed));
    if (back) (this.content.querySelector(`[data-id="${CSS.escape(back)}"]`) ?? this.panel.title).focus();
    return true;
  }

  /** Open a rule; null makes a new one. */
  async rule(id) {
    const view = new RuleView(this, id);
    if (!(await view.load())) return;
    this.#show(view, id ?? "New rule", view.element);
    this.panel.title.focus();
  }

  /** Open a whole family. */
  async family(id) {
    const view = new FamilyView(this, id);
    if (!(await view.load())) return;
    this.#show(view, view.title, view.element);
    this.panel.title.focus();
  }

  async history() {
    const view = new VersionsView(this);
    if (!(await view.load())) return;
    this.#show(view, "History", view.element);
    this.panel.title.focus();
  }

  async statistics() {
    const view = new StatisticsView(this);
    if (!(await view.load())) return;
    this.#show(view, "Statistics", view.element);
    this.panel.title.focus();
  }

  /** A way back to the list. */
  back(from = "") {
    return make("button.quiet", { type: "button", text: "← All rules", onclick: () => this.list(from) });
  }

  #show(view, title, ...content) {
    this.#view = view;
    this.panel.title.textContent = title;
    this.content.replaceChildren(...content);
    this.panel.dialog.scrollTop = 0;
  }

  #listed({ families, version, set_aside: aside }) {
    return [
      make(
        "p.nothing",
        {},
        version ? `Version ${version} of this room’s changes. ` : "This room has no changes of its own. ",
        "Nothing goes live before you have seen what it does, and everything can be undone.",
      ),
      aside ? make("p.fault", { role: "alert", text: `This room’s changes do not fit the base any more and are set aside: ${aside}` }) : "",
      make(
        "div.row",
        {},
        make("button", { type: "button", text: "New rule", onclick: () => this.rule(null) }),
        make("button", { type: "button", text: "History", onclick: () => this.history() }),
        make("button", { type: "button", text: "Statistics", onclick: () => this.statistics() }),
      ),
      ...families.map((family) =>
        make("section.family", { "aria-label": family.title }, this.#head(family), make("ul", {}, ...family.rules.map((rule) => this.line(rule)))),
      ),
    ];
  }

  #head({ id, title, status }) {
    const quiet = status === "off" || status === "shadow" ? make("span.tag.status", { "data-status": status, text: `all ${status}` }) : "";
    return make(
      "div.head",
      {},
      make("h3", { text: title }),
      quiet,
      make("button.quiet", { type: "button", "data-id": id, text: "Switch", "aria-label": `Switch the whole family: ${title}`, onclick: () => this.family(id) }),
    );
  }

  /** A rule in a list; pressed, it opens. */
  line(rule) {
    return make(
      "li",
      {},
      make("button.rule", { type: "button", "data-id": rule.id, onclick: () => this.rule(rule.id) }, make("code", { text: rule.id }), " ", ...marks(rule)),
    );
  }
}
