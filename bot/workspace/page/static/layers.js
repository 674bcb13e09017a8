// What lies over the page: one layer on the other. The top one has the keyboard; Escape closes it; focus comes back.
import { el } from "./dom.js";

const TABBABLE =
  "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])";
const stack = []; // {node, close, before}

const shell = () => document.getElementById("shell");
const room = () => document.getElementById("layers");

/** Lay a node over the page. `close` is called on Escape and by nobody else. `focus` picks what gets the keyboard. */
export function openLayer(node, close, focus = firstField) {
  stack.push({ node, close, before: document.activeElement });
  room().append(node);
  settle();
  focus(node)?.focus({ preventScroll: true }); // it is read from its beginning
}

/** Take a layer away; the keyboard goes back to where it was before. */
export function closeLayer(node) {
  const index = stack.findIndex((layer) => layer.node === node);
  if (index < 0) return;
  const [{ before }] = stack.splice(index, 1);
  node.remove();
  settle();
  if (before?.isConnected) before.focus();
}

function settle() {
  shell().inert = stack.length > 0;
  stack.forEach((layer, index) => {
    layer.node.inert = index < stack.length - 1;
  });
}

/** The first field of a dialogue, or else the dialogue itself: a button would be pressed by who types on. */
export function firstField(node) {
  const field = node.querySelector(".dialog-body :is(input, select, textarea):not([disabled])");
  return field ?? node.querySelector("[data-first]") ?? node.firstElementChild;
}

function tabbable(node) {
  return [...node.querySelectorAll(TABBABLE)].filter((one) => one.tabIndex >= 0 && one.getClientRects().length);
}

document.addEventListener("keydown", (event) => {
  const top = stack.at(-1);
  if (!top || event.defaultPrevented) return;
  if (event.key === "Escape") {
    event.preventDefault();
    top.close();
  } else if (event.key === "Tab") {
    keepInside(event, tabbable(top.node));
  }
});

function keepInside(event, all) {
  const [edge, other] = event.shiftKey ? [all[0], all.at(-1)] : [all.at(-1), all[0]];
  const inside = all.includes(document.activeElement);
  if (other && (!inside || document.activeElement === edge)) {
    event.preventDefault();
    other.focus();
  }
}

/** Ask before something is done: true for yes. `text` may be nodes. */
export function confirmed({ title, text, yes = "Yes", no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const answer = (value) => () => {
      closeLayer(node);
      resolve(value);
    };
    const buttons = [
      el("button", { type: "button", class: "button", on: { click: answer(false) }, "data-first": danger }, no),
      el(
        "button",
        {
          type: "button",
          class: `button ${danger ? "danger" : "primary"}`,
          on: { click: answer(true) },
          "data-first": !danger,
        },
        yes,
      ),
    ];
    const node = dialog(title, {
      role: "alertdialog",
      body: el("div", { class: "dialog-text" }, text),
      buttons,
      small: true,
    });
    openLayer(node, answer(false), (made) => made.querySelector("[data-first]"));
  });
}

let dialogs = 0;

/** The frame of every dialogue: a title, what it says, its buttons. */
export function dialog(title, { role = "dialog", body, buttons, small = false, corner = null, foot = null }) {
  dialogs += 1;
  const id = `dialog-title-${dialogs}`;
  const frame = el(
    "section",
    { class: small ? "dialog small" : "dialog", role, "aria-modal": "true", "aria-labelledby": id, tabindex: "-1" },
    el("header", { class: "dialog-head" }, el("h2", { id }, title), corner),
    el("div", { class: "dialog-body" }, body),
    foot,
    el("footer", { class: "dialog-foot" }, buttons),
  );
  return el("div", { class: "veil" }, frame);
}
