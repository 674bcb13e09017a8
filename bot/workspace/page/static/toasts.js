// Notifications, shown exactly as a phone's lock screen and as a desktop would show them.
import { el, icon, iconButton, reconcile } from "./dom.js";
import { act } from "./live.js";
import { go, state } from "./store.js";

// Milliseconds, unless somebody points at it or has the keyboard in it. On a narrow screen it covers messages: less.
const STAYS = 12_000;
const STAYS_NARROW = 6_000;

/** Show the newest notifications. */
export function showToasts() {
  const room = document.getElementById("toasts");
  reconcile(room, state.snapshot.toasts.slice(-2).reverse(), ({ id }) => id, toast);
}

function toast({ id, channel, from, mobile, desktop }) {
  const dismiss = () => act({ do: "dismiss", toast: id }, { quiet: true });
  const open = () => {
    go(channel);
    dismiss();
  };
  const name = `Notification from ${from}: open the conversation`;
  const press = el("button", { type: "button", class: "toast-open", "aria-label": name, on: { click: open } });
  const phone = shown("phone", "On a phone’s lock screen", from, mobile);
  const desk = shown("desktop", "On a desktop", from, desktop);
  const node = el(
    "article",
    { class: "toast" },
    press,
    phone,
    desk,
    iconButton("close", "Dismiss this notification", dismiss),
  );
  later(node, dismiss);
  return node;
}

function shown(kind, where, from, text) {
  const sign = icon(kind === "phone" ? "phone" : "screen");
  return el("div", { class: kind }, el("p", { class: "toast-where" }, sign, where), card(from, text));
}

function card(from, text) {
  return el(
    "div",
    { class: "toast-card" },
    el("span", { class: "toast-from" }, icon("book"), from),
    el("p", { class: "toast-text" }, text),
  );
}

function later(node, dismiss) {
  const held = () => node.matches(":hover") || node.contains(document.activeElement);
  const timer = setInterval(
    () => {
      if (node.isConnected && held()) return;
      clearInterval(timer);
      if (node.isConnected) dismiss();
    },
    matchMedia("(max-width: 699px)").matches ? STAYS_NARROW : STAYS,
  );
}
