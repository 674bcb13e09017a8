// Menus that open from a button: they live outside the conversation, so that nothing that arrives closes them.
import { el, icon } from "./dom.js";

const GAP = 4; // pixels between a button and its menu

let open = null; // {node, button}

/** A button that opens a menu. `items()` gives [{label, hint, danger, run}] at the moment it opens. */
export function menuButton(props, content, items) {
  const more = { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", ...props };
  const button = el("button", more, content);
  button.addEventListener("click", () => (open?.button === button ? closeMenu() : openMenu(button, items())));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && open?.button !== button) {
      event.preventDefault();
      openMenu(button, items());
    }
  });
  return button;
}

/** Open a menu beside a button. */
export function openMenu(button, items) {
  const node = el("div", {
    class: "menu",
    role: "menu",
    "aria-label": button.getAttribute("aria-label") ?? button.textContent,
  });
  node.append(...items.map(itemOf));
  node.addEventListener("keydown", keys);
  popUp(button, node);
  (node.querySelector("[role^=menuitem]") ?? node).focus();
}

function itemOf({ label, hint, danger, run, mark }) {
  const press = () => {
    closeMenu();
    run();
  };
  const words = el("span", { class: "menu-words" }, el("span", {}, label), hint ? el("small", {}, hint) : null);
  const props = { type: "button", role: "menuitem", tabindex: "-1", class: danger ? "danger" : null };
  return el("button", { ...props, on: { click: press } }, mark ? icon(mark) : null, words);
}

/** Lay any node beside a button until it loses the reader: a menu, or a list of boxes to tick. */
export function popUp(button, node) {
  closeMenu();
  open = { button, node };
  document.getElementById("popups").append(node);
  button.setAttribute("aria-expanded", "true");
  settle();
}

/** The button beside which something lies; where it was drawn anew meanwhile, the one that came in its place. */
function anchor() {
  if (!open.button.isConnected) {
    const { action = "" } = open.button.dataset;
    const heir = document.querySelector(`#shell button[data-action="${CSS.escape(action)}"][aria-expanded],
      .veil:last-child button[data-action="${CSS.escape(action)}"][aria-expanded]`);
    heir?.setAttribute("aria-expanded", "true");
    open.button = heir ?? open.button;
  }
  return open.button;
}

/** Close what is open; the keyboard goes back to its button if it was inside. */
export function closeMenu() {
  if (!open) return;
  const button = anchor();
  const { node } = open;
  open = null;
  const inside = node.contains(document.activeElement);
  node.remove();
  button.setAttribute("aria-expanded", "false");
  if (inside) button.focus();
}

/** Whether something lies beside this button. */
export function isOpen(button) {
  return Boolean(open) && anchor() === button;
}

function keys(event) {
  const items = [...event.currentTarget.querySelectorAll("[role^=menuitem]")];
  const here = items.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

/** A list of boxes is one stop for the keyboard: past its last box, or before its first, it closes. */
function tabThrough(event) {
  const stops = [...open.node.querySelectorAll("input, button")];
  const here = stops.indexOf(document.activeElement);
  const next = here + (event.shiftKey ? -1 : 1);
  if (here < 0 && event.shiftKey) return;
  event.preventDefault();
  if (stops[next]) stops[next].focus();
  else closeMenu();
}

function settle() {
  if (!open) return;
  const button = anchor();
  const { node } = open;
  const at = button.getBoundingClientRect();
  if (!button.isConnected || at.bottom < 0 || at.top > innerHeight) {
    closeMenu();
    return;
  }
  const below = at.bottom + GAP + node.offsetHeight <= innerHeight || at.top < node.offsetHeight + GAP;
  const left = Math.max(GAP, Math.min(at.left, innerWidth - node.offsetWidth - GAP));
  node.style.left = `${left}px`;
  node.style.top = `${Math.max(GAP, below ? Math.min(at.bottom + GAP, innerHeight - node.offsetHeight - GAP) : at.top - node.offsetHeight - GAP)}px`;
}

addEventListener("resize", settle);
addEventListener("scroll", (event) => !open?.node.contains(event.target) && settle(), true);
document.addEventListener("pointerdown", (event) => {
  if (open && !open.node.contains(event.target) && !anchor().contains(event.target)) closeMenu();
});
document.addEventListener(
  "keydown",
  (event) => {
    if (!open || !["Escape", "Tab"].includes(event.key)) return;
    if (event.key === "Tab" && !open.node.matches(".menu")) {
      tabThrough(event);
      return;
    }
    if (event.key === "Escape") event.preventDefault();
    closeMenu();
  },
  true,
);
