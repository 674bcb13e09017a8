// What the message box offers while somebody types: commands with what they do, people and the bot, channels.
import { el, freshId, icon } from "./dom.js";
import { avatar, teamMates } from "./names.js";
import { state } from "./store.js";

const MOST = 8; // offers at once

/** What fits before the caret: {from, offers} or null. Each offer is {insert, label, hint, sign}. */
function offersFor(before, commandsToo) {
  const command = commandsToo && before.match(/^\/(\S*)$/);
  if (command) return some(0, commands(command[1]));
  const person = before.match(/(?:^|[\s(])@([^@\n]{0,40})$/);
  if (person) return some(before.length - person[1].length - 1, mentions(person[1]));
  const channel = before.match(/(?:^|[\s(])#(\S{0,40})$/);
  return channel ? some(before.length - channel[1].length - 1, channels(channel[1])) : null;
}

function some(from, offers) {
  return offers.length ? { from, offers: offers.slice(0, MOST) } : null;
}

function commands(typed) {
  const fitting = state.snapshot.commands.filter(({ command }) => command.slice(1).startsWith(typed.toLowerCase()));
  return fitting.map(({ command, description, usage_hint: usage }) => ({
    insert: `${command} `,
    label: command,
    usage: usage ? `[${usage}]` : "",
    hint: description,
    sign: icon("bolt"),
  }));
}

function mentions(typed) {
  const { bot, me } = state.snapshot;
  const everybody = [{ ...bot, is_bot: true }, ...teamMates().filter((person) => person.id !== me.id)];
  const found = everybody.filter(({ name }) => fits(name, typed));
  return found.map(({ name, is_bot }) => ({
    insert: `@${name} `,
    label: name,
    hint: is_bot ? "App" : "",
    sign: avatar(name, is_bot),
  }));
}

function fits(name, typed) {
  const [low, wanted] = [name.toLowerCase(), typed.toLowerCase()];
  return low.startsWith(wanted) || low.split(" ").some((word) => wanted && word.startsWith(wanted));
}

function channels(typed) {
  const found = state.snapshot.channels.filter(
    ({ kind, name }) => kind !== "im" && name.startsWith(typed.toLowerCase()),
  );
  return found.map(({ name, topic }) => ({ insert: `#${name} `, label: `#${name}`, hint: topic, sign: icon("hash") }));
}

/** The list of offers above a text box, with the keyboard and screen readers' usual ways. */
export class Completion {
  constructor(box, commandsToo) {
    Object.assign(this, { box, commandsToo, found: null, at: 0 });
    const id = freshId("offers");
    this.list = el("div", { class: "offers", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", id);
    box.setAttribute("aria-expanded", "false");
    box.addEventListener("input", () => this.look());
    box.addEventListener("click", () => this.look());
    box.addEventListener("blur", () => this.close());
  }

  /** Look at what stands before the caret, and offer what fits. */
  look() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    this.found = state.snapshot ? offersFor(before, this.commandsToo) : null;
    this.at = 0;
    this.show();
  }

  close() {
    this.found = null;
    this.show();
  }

  show() {
    const offers = this.found?.offers ?? [];
    this.list.hidden = offers.length === 0;
    this.list.replaceChildren(...offers.map((offer, index) => this.row(offer, index)));
    this.box.setAttribute("aria-expanded", String(offers.length > 0));
    if (offers.length) this.box.setAttribute("aria-activedescendant", this.list.children[this.at].id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  row({ label, usage, hint, sign }, index) {
    const props = { role: "option", id: freshId("offer"), "aria-selected": String(index === this.at), class: "offer" };
    const words = el(
      "span",
      { class: "offer-words" },
      el("span", {}, el("strong", {}, label), usage ? ` ${usage}` : null),
      hint ? el("small", {}, hint) : null,
    );
    const node = el("div", props, sign.cloneNode(true), words);
    node.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the caret stays in the box
      this.take(index);
    });
    return node;
  }

  /** A key pressed in the box: true if it was meant for the list. */
  key(event) {
    if (!this.found || event.isComposing) return false;
    const { length } = this.found.offers;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.at = (this.at + step + length) % length;
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.at);
    else if (event.key === "Escape") this.found = null;
    else return false;
    event.preventDefault();
    this.show();
    return true;
  }

  take(index) {
    const { from, offers } = this.found;
    this.found = null;
    this.box.setRangeText(offers[index].insert, from, this.box.selectionStart, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
