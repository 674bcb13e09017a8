// Block Kit's blocks, one short function each, in one table. A type that is not in it becomes a red box.
import { el, freshId } from "./dom.js";
import { elementOf } from "./elements.js";
import { markdown } from "./markdown.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { Spot, nameOf } from "./surface.js";
import { unknown } from "./unknown.js";

const BLOCKS = {
  section,
  header: (_surface, block) => el("h3", { class: "block-header" }, textObject(block.text)),
  divider: () => el("hr", {}),
  context,
  actions,
  image,
  input,
  rich_text: (_surface, block) => richText(block),
  markdown: (_surface, block) => markdown(block),
};

/** One block of a surface; `error` is what is wrong with its field, if anything. */
export function blockOf(surface, block, error = null) {
  const make = BLOCKS[block.type];
  const inner = make ? make(surface, block, error) : unknown("block", block.type);
  return el("div", { class: `block block-${make ? block.type : "unknown"}` }, inner);
}

function section(surface, block) {
  const words = block.text ? el("div", { class: "section-text" }, textObject(block.text)) : null;
  const fields = block.fields?.length ? el("div", { class: "section-fields" }, block.fields.map(fieldOf)) : null;
  const name = nameOf(block.text);
  const beside = block.accessory ? el("div", { class: "accessory" }, accessoryOf(surface, block, name)) : null;
  return el("div", { class: "section" }, el("div", { class: "section-main" }, words, fields), beside);
}

function fieldOf(field) {
  return el("div", { class: "section-field" }, textObject(field));
}

function accessoryOf(surface, block, name) {
  if (block.accessory.type === "image") return imageAlt(block.accessory);
  return elementOf(spotOf(surface, block, block.accessory, name));
}

/** A button says its own name; "Open" alone says too little, so what it stands beside is added. */
function spotOf(surface, block, element, beside = "") {
  const own = element.accessibility_label ?? nameOf(element.placeholder);
  const name = [nameOf(element.text), own, beside].filter(Boolean).join(", ");
  return new Spot(surface, block, element, { name });
}

function context(_surface, block) {
  const parts = block.elements.map((element) => {
    if (element.type === "image") return imageAlt(element);
    const known = ["plain_text", "mrkdwn"].includes(element.type);
    return known ? el("span", {}, textObject(element)) : unknown("context element", element.type);
  });
  return el("div", { class: "context" }, parts);
}

function actions(surface, block) {
  return el(
    "div",
    { class: "actions" },
    block.elements.map((element) => elementOf(spotOf(surface, block, element))),
  );
}

function image(_surface, block) {
  const title = block.title ? el("figcaption", {}, textObject(block.title)) : null;
  return el("figure", { class: "image" }, title, imageAlt(block));
}

/** Nothing is loaded from elsewhere: an image is its words. */
function imageAlt(element) {
  return el("span", { class: "image-alt", role: "img", "aria-label": element.alt_text }, `Image: ${element.alt_text}`);
}

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

function input(surface, block, error) {
  const ids = { label: freshId("label"), hint: freshId("hint"), error: freshId("error") };
  const described = [block.hint && ids.hint, error && ids.error].filter(Boolean).join(" ");
  const sends = Boolean(block.dispatch_action);
  const spot = new Spot(surface, block, block.element, { sends, labelled: { label: ids.label, described } });
  const control = elementOf(spot);
  const field = control.matches("input, select, textarea") ? control : control.querySelector("input, select, textarea");
  if (error) field?.setAttribute("aria-invalid", "true");
  return el(
    "div",
    { class: error ? "field faulty" : "field" },
    labelOf(block, ids.label, field),
    hintAbove(block, ids),
    control,
    mistake(error, ids),
  );
}

function labelOf(block, id, field) {
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  const words = [textObject(block.label), optional];
  if (GROUPS.has(block.element.type) || !field) return el("span", { class: "label", id }, words);
  field.id ||= freshId("field");
  return el("label", { class: "label", id, for: field.id }, words);
}

function hintAbove(block, ids) {
  return block.hint ? el("p", { class: "hint", id: ids.hint }, textObject(block.hint)) : null;
}

function mistake(error, ids) {
  return error ? el("p", { class: "field-error", id: ids.error }, error) : null;
}
