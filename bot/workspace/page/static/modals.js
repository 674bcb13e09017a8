// Views over the page: a stack of at most three, of which the top one is at work.
import { blockOf } from "./blocks.js";
import { el, iconButton, setText } from "./dom.js";
import { closeLayer, dialog, openLayer } from "./layers.js";
import { act } from "./live.js";
import { state } from "./store.js";
import { Surface } from "./surface.js";
import { mistakesIn } from "./validity.js";

const open = new Map(); // view id -> Modal

/** Show the stack as the workspace has it. */
export function showModals() {
  const wanted = state.snapshot.modals;
  const ids = new Set(wanted.map((view) => view.id));
  for (const [id, modal] of [...open].reverse()) if (!ids.has(id)) shut(id, modal);
  for (const view of wanted) {
    const known = open.get(view.id);
    if (known) known.show(view);
    else open.set(view.id, new Modal(view));
  }
}

function shut(id, modal) {
  open.delete(id);
  closeLayer(modal.node);
}

class Modal {
  constructor(view) {
    this.view = view;
    this.own = {}; // what the page itself found wrong before it sent the form
    this.left = null; // what had the keyboard when the form was sent, until the answer to it is shown
    this.surface = new Surface({ type: "view", view_id: view.id }, blockOf);
    this.foot = el("p", { class: "dialog-error", role: "alert", hidden: true });
    this.submit = el("button", { type: "submit", class: "button primary" });
    this.dismiss = el("button", { type: "button", class: "button", on: { click: () => this.close() } });
    this.corner = iconButton("close", "", () => this.close({ whole: true }));
    this.node = dialog(view.title, {
      body: this.surface.root,
      buttons: [this.dismiss, this.submit],
      corner: this.corner,
      foot: this.foot,
    });
    this.frame = this.node.firstElementChild;
    this.frame.addEventListener("keydown", (event) => this.pressed(event));
    this.submit.addEventListener("click", () => this.send());
    this.show(view);
    openLayer(this.node, () => this.close());
  }

  show(view) {
    if (view.hash !== this.view.hash) this.own = {};
    this.view = view;
    setText(this.frame.querySelector("h2"), view.title);
    this.nameCorner();
    this.submit.hidden = !view.submit;
    if (!this.busy) setText(this.submit, view.submit ?? "");
    setText(this.dismiss, view.close ?? (view.submit ? "Cancel" : "Close"));
    const errors = { ...view.errors, ...this.own };
    const before = new Set(this.surface.present.map(({ block_id }) => block_id));
    const waited = this.left !== null && this.left === document.activeElement;
    this.surface.show(view.blocks, errors);
    if (before.size && !this.surface.present.some(({ block_id }) => before.has(block_id))) this.toBeginning();
    const nowhere = [this.frame, document.body].includes(document.activeElement); // not in a list that a field opened
    const wrong = Object.keys(errors).length > 0;
    if (wrong && (nowhere || waited)) this.toMistake();
    this.left = waited && !wrong ? document.activeElement : null; // its field may have been drawn anew
    if (document.activeElement === document.body && this.frame.isConnected && !this.node.inert) this.frame.focus();
  }

  /** As in Slack, the corner closes every form of the stack, and the button at the bottom this one. */
  nameCorner() {
    const name = state.snapshot.modals.length > 1 ? "Close all of these forms" : "Close this form";
    this.corner.ariaLabel = this.corner.title = name;
  }

  /** Something else stands here now: it is read from its beginning. */
  toBeginning() {
    this.frame.querySelector(".dialog-body").scrollTop = 0;
    if (!this.node.inert) this.frame.focus({ preventScroll: true });
  }

  toMistake() {
    this.frame.querySelector("[aria-invalid]")?.focus();
  }

  pressed(event) {
    const single = event.target.matches("input:not([type=checkbox], [type=radio])");
    if (event.key !== "Enter" || event.defaultPrevented || !single || !this.view.submit) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    if (this.busy) return;
    this.own = mistakesIn(this.surface);
    this.show(this.view);
    if (Object.keys(this.own).length) {
      this.toMistake();
      return;
    }
    this.wait(true);
    this.left = document.activeElement; // who has gone on to another field by then is not called back
    const answer = await act({ do: "submit", view_id: this.view.id, state: this.surface.state() }, { quiet: true });
    this.wait(false);
    this.foot.hidden = answer.ok;
    this.foot.textContent = answer.ok ? "" : answer.error;
  }

  wait(busy) {
    this.busy = busy;
    this.submit.ariaBusy = busy ? "true" : null;
    setText(this.submit, busy ? "Sending…" : (this.view.submit ?? ""));
  }

  async close({ whole = false } = {}) {
    const answer = await act({ do: "close", view_id: this.view.id, whole }, { quiet: true });
    this.foot.hidden = answer.ok;
    this.foot.textContent = answer.ok ? "" : answer.error;
  }
}
