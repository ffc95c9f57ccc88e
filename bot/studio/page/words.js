// What the bot's short words mean, in sentences.

const REASONS = {
  claim: "somebody claims something that the rules know",
  question: "somebody asks, so the short and softer answer",
  emergency: "signs of an emergency come first and alone",
  "no claim": "there is no claim in it",
  denied: "the claim is denied, not made",
  warned: "it is a warning",
  quoted: "it is a quotation or a joke",
  bot: "a bot wrote it",
  "same text": "the text has not changed",
  "cool-down": "this was answered here, or to this member, a while ago",
  shadow: "only rules on trial found something; they are recorded and never sent",
  "exempt room": "this room is exempt",
  "exempt role": "this member’s role is exempt",
  "questions off": "questions get no answer here",
  "emergency answered": "this member was given the emergency lines a moment ago",
  "already answered": "this message was answered already",
};

/** A reason in a sentence; one that is not known here stands for itself. */
export function reason(word) {
  return REASONS[word] ?? word;
}

export const STANCES = {
  asserts: "says so",
  asks: "asks",
  denies: "denies it",
  reports: "tells what others say",
  warns: "warns",
  quotes: "quotes or jokes",
};

export const DECISIONS = { reply: "Reply", hold: "Held back", silent: "No reply" };

export const FORMS = {
  full: "in the full form",
  short: "in the short form",
  emergency: "with the emergency lines",
};
