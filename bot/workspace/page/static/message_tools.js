// What a person can do with a message: reply in a thread, edit and delete their own, and the app's message shortcuts.
import { el, icon, iconButton } from "./dom.js";
import { confirmed } from "./layers.js";
import { act } from "./live.js";
import { menuButton } from "./menu.js";
import { personName } from "./names.js";
import { go, state } from "./store.js";

const MARKUP = /<(@|#|!)?([^<>|]*)(?:\|([^<>]*))?>/g;

/** The tools of a message; null where there is nothing to do with it, as with an ephemeral one. */
export function toolsOf(message, channel, scope, { edit }) {
  if (message.ephemeral) return null;
  const thread = () => go(channel, { thread: message.thread_ts ?? message.ts });
  const reply = scope === "main" ? iconButton("thread", "Reply in a thread", thread) : null;
  const items = () => [...own(message, channel, edit), ...shortcuts(message, channel)];
  const more = items().length
    ? menuButton(
        { class: "icon-button", "aria-label": "More actions for this message", title: "More actions" },
        icon("more"),
        items,
      )
    : null;
  if (!reply && !more) return null;
  return el("div", { class: "message-tools", role: "group", "aria-label": "Message actions" }, reply, more);
}

function own(message, channel, edit) {
  if (message.user !== state.snapshot.me.id || message.is_bot) return [];
  return [
    { label: "Edit message", mark: "pencil", run: edit },
    { label: "Delete message…", mark: "bin", danger: true, run: () => remove(message, channel) },
  ];
}

function shortcuts(message, channel) {
  const found = state.snapshot.shortcuts.filter((shortcut) => shortcut.type === "message");
  const { name } = state.snapshot.bot;
  return found.map((shortcut) => ({
    label: shortcut.name,
    hint: name,
    mark: "bolt",
    run: () => act({ do: "shortcut", callback_id: shortcut.callback_id, channel, ts: message.ts }),
  }));
}

/** Delete a message, once the person is sure. */
export async function remove(message, channel) {
  const sure = await confirmed({
    title: "Delete this message?",
    text: "It will be gone for everybody. This cannot be undone.",
    yes: "Delete",
    danger: true,
  });
  if (sure) act({ do: "delete", channel, ts: message.ts });
}

/** Let a person change their message where it stands: Enter saves, Escape leaves it as it was. */
export function edit(message, channel, body) {
  if (body.querySelector("form")) return;
  const shown = [...body.childNodes];
  const box = el("textarea", { class: "control", rows: 2, "aria-label": "Edit your message" });
  box.value = asTyped(latest(message, channel).text);
  const leave = () => body.isConnected && form.isConnected && body.replaceChildren(...shown);
  const save = async () => {
    const text = box.value.trim();
    leave();
    if (text) await act({ do: "edit", channel, ts: message.ts, text });
  };
  const form = editor(box, save, leave);
  body.replaceChildren(form);
  box.focus();
}

function editor(box, save, leave) {
  const cancel = el("button", { type: "button", class: "button", on: { click: leave } }, "Cancel");
  const form = el(
    "form",
    { class: "edit" },
    box,
    el("div", { class: "actions" }, cancel, el("button", { class: "button primary" }, "Save")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
  });
  return form;
}

function latest(message, channel) {
  return state.snapshot.messages[channel]?.find((one) => one.ts === message.ts) ?? message;
}

/** Slack's markup as it was typed: references by name, escapes undone. */
function asTyped(text) {
  const named = text.replace(MARKUP, (_all, kind, target, label) => {
    if (kind === "@") return `@${personName(target)}`;
    if (kind === "#") return `#${label ?? target}`;
    return kind === "!" ? `@${(label ?? target).replace(/^@/, "")}` : target;
  });
  return named.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
