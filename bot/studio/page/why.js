// The panel behind Why?: every step from the message to the decision.

import { citation, make, pieces } from "./build.js";
import { Panel } from "./panel.js";
import { DECISIONS, FORMS, STANCES, reason } from "./words.js";

const KINDS = { number: "a number", amount: "an amount", emoji: "an emoji" };

export class WhyPanel {
  constructor(room) {
    this.room = room;
    this.message = null;
    this.steps = document.getElementById("why-steps");
    // As wide as the panel may stand beside the conversation (see why.css).
    this.panel = new Panel("why", { beside: "(min-width: 62rem)", mark: "explaining", closed: () => this.#closed() });
  }

  async open(message, opener) {
    const why = await this.room.ask({ type: "explain", message });
    if (!why) return;
    this.room.alone(this.panel);
    this.message = message;
    this.#show(why);
    this.panel.open(opener);
  }

  /** Show the steps anew where the message they belong to has changed. */
  async refresh(message) {
    if (!this.panel.isOpen || this.message !== message) return;
    const why = await this.room.ask({ type: "explain", message });
    if (why && this.panel.isOpen && this.message === message) this.#show(why);
  }

  close() {
    this.panel.close();
  }

  #closed() {
    const article = document.getElementById(`m-${this.message}`);
    this.message = null;
    return article;
  }

  #show(why) {
    this.panel.title.textContent = why.decision === "reply" ? "Why this reply" : "Why nothing was said";
    this.steps.replaceChildren(
      make("blockquote.message", { dir: "auto" }, ...pieces(why.pieces)),
      make(
        "ol",
        {},
        step("How it was read", ...reading(why)),
        step("What was recognised", ...recognised(why)),
        step("Claims found", ...claims(why)),
        why.near.length ? step("Near misses", make("ul.cards", {}, ...why.near.map(nearMiss))) : "",
        step("Decision", ...decision(why)),
      ),
      make("p.book", { text: `Looked at with rulebook ${why.rulebook}.` }),
    );
  }
}

function step(title, ...content) {
  return make("li.step", {}, make("h3", { text: title }), ...content);
}

function nothing(text) {
  return make("p.nothing", { text });
}

function reading({ clauses, asides }) {
  const shown = clauses.map((clause) =>
    make("li", {}, ...clause.tokens.map(token), clause.ending ? make("span.ending", { text: clause.ending.replaceAll("\n", "↵") }) : ""),
  );
  return [
    shown.length ? make("ol.clauses", { "aria-label": "Clauses" }, ...shown) : nothing("No words to read."),
    asides.length
      ? make("p.asides", {}, "Set aside: ", ...asides.map((aside) => make("span", {}, make("i", { text: aside.kind }), ` ${aside.raw}`)))
      : "",
  ];
}

function token({ raw, text, kind, readings }) {
  const changed = raw !== text;
  const how = [changed ? `“${raw}” read as “${text}”` : `“${text}”`];
  if (KINDS[kind]) how.push(KINDS[kind]);
  if (readings.length) how.push(`or as ${readings.map((other) => `“${other}”`).join(", ")}`);
  return make(
    "span.token",
    { "data-kind": kind, title: how.join(", ") },
    changed ? make("del", { text: raw }) : "",
    make("ins", { text }),
    readings.length ? make("small", { text: `or ${readings.join(", ")}` }) : "",
  );
}

function recognised({ concepts }) {
  if (!concepts.length) return [nothing("No concept of the lexicon.")];
  const rows = concepts.map(({ words, seen }) => [
    make("dt", { dir: "auto", text: words }),
    make("dd", {}, ...seen.map((each) => concept(each, words))),
  ]);
  return [make("dl.lexicon", {}, ...rows.flat())];
}

/** A concept or cue; its score only where the words are not quite the lexicon's. */
function concept({ name, is_cue: isCue, entry, score }, words) {
  const how = [];
  if (entry.toLowerCase() !== words.toLowerCase()) how.push(`as “${entry}”`);
  how.push(`${score} of 100`);
  return make(
    "span.concept",
    { title: how.join(", ") },
    make("code", { text: isCue ? name : `<${name}>` }),
    isCue ? make("small", { text: "cue" }) : "",
    score < 100 ? make("small", { text: String(score) }) : "",
  );
}

function claims({ claims: found }) {
  if (!found.length) return [nothing("No claim.")];
  return [make("ul.cards", {}, ...found.map(claim))];
}

function claim(found) {
  const marks = [
    found.emergency ? "emergency" : found.answered ? "answered" : "not answered",
    found.status === "live" ? "" : found.status,
  ].filter(Boolean);
  return make(
    "li.card",
    { "data-answered": String(found.answered || found.emergency) },
    make("p.name", {}, make("b", { text: found.title }), ...marks.map((text) => make("span.tag", { text }))),
    make("p.matched", { dir: "auto" }, "“", make("mark", { class: found.emergency ? "emergency" : found.answered ? "answered" : "seen", text: found.matched }), "”"),
    make(
      "dl",
      {},
      ...row("Rule", make("code", { text: found.rule })),
      ...row("Phrase", make("code", { text: found.phrase })),
      ...row("Score", score(found.score, found.cutoff)),
      ...row("Stance", make("span.stance", { "data-stance": found.stance }, make("b", { text: found.stance }), ` · the member ${STANCES[found.stance] ?? found.stance}`)),
    ),
    found.because.length ? make("ul.because", {}, ...found.because.map((text) => make("li", { text }))) : "",
  );
}

function nearMiss(miss) {
  return make(
    "li.card.near",
    {},
    make("p.name", {}, make("b", { text: miss.why_not })),
    make("p.matched", { dir: "auto", text: miss.matched ? `“${miss.matched}”` : "" }),
    make("dl", {}, ...row("Rule", make("code", { text: miss.rule })), ...row("Phrase", make("code", { text: miss.phrase })), ...row("Score", score(miss.score, miss.cutoff))),
  );
}

function row(name, content) {
  return [make("dt", { text: name }), make("dd", {}, content)];
}

/** A score on its scale, with the cut-off as a notch. */
function score(value, cutoff) {
  const fill = make("span.fill");
  fill.style.inlineSize = `${Math.max(0, Math.min(100, value))}%`;
  const scale = make("span.scale", { "aria-hidden": "true" }, fill);
  if (cutoff !== null) {
    const notch = make("span.notch");
    notch.style.insetInlineStart = `${cutoff}%`;
    scale.append(notch);
  }
  scale.dataset.reached = String(cutoff === null || value >= cutoff);
  return make("span.score", {}, scale, make("span", { text: cutoff === null ? `${value} of 100` : `${value}, cut-off ${cutoff}` }));
}

function decision(why) {
  const form = why.form ? ` ${FORMS[why.form]}` : "";
  return [
    make("p.decision", { "data-decision": why.decision }, make("b", { text: `${DECISIONS[why.decision]}${form}` }), `: ${reason(why.reason)}.`),
    why.lines.length ? make("ul.because", {}, ...why.lines.map((text) => make("li", { text }))) : "",
    why.sources.length
      ? make("div.sources", {}, make("h4", { text: "Sources of the reply" }), make("ul", {}, ...why.sources.map((each) => make("li", {}, citation(each)))))
      : "",
  ];
}
