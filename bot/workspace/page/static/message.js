// One message: who, when, what, and what can be done with it.
import { blockOf } from "./blocks.js";
import { el, icon, setText, updatable } from "./dom.js";
import { edit, toolsOf } from "./message_tools.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./names.js";
import { go } from "./store.js";
import { Surface } from "./surface.js";

const surfaces = new Map(); // what is filled in into messages survives a look at another channel

/** Forget what was filled in: somebody else looks now. */
export function forgetSurfaces() {
  surfaces.clear();
}

/** A message as a list item. `scope` is "main" or "thread": one message may stand in both. */
export function messageNode(item, scope) {
  const parts = partsOf(item, scope);
  fill(parts, item, scope);
  return updatable(parts.node, (next) => fill(parts, next, scope));
}

function partsOf({ message, channel }, scope) {
  const body = el("div", { class: "message-body" });
  const edited = el("small", { class: "edited", hidden: true }, "(edited)");
  const replies = el("div", { class: "message-replies" });
  const eye = message.ephemeral ? el("p", { class: "eye" }, icon("eye"), "Only visible to you") : null;
  const time = el("time", { datetime: new Date(message.ts * 1000).toISOString() }, message.time);
  const tag = message.is_bot ? el("span", { class: "tag" }, "App") : null;
  const head = el("p", { class: "message-head" }, el("strong", {}, message.name), tag, time);
  const gutter = el(
    "div",
    { class: "gutter" },
    avatar(message.name, message.is_bot),
    el("span", { class: "gutter-time", "aria-hidden": "true" }, message.time),
  );
  const main = el("div", { class: "message-main" }, head, body, edited, replies);
  const day = el("p", { class: "day", hidden: true });
  const row = el("article", { class: "message", "aria-label": `${message.name}, ${message.time}` }, eye, gutter, main);
  const node = el("li", { data: { ts: message.ts } }, day, row);
  const tools = toolsOf(message, channel, scope, { edit: () => edit(message, channel, body) });
  if (tools) row.append(tools);
  node.addEventListener("edit-message", () => edit(message, channel, body));
  return { node, row, body, edited, replies, day, shown: null };
}

function fill(parts, { message, channel, day, joined, replies }, scope) {
  parts.row.classList.toggle("joined", Boolean(joined));
  parts.row.classList.toggle("ephemeral", message.ephemeral);
  parts.edited.hidden = !message.edited;
  parts.day.hidden = !day;
  setText(parts.day, day ?? "");
  fillBody(parts, message, channel, scope);
  fillReplies(parts, message, channel, replies);
}

function fillBody(parts, message, channel, scope) {
  const content = JSON.stringify([message.blocks, message.text]);
  if (content === parts.shown) return;
  parts.shown = content;
  if (message.blocks?.length) {
    const surface = surfaceOf(channel, message.ts, scope);
    surface.show(message.blocks);
    if (surface.root.parentNode !== parts.body) parts.body.replaceChildren(surface.root);
  } else {
    parts.body.replaceChildren(mrkdwn(message.text));
  }
}

function surfaceOf(channel, ts, scope) {
  const key = `${scope} ${channel} ${ts}`;
  if (!surfaces.has(key)) surfaces.set(key, new Surface({ type: "message", channel, ts }, blockOf));
  return surfaces.get(key);
}

function fillReplies(parts, message, channel, replies) {
  if (!replies?.count) {
    parts.replies.replaceChildren();
    return;
  }
  const words = `${replies.count} ${replies.count === 1 ? "reply" : "replies"}`;
  const button = parts.replies.firstElementChild ?? el("button", { type: "button", class: "replies" });
  button.onclick = () => go(channel, { thread: message.ts });
  button.replaceChildren(
    ...replies.who.map(({ name, is_bot }) => avatar(name, is_bot)),
    el("span", {}, words),
    el("small", {}, `Last at ${replies.last}`),
  );
  if (!button.isConnected) parts.replies.append(button);
}
