// Puts the page together: what it knows, and what happens when the room tells something.

import { Composer } from "./composer.js";
import { RulesDesk } from "./desk.js";
import { Line, Refusal } from "./line.js";
import { MessageView } from "./message.js";
import { RulesNotice } from "./rules.js";
import { WhyPanel } from "./why.js";

const TOAST_SECONDS = 6;
const NEAR_END = 120;

const byId = (id) => document.getElementById(id);
const log = byId("log");
const views = new Map();
const members = new Map();
let chosen = "";
let toastTimer = 0;

const room = {
  textLimit: 4000,
  me: () => chosen,
  member: (id) => members.get(id) ?? { id, name: "Somebody", tone: 0 },
  become(id) {
    chosen = id;
    composer.showMembers([...members.values()], chosen);
    for (const view of views.values()) view.turn();
  },
  /** Whether a text is short enough to be sent; if not, that is told. Nothing is ever cut off unasked. */
  fits(text) {
    if ([...text].length <= room.textLimit) return true;
    toast(`A message may hold at most ${room.textLimit.toLocaleString("en")} characters.`);
    return false;
  },
  answer: (message) => composer.answer(message),
  why: (message, opener) => panel.open(message, opener),
  /** Two panels have no room beside the conversation. */
  alone(kept) {
    for (const { panel: other } of [panel, desk]) if (other !== kept) other.close();
  },
  toast: (text) => toast(text),
  async remove(message) {
    if (await room.ask({ type: "delete", message: message.id })) byId("write").focus();
  },
  /** Ask the room; a refusal is shown, above everything or as `refused` does it, and gives null. */
  async ask(request, refused = toast) {
    try {
      return await line.ask(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused(error.message);
      return null;
    }
  },
};

const composer = new Composer(room);
const panel = new WhyPanel(room);
const desk = new RulesDesk(room);
const notice = new RulesNotice();

const told = {
  welcome(event) {
    room.textLimit = event.text_limit;
    const name = members.get(chosen)?.name;
    members.clear();
    for (const member of event.members) members.set(member.id, member);
    const same = event.members.find((member) => member.name === name) ?? event.members[0];
    panel.close();
    views.clear();
    log.replaceChildren();
    composer.welcome(event);
    room.become(members.has(chosen) ? chosen : same.id);
    for (const message of event.messages) told.message({ message }, { quietly: true });
    byId("cooldown").checked = event.cooldown;
    notice.show(event.rules);
    showEmpty();
    toEnd();
  },
  message({ message }, { quietly = false } = {}) {
    const atEnd = isAtEnd();
    const view = views.get(message.id);
    if (view) {
      const before = view.message;
      view.update(message);
      if (JSON.stringify(before.pieces) !== JSON.stringify(message.pieces)) panel.refresh(message.id);
    } else {
      const made = new MessageView(message, room);
      views.set(message.id, made);
      log.append(made.element);
      showEmpty();
    }
    if (quietly) return;
    if (atEnd || message.member === chosen) {
      if (!view) toEnd();
    } else if (!view) byId("newest").hidden = false;
  },
  gone({ message }) {
    if (panel.message === message) panel.close();
    views.get(message)?.element.remove();
    views.delete(message);
    composer.forget(message);
    showEmpty();
  },
  joined({ member }) {
    members.set(member.id, member);
    composer.showMembers([...members.values()], chosen);
  },
  rules({ rules, news }) {
    notice.show(rules);
    notice.tell(news);
    desk.refresh();
    toast(rules.faults.length ? "The rules folder has faults." : `Rulebook ${rules.in_force.digest} is in force.`);
  },
  repaired({ says }) {
    toast(says);
    desk.repaired(says);
  },
  cooldown({ on }) {
    byId("cooldown").checked = on;
    toast(on ? "A family that was answered stays quiet for a while." : "Every claim is answered, again and again.");
  },
  refused({ says }) {
    toast(says);
  },
};

const line = new Line({
  event: (event) => told[event.type]?.(event),
  state(state) {
    const live = state === "live";
    byId("line").dataset.state = state;
    byId("line").textContent = live ? "Live" : "Connecting again";
    composer.enable(live);
    byId("cooldown").disabled = !live;
    byId("clear").disabled = !live;
    byId("rules").disabled = !live;
  },
});

function showEmpty() {
  byId("empty").hidden = views.size > 0;
  composer.showEmpty(views.size === 0);
}

function isAtEnd() {
  const { scrollHeight, scrollTop, clientHeight } = document.scrollingElement;
  return scrollHeight - scrollTop - clientHeight < NEAR_END;
}

function toEnd() {
  const page = document.scrollingElement;
  page.scrollTop = views.size ? page.scrollHeight : 0;
  byId("newest").hidden = true;
}

function toast(text) {
  clearTimeout(toastTimer);
  byId("toast").textContent = text;
  toastTimer = setTimeout(() => { byId("toast").textContent = ""; }, TOAST_SECONDS * 1000);
}

byId("newest").addEventListener("click", toEnd);
window.addEventListener("scroll", () => { if (isAtEnd()) byId("newest").hidden = true; }, { passive: true });
byId("clear").addEventListener("click", async () => {
  if (await room.ask({ type: "clear" })) byId("write").focus();
});
byId("cooldown").addEventListener("change", async ({ target }) => {
  if (!(await room.ask({ type: "cooldown", on: target.checked }))) target.checked = !target.checked;
});
byId("rules").addEventListener("click", ({ currentTarget }) => desk.open(currentTarget));
line.open();
