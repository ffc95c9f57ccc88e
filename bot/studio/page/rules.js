// Which rulebook is in force, and what is wrong with the one in the folder.

import { make } from "./build.js";
import { message } from "./trial.js";

const SHOWN = 4;

export class RulesNotice {
  constructor() {
    this.notice = document.getElementById("faults");
    this.chip = document.getElementById("rulebook");
    this.news = document.getElementById("news");
  }

  /** Tell what files that were changed do to the messages of the room; they are in force already. */
  tell(news) {
    this.news.hidden = !news;
    if (!news) return;
    const { rules, words, summary, changed } = news;
    const rest = changed.slice(SHOWN);
    this.news.replaceChildren(
      make("h2", { text: "Files of rules were changed. They passed the gate and are in force." }),
      make("p", {}, rules.length ? "New, changed or gone: " : "", ...rules.slice(0, SHOWN).flatMap((rule, at) => [at ? ", " : "", make("code", { text: rule })]), rules.length > SHOWN ? ` and ${rules.length - SHOWN} more` : "", rules.length ? ". " : "", words ? "Words of the lexicon are others." : ""),
      make("p.summary", { text: `${summary[0].toUpperCase()}${summary.slice(1)}.` }),
      changed.length ? make("ul.changed", { "aria-label": "Messages" }, ...changed.slice(0, SHOWN).map(message)) : "",
      rest.length ? make("details", {}, make("summary", { text: `${rest.length} more` }), make("ul.changed", {}, ...rest.map(message))) : "",
      make("button.quiet", { type: "button", text: "All right", onclick: () => this.tell(null) }),
    );
  }

  show({ in_force: book, faults }) {
    const size = `${book.rules} ${book.rules === 1 ? "rule" : "rules"}`;
    const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
    this.chip.replaceChildren("Rulebook ", make("code", { text: book.digest }), `, ${size}`);
    if (faults.length) this.chip.append("; ", make("a", { href: "#faults", text: `${count} in the folder` }));
    this.notice.hidden = faults.length === 0;
    if (!faults.length) {
      this.notice.replaceChildren();
      return;
    }
    const rest = faults.slice(SHOWN);
    this.notice.replaceChildren(
      make("h2", { text: `${count[0].toUpperCase()}${count.slice(1)} in the rules folder` }),
      make("p", {}, "The last good rulebook stays in force: ", make("code", { text: book.digest }), `, ${size}. This goes away when the folder is sound again.`),
      make("ul", {}, ...faults.slice(0, SHOWN).map(fault)),
      rest.length ? make("details", {}, make("summary", { text: `${rest.length} more` }), make("ul", {}, ...rest.map(fault))) : "",
    );
  }
}

function fault({ path, line, column, problem, instead }) {
  return make(
    "li",
    {},
    make("code", { text: `${path}:${line}:${column}` }),
    make("span", { text: problem }),
    instead ? make("span.instead", { text: instead }) : "",
  );
}
