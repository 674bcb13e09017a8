// A surface holds blocks: a message, a view, App Home. It keeps what a person has filled in, and sends what they do,
// in the form that Slack gives payloads.
import { el, reconcile } from "./dom.js";
import { confirmed } from "./layers.js";
import { act } from "./live.js";
import { textObject, wordsOf } from "./mrkdwn.js";

export class Surface {
  /** `container` says where the blocks are: {type: "message", channel, ts}, {type: "home"} or {type: "view", view_id}. */
  constructor(container, makeBlock, name = "") {
    this.container = container;
    this.makeBlock = makeBlock;
    this.values = new Map(); // "block_id action_id" -> {type, …value}
    this.present = []; // the blocks as they stand now
    this.errors = {};
    this.redraw = new Map(); // "block_id action_id" -> shows its value anew, wherever that was changed
    this.root = el("div", { class: "blocks", "aria-label": name || null, role: name ? "group" : null });
  }

  /** Show these blocks; what has been filled in stays, and the keyboard stays where it is. */
  show(blocks, errors = {}) {
    this.errors = errors;
    this.present = blocks.map((block, index) => ({ ...block, block_id: block.block_id || `block-${index}` }));
    const held = this.root.contains(document.activeElement) ? placeIn(document.activeElement) : null;
    const items = this.present.map((block) => ({ block, error: errors[block.block_id] ?? null }));
    reconcile(
      this.root,
      items,
      ({ block }) => block.block_id,
      ({ block, error }) => this.makeBlock(this, block, error),
    );
    if (held && !this.root.contains(document.activeElement)) this.refocus(held);
  }

  refocus({ action, value, caret }) {
    const all = [...this.root.querySelectorAll(`[data-action="${CSS.escape(action ?? "")}"]`)];
    const node = all.find((one) => isTick(one) && one.value === value) ?? all[0];
    node?.focus();
    if (caret && node?.matches("textarea, input[type=text]")) node.setSelectionRange(...caret);
  }

  /** What is filled in, by block and action: Slack's `state.values`. */
  state() {
    const found = {};
    for (const block of this.present) {
      for (const element of statefulOf(block)) {
        const kept = this.values.get(`${block.block_id} ${element.action_id}`);
        if (kept) (found[block.block_id] ??= {})[element.action_id] = kept;
      }
    }
    return found;
  }

  /** Tell the workspace of an action. */
  send(blockId, action) {
    return act({ do: "interact", container: this.container, block_id: blockId, action, state: this.state() });
  }
}

const isTick = (node) => node.matches("[type=radio], [type=checkbox]");

/** Where the keyboard is: in which element, at which of its boxes, at which letter. */
function placeIn(node) {
  const caret = node.matches("textarea, input[type=text]") ? [node.selectionStart, node.selectionEnd] : null;
  return { action: node.dataset.action, value: node.value, caret };
}

function statefulOf(block) {
  return [block.element, block.accessory, ...(block.elements ?? [])].filter((element) => element?.action_id);
}

/** One element's place in a surface: its value, and what happens when it changes. */
export class Spot {
  constructor(surface, block, element, { labelled = null, sends = true, name = "" } = {}) {
    Object.assign(this, { surface, block, element, labelled, sends, name });
    this.key = `${block.block_id} ${element.action_id}`;
  }

  /** The attributes by which a control is known to people and tests. */
  get props() {
    const props = { "data-action": this.element.action_id };
    if (this.labelled)
      return { ...props, "aria-labelledby": this.labelled.label, "aria-describedby": this.labelled.described || null };
    return { ...props, "aria-label": this.name || this.element.action_id };
  }

  /** What was filled in before, or else what the element starts with. */
  begin(initial) {
    if (this.surface.values.get(this.key)?.type !== this.element.type) this.keep(initial);
    return this.surface.values.get(this.key);
  }

  keep(value) {
    this.surface.values.set(this.key, { type: this.element.type, ...value });
  }

  /** A new value: confirmed where the element asks for it, kept, and sent where it has to be. False if taken back. */
  async change(value) {
    if (this.sends && !(await allowed(this.element))) return false;
    this.keep(value);
    if (this.sends) await this.press(value);
    return true;
  }

  /** Send the element's action with this value. */
  press(value) {
    const { action_id, type } = this.element;
    return this.surface.send(this.block.block_id, { action_id, type, ...value });
  }
}

/** Ask what the element's `confirm` says, if it has one. */
export function allowed(element) {
  const ask = element.confirm;
  if (!ask) return true;
  return confirmed({
    title: ask.title?.text ?? "Are you sure?",
    text: textObject(ask.text),
    yes: ask.confirm?.text ?? "Yes",
    no: ask.deny?.text ?? "Cancel",
    danger: ask.style === "danger",
  });
}

/** A text object's words, for names that are read aloud. */
export function nameOf(object) {
  if (!object) return "";
  return object.type === "mrkdwn" ? wordsOf(object.text) : (object.text ?? "");
}
