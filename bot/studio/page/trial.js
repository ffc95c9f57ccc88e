// What becomes of a change that is tried: its faults, or what it would do and the button that puts it in force.

import { make, pieces } from "./build.js";
import { diff } from "./rule.js";

const SIGNS = { added: "+", removed: "−", moved: "±" };
const EFFECTS = { added: "answered now", removed: "answered no more", moved: "answered otherwise" };
const KINDS = { fires: "must fire", silent: "must stay silent", todo: "known miss" };
const SHADOW_HOURS = 24;

export class Trial {
  #turn = 0;

  /**
   * @param {object} desk the panel
   * @param {{why: () => string, seen: (number: number) => void, fault: (place: object) => void, done: () => void}} told
   */
  constructor(desk, told) {
    this.desk = desk;
    this.told = told;
    this.request = null;
    this.looked = make("p", { hidden: true });
    this.element = make("section.trial", { "aria-label": "What it would do", "aria-live": "polite", tabindex: "-1" });
  }

  clear() {
    this.#turn += 1;
    this.element.replaceChildren();
  }

  /** Try a change. @param {{go: string}} words on the button that puts it in force */
  async run(request, { go }) {
    this.request = request;
    this.go = go;
    const turn = this.#wait("Looking at every example and at the messages of this room …");
    const outcome = await this.desk.ask({ ...request, why: this.told.why() });
    if (turn !== this.#turn) return;
    this.#show(outcome);
  }

  /** Tell what became of replies that were looked at again; that may come before the answer to what began it. */
  note(says) {
    this.looked.textContent = says;
    this.looked.hidden = false;
  }

  async #confirm(key, hours) {
    this.looked.hidden = true;
    const turn = this.#wait("Putting it in force …");
    const outcome = await this.desk.ask({ type: "confirm", key, shadow_hours: hours });
    if (turn === this.#turn) this.#show(outcome);
    else if (outcome?.type === "in-force") this.told.done();
  }

  #wait(text) {
    this.element.replaceChildren(make("p.nothing", { text }));
    this.#turn += 1;
    return this.#turn;
  }

  #show(outcome) {
    const shown = { proposed: proposal, "not-proposed": faults, conflict, "in-force": inForce }[outcome?.type];
    if (!shown) {
      this.clear();
      return;
    }
    this.element.replaceChildren(...shown(outcome, this.#doings()));
    this.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
    if (outcome.type === "in-force") this.told.done();
  }

  #doings() {
    return {
      words: this.go,
      looked: this.looked,
      go: (key, hours) => this.#confirm(key, hours),
      leave: () => this.clear(),
      fault: (place) => this.told.fault(place),
      again: (number) => {
        this.told.seen(number);
        this.run({ ...this.request, seen: number }, { go: this.go });
      },
      undo: (number) => this.run({ type: "try-version", number: number - 1, seen: number }, { go: "Undo it" }),
    };
  }
}

function proposal({ key, difference, rules, examples, summary, changed, remarks }, { words, go, leave }) {
  return [
    make("h3", { text: "This passes the gate. It is not live yet." }),
    make("p.summary", { text: `${summary[0].toUpperCase()}${summary.slice(1)}.` }),
    changed.length ? make("ul.changed", { "aria-label": "Messages" }, ...changed.map(message)) : "",
    make("h4", { text: "The difference" }),
    difference ? diff(difference) : make("p.nothing", { text: "No word of the rules changes." }),
    examples.length
      ? make("details", {}, make("summary", { text: `${examples.length} ${examples.length === 1 ? "example holds" : "examples hold"}` }), make("ul.held", {}, ...examples.map(example)))
      : "",
    remarks.length ? make("ul.because", {}, ...remarks.map((text) => make("li", { text }))) : "",
    make(
      "div.row.doing",
      {},
      make("button.main", { type: "button", text: words, onclick: () => go(key, null) }),
      rules.length ? make("button", { type: "button", text: "A day in shadow first", onclick: () => go(key, SHADOW_HOURS) }) : "",
      make("button.quiet", { type: "button", text: "Not now", onclick: leave }),
    ),
  ];
}

export function message({ effect, member, pieces: parts, before, after }) {
  const families = effect === "moved" ? `${before.join(", ")} → ${after.join(", ")}` : (after.length ? after : before).join(", ");
  return make(
    "li",
    { "data-effect": effect },
    make("p.name", {}, make("b", { text: `${SIGNS[effect]} ${EFFECTS[effect]}` }), make("span.tag", { text: `${member} · ${families}` })),
    make("p.said", { dir: "auto" }, ...pieces(parts)),
  );
}

function example({ kind, text }) {
  return make("li", {}, make("span.tag", { text: KINDS[kind] }), " ", text);
}

function faults({ faults: found, count: all }, { fault }) {
  const count = all === 1 ? "one fault" : `${all} faults`;
  return [
    make("h3.wrong", { text: `Nothing was changed: ${count}.` }),
    make("ul.wrongs", {}, ...found.map((each) => oneFault(each, fault))),
    all > found.length ? make("p.nothing", { text: `… and ${all - found.length} more` }) : "",
    make("p.nothing", { text: "What you typed is kept." }),
  ];
}

function oneFault(each, go) {
  const { in_text: inText, path, line, column, problem, instead, pieces: parts } = each;
  const word = parts.find((piece) => piece.mark)?.text ?? "";
  const where = `Line ${line}, column ${column}`;
  const place = inText ? make("button.link", { type: "button", text: where, onclick: () => go({ line, column, word }) }) : path === "command" ? "" : make("span", { text: `${path}, line ${line}, column ${column}` });
  return make(
    "li",
    {},
    make("p", {}, place, place ? ": " : "", `${problem} `, instead ? make("span.instead", { text: instead }) : ""),
    parts.length ? make("code.excerpt", {}, ...pieces(parts)) : "",
  );
}

function conflict({ newer }, { again, leave }) {
  return [
    make("h3.wrong", { text: "Somebody else was faster." }),
    make("p", { text: `Version ${newer.number} was saved meanwhile by ${newer.author}${newer.why ? ` (“${newer.why}”)` : ""}. This is what it changed. Nothing of yours is lost, and nothing was changed.` }),
    diff(newer.difference),
    make(
      "div.row.doing",
      {},
      make("button.main", { type: "button", text: "Try mine on top of it", onclick: () => again(newer.number) }),
      make("button.quiet", { type: "button", text: "Not now", onclick: leave }),
    ),
  ];
}

function inForce({ version, looks_again: again }, { undo, looked }) {
  const shadow = version.trials.length ? ` In shadow at first: ${version.trials.join(", ")}.` : "";
  const standing = again ? "replies that rest on what was rolled back are looked at again" : "replies that stand stay";
  return [
    make("h3", { text: `Version ${version.number} is in force.` }),
    make("p", { text: `What is written from now on is looked at with it; ${standing}.${shadow}` }),
    again ? looked : "",
    make("div.row.doing", {}, make("button", { type: "button", text: "Undo", onclick: () => undo(version.number) })),
  ];
}
