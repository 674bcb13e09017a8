// What stands where a conversation begins: what it is for, and first things to try.
import { el, icon } from "./dom.js";
import { avatar } from "./names.js";
import { state } from "./store.js";

/** The beginning of a channel. `choose` opens a tab of the bot's conversation. */
export function introduction(channel, composer, choose) {
  const direct = channel.kind === "im";
  const { bot } = state.snapshot;
  const title = el("h2", {}, direct ? avatar(bot.name, true) : null, direct ? bot.name : `#${channel.name}`);
  const attempts = channel.bot_is_member ? el("ul", { class: "tries" }, tries(channel, composer, choose)) : null;
  return [title, el("p", {}, about(channel, direct, bot)), absent(channel, bot), attempts].filter(Boolean);
}

function about(channel, direct, bot) {
  if (direct) return `This is where your conversation with ${bot.name} begins. Nobody else can read it.`;
  return `This is where ${channel.kind === "private" ? "the private channel " : ""}#${channel.name} begins. ${channel.topic}`;
}

function absent(channel, bot) {
  if (channel.bot_is_member) return null;
  return el(
    "p",
    { class: "notice" },
    icon("info"),
    el("span", {}, `${bot.name} is not in this channel: it does not hear what is said here.`),
  );
}

/** The first hint of how a command is used is taken for an example; what others say is for their readers only. */
function tries(channel, composer, choose) {
  const { bot, commands } = state.snapshot;
  const direct = channel.kind === "im";
  const put = (words) => () => composer.put(words);
  const example = commands.find(({ usage_hint: usage }) => usage)?.usage_hint;
  const words = direct ? example : `@${bot.name} ${example}`;
  return [
    example && attempt("spark", words, direct ? "Ask here, in your own words" : "Ask before everybody", put(words)),
    ...commands.map(({ command, description, usage_hint: usage }) =>
      attempt("bolt", command, description, put(`${command} ${usage === example ? usage : ""}`)),
    ),
    direct && attempt("book", "Home", `Everything that ${bot.name} can do, on one page`, () => choose("home")),
  ].filter(Boolean);
}

function attempt(sign, words, hint, run) {
  const inner = el("span", { class: "offer-words" }, el("strong", {}, words), el("small", {}, hint));
  return el("li", {}, el("button", { type: "button", class: "try", on: { click: run } }, icon(sign), inner));
}
