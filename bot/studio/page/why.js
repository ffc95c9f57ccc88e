// The panel behind Why?: every step from the message to the decision.

import { citation, make, pieces } from "./build.js";
import { DECISIONS, FORMS, STANCES, reason } from "./words.js";

const KINDS = { number: "a number", amount: "an amount", emoji: "an emoji" };

// As wide as the panel may stand beside the conversation; narrower, it lies over it (see why.css).
const WIDE = window.matchMedia("(min-width: 62rem)");

export class WhyPanel {
  #opener = null;

  constructor(room) {
    this.room = room;
    this.message = null;
    this.dialog = document.getElementById("why");
    this.title = document.getElementById("why-title");
    this.steps = document.getElementById("why-steps");
    document.getElementById("why-close").addEventListener("click", () => this.close());
    this.dialog.addEventListener("close", () => this.#closed());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.close();
      }
    });
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.close());
    WIDE.addEventListener("change", () => this.dialog.open && this.#stand());
  }

  async open(message, opener) {
    const why = await this.room.ask({ type: "explain", message });
    if (!why) return;
    this.message = message;
    this.#opener = opener;
    this.#show(why);
    if (this.dialog.open) this.title.focus();
    else this.#stand();
    this.dialog.scrollTop = 0;
  }

  /** Show the steps anew where the message they belong to has changed. */
  async refresh(message) {
    if (!this.dialog.open || this.message !== message) return;
    const why = await this.room.ask({ type: "explain", message });
    if (why && this.dialog.open && this.message === message) this.#show(why);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  #stand() {
    if (this.dialog.open) this.dialog.close();
    document.body.classList.toggle("explaining", WIDE.matches);
    if (WIDE.matches) this.dialog.show();
    else this.dialog.showModal();
    this.title.focus();
  }

  #closed() {
    // Told a moment after the fact: it may only have changed its place.
    if (this.dialog.open) return;
    document.body.classList.remove("explaining");
    const article = document.getElementById(`m-${this.message}`);
    this.message = null;
    const back = this.#opener?.isConnected ? this.#opener : (article ?? document.getElementById("write"));
    back.focus();
  }

  #show(why) {
    this.title.textContent = why.decision === "reply" ? "Why this reply" : "Why nothing was said";
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
