// The message box: Enter sends, Shift and Enter begin a new line; what is half typed waits in each conversation.
import { Completion } from "./completion.js";
import { el, freshId, icon, iconButton, setText } from "./dom.js";
import { act } from "./live.js";
import { menuButton } from "./menu.js";
import { messagesOf, state } from "./store.js";

const TALLEST = 200; // pixels; a longer text scrolls
const drafts = new Map();

export class Composer {
  /** `thread`: whether this box replies in the thread that is open; commands do not work there, as in Slack. */
  constructor({ thread, sent, editLast }) {
    Object.assign(this, { thread, sent, editLast, key: null });
    const id = freshId("box");
    this.box = el("textarea", {
      id,
      class: "box",
      rows: 1,
      autocomplete: "off",
      spellcheck: "true",
      enterkeyhint: "send",
    });
    this.label = el("label", { class: "unseen", for: id });
    this.completion = new Completion(this.box, !thread);
    this.note = el("p", { class: "composer-note", role: "status" });
    this.root = el("form", { class: "composer" }, this.completion.list, this.frame(), this.note);
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("input", () => this.changed());
  }

  frame() {
    const bar = el(
      "div",
      { class: "composer-bar" },
      this.tools(),
      el(
        "span",
        { class: "composer-hint" },
        el("kbd", {}, "Enter"),
        " sends, ",
        el("kbd", {}, "Shift"),
        " + ",
        el("kbd", {}, "Enter"),
        " starts a new line",
      ),
      el("button", { class: "send", "aria-label": "Send", title: "Send" }, icon("send")),
    );
    return el("div", { class: "composer-frame" }, this.label, this.box, bar);
  }

  tools() {
    const mention = iconButton("at", "Mention somebody", () => this.insert("@"));
    if (this.thread) return [mention];
    const items = () => [...this.commandItems(), ...shortcutItems()];
    const commands = menuButton(
      { class: "icon-button", "aria-label": "Commands and shortcuts", title: "Commands and shortcuts" },
      icon("bolt"),
      items,
    );
    return [commands, mention];
  }

  commandItems() {
    return state.snapshot.commands.map(({ command, description }) => ({
      label: command,
      hint: description,
      mark: "bolt",
      run: () => this.put(`${command} `),
    }));
  }

  /** Belong to this conversation: `key` names the draft, `label` the box. */
  show(key, label) {
    setText(this.label, label);
    if (this.box.placeholder !== label) this.box.placeholder = label;
    if (key === this.key) return;
    this.key = key;
    this.put(drafts.get(key) ?? "", { focus: false });
    this.completion.close();
  }

  /** Put a text into the box. */
  put(text, { focus = true } = {}) {
    this.box.value = text;
    this.changed();
    if (!focus) return;
    this.box.focus();
    this.box.setSelectionRange(text.length, text.length);
    this.completion.look();
  }

  insert(text) {
    this.box.focus();
    const spaced =
      this.box.selectionStart && !/\s$/.test(this.box.value.slice(0, this.box.selectionStart)) ? ` ${text}` : text;
    this.box.setRangeText(spaced, this.box.selectionStart, this.box.selectionEnd, "end");
    this.changed();
    this.completion.look();
  }

  changed() {
    drafts.set(this.key, this.box.value);
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, TALLEST)}px`;
    setText(this.note, this.usage());
    this.note.classList.remove("wrong");
  }

  /** Once a command stands there, how to go on. */
  usage() {
    const [, typed] = this.thread ? [] : (this.box.value.match(/^(\/\S+)\s/) ?? []);
    const found = state.snapshot?.commands.find(({ command }) => command === typed);
    return found ? `${found.command} ${found.usage_hint ? `[${found.usage_hint}]` : ""} ${found.description}` : "";
  }

  pressed(event) {
    if (this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    else if (event.key === "ArrowUp" && !this.box.value && this.editLast?.()) event.preventDefault();
  }

  async submit(event) {
    event.preventDefault();
    const text = this.box.value;
    const refused = this.refusal(text);
    if (refused || !text.trim()) {
      if (refused) this.say(refused);
      return;
    }
    const key = this.key;
    this.put("");
    const answer = await act(this.meaning(text), { quiet: true });
    if (answer.ok) this.sent();
    else this.giveBack(key, text, answer.error);
  }

  giveBack(key, text, error) {
    // a late answer does not call back who has gone on to something else
    if (this.key === key && !this.box.value) this.put(text, { focus: document.activeElement === this.box });
    else drafts.set(key, drafts.get(key) || text);
    this.say(error);
  }

  meaning(text) {
    const { channel, thread } = state.place;
    if (text.startsWith("/")) return { do: "command", channel, text: text.trim() };
    return { do: "say", channel, text, thread_ts: this.thread ? thread : null };
  }

  refusal(text) {
    const [, command] = text.match(/^(\/\S*)/) ?? [];
    if (!command) return null;
    if (this.thread) return "Commands do not work in threads. Please use the message box of the conversation.";
    const known = state.snapshot.commands.some((one) => one.command === command);
    return known ? null : `${command} is no command here. To send it as a message, put a space before it.`;
  }

  say(sentence) {
    this.note.textContent = sentence;
    this.note.classList.add("wrong");
  }
}

function shortcutItems() {
  const found = state.snapshot.shortcuts.filter((shortcut) => shortcut.type === "global");
  return found.map(({ name, callback_id }) => ({
    label: name,
    hint: state.snapshot.bot.name,
    mark: "bolt",
    run: () => act({ do: "shortcut", callback_id, channel: null, ts: null }),
  }));
}

/** The last message of one's own in a channel that may be edited. */
export function lastOwn(channel) {
  const mine = messagesOf(channel).filter(
    (message) => message.user === state.snapshot.me.id && !message.ephemeral && !message.thread_ts,
  );
  return mine.at(-1);
}
