// The statistics: what came of the rules week by week, in a sentence, as charts, and as tables.

import { make } from "./build.js";
import { bars, patterns, shares, swatch } from "./chart.js";

const COLUMNS = ["replies", "held", "shadow", "helpful", "not_helpful", "not_what_i_said"];
const USUAL_WEEKS = 12;

export class StatisticsView {
  constructor(desk) {
    this.desk = desk;
    this.asked = { weeks: USUAL_WEEKS, family: null };
    this.weeks = make("input", { id: "weeks", type: "text", inputmode: "numeric", value: USUAL_WEEKS, autocomplete: "off", "aria-describedby": "weeks-wrong" });
    this.wrong = make("p.fault", { id: "weeks-wrong", role: "alert", hidden: true });
    this.family = make("select", { id: "family" });
    this.summary = make("p.summary", { role: "status" });
    this.shown = make("div.figures");
    this.element = make(
      "div.statistics",
      {},
      desk.back(),
      make(
        "form.choice",
        { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#ask(); } },
        make("div", {}, make("label", { for: "weeks", text: "Weeks" }), this.weeks),
        make("div", {}, make("label", { for: "family", text: "Family" }), this.family, make("button.main", { type: "submit", text: "Show" })),
      ),
      this.wrong,
      this.summary,
      this.shown,
    );
  }

  /** Fill it in; whether that could be done. */
  load() {
    return this.#look(this.asked);
  }

  /** The rules or the room have changed: look again at what is shown, and leave what is typed. */
  refresh() {
    return this.#look(this.asked);
  }

  #ask() {
    const typed = this.weeks.value.trim();
    // What is no number goes to the room as it is typed, which says what to write instead.
    return this.#look({ weeks: /^\d{1,9}$/.test(typed) ? Number(typed) : typed, family: this.family.value || null }, { moved: true });
  }

  async #look(asked, { moved = false } = {}) {
    const told = await this.desk.room.ask({ type: "statistics", ...asked }, (says) => this.#refused(says));
    if (!told) return false;
    this.asked = asked;
    this.wrong.hidden = true;
    this.weeks.removeAttribute("aria-invalid");
    if (!moved) this.#choices(told.families);
    this.#show(told);
    return true;
  }

  #refused(says) {
    if (!this.element.isConnected) this.desk.room.toast(says);
    this.wrong.textContent = says;
    this.wrong.hidden = false;
    if (says.startsWith("Weeks")) {
      this.weeks.setAttribute("aria-invalid", "true");
      this.weeks.focus();
    }
  }

  #choices(families) {
    const chosen = this.family.value;
    this.family.replaceChildren(
      make("option", { value: "", text: "All families" }),
      ...families.map(({ id, title }) => make("option", { value: id, text: title, selected: id === chosen })),
    );
  }

  #show(told) {
    this.summary.textContent = told.summary;
    if (!told.by_family.length) {
      this.shown.replaceChildren(make("p.nothing", { text: "Nothing to draw yet." }));
      return;
    }
    const [replies, held, votes] = told.bars;
    this.shown.replaceChildren(
      patterns(),
      chart(replies, told.weeks),
      chart(held, told.weeks),
      legend(replies.stacked, held.line),
      chart(votes, told.weeks),
      legend(votes.stacked, null),
      make("figure", {}, make("figcaption", { text: told.false_alarms.title }), shares(told.false_alarms), make("p.unit", { text: "share of the replies voted on (line: 95 % interval)" })),
      table("By claim family", "family", told.by_family, told.total),
      table("By week, the newest first", "week from", told.by_week, told.total),
      make("p.nothing", { text: sentence(told.legend) }),
      make("p", {}, make("a", { href: told.numbers, download: "statistics.csv", text: "All numbers as CSV" })),
    );
  }
}

function chart(shown, weeks) {
  return make("figure", {}, make("figcaption", { text: shown.title }), bars(shown, weeks), make("p.unit", { text: `${shown.unit}; weeks by their Monday (UTC), the last is not over` }));
}

function legend(stacked, line) {
  return make(
    "ul.legend",
    { "aria-label": "What the patterns mean" },
    ...stacked.map(({ name, look }) => make("li", {}, swatch(look), make("span", { text: name }))),
    line ? make("li", {}, swatch(0, true), make("span", { text: line.name })) : "",
  );
}

/** A table in a frame that can be scrolled with the keyboard where it is wider than the panel. */
function table(caption, first, rows, total) {
  const head = (text, more = {}) => make("th", { scope: "col", text, ...more });
  const line = (row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row", text: row.name }),
      ...COLUMNS.map((name) => make("td", { text: row[name].toLocaleString("en") })),
      make("td.share", {}, ...share(row.false_alarms)),
    );
  return make(
    "div.sheet",
    { tabindex: "0", role: "group", "aria-label": caption },
    make(
      "table",
      { "data-first": first },
      make("caption", { text: caption }),
      make(
        "thead",
        {},
        make("tr", {}, head(first, { rowspan: 2 }), head("sent", { rowspan: 2 }), head("held", { rowspan: 2 }), head("shadow", { rowspan: 2 }), head("votes", { scope: "colgroup", colspan: 3 }), head("false alarms", { rowspan: 2 })),
        make("tr", {}, head("helpful"), head("not helpful"), head("not what I said")),
      ),
      make("tbody", {}, ...rows.map(line)),
      make("tfoot", {}, line(total)),
    ),
  );
}

/** A share, and below it where the true one may lie; neither is broken into lines. */
function share(words) {
  const [counted, interval] = words.split(", ");
  return interval ? [make("span", { text: counted }), " ", make("span", { text: interval })] : ["–"];
}

const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
