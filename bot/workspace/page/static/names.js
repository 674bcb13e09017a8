// Names for the ids that Slack's markup carries, and the small square that stands for a person.
import { el, icon } from "./dom.js";
import { state } from "./store.js";

/** The name of a person or of the bot; the id where nobody is known by it. */
export function personName(id) {
  const { people = [], bot } = state.snapshot ?? {};
  return people.find((person) => person.id === id)?.name ?? (bot?.id === id ? bot.name : id);
}

/** The name of a channel; the id where it is not known. */
export function channelName(id) {
  return state.snapshot?.channels.find((channel) => channel.id === id)?.name ?? id;
}

/** The people of the team of whoever looks: nobody of the other team, nobody whose account is deactivated. */
export function teamMates() {
  const { people = [], me } = state.snapshot ?? {};
  return people.filter((person) => person.active && person.team_name === me.team_name);
}

/** A mention of a person. */
export function mentionOf(id) {
  const mine = id === state.snapshot?.me.id;
  return el("span", { class: mine ? "mention mine" : "mention" }, `@${personName(id)}`);
}

/** A mention of a channel. */
export function channelOf(id) {
  return el("span", { class: "mention" }, `#${channelName(id)}`);
}

/** A mention of many: @here, @channel, @everyone, a user group. Shown, and nothing more. */
export function crowd(name) {
  return el("span", { class: "mention crowd" }, `@${name.replace(/^@/, "")}`);
}

/** A square with initials, in a tint of the person's own; the bot has a sign. */
export function avatar(name, isBot) {
  if (isBot) return el("span", { class: "avatar bot", "aria-hidden": "true" }, icon("book"));
  const words = name.split(/\s+/).filter((word) => /^[A-Z]/i.test(word));
  const initials = [words[0], words.length > 1 ? words.at(-1) : null].map((word) => word?.[0] ?? "").join("");
  const tint = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 7;
  return el("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, initials.toUpperCase() || "?");
}
