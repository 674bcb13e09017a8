// Block Kit's elements: buttons and menus here, fields and choices in their own files, all in one table.
import { el, icon } from "./dom.js";
import { CHOICES } from "./choices.js";
import { FIELDS } from "./fields.js";
import { menuButton } from "./menu.js";
import { textObject } from "./mrkdwn.js";
import { allowed } from "./surface.js";
import { unknown } from "./unknown.js";

const ELEMENTS = { button, overflow, ...FIELDS, ...CHOICES };

/** One element, at its spot in a surface. */
export function elementOf(spot) {
  const make = ELEMENTS[spot.element.type];
  return make ? make(spot) : unknown("element", spot.element.type);
}

function button(spot) {
  const { element } = spot;
  const props = { type: "button", class: `button ${element.style ?? ""}`, ...spot.props };
  const node = el("button", props, textObject(element.text), element.url ? icon("away") : null);
  node.addEventListener("click", () => press(spot, node));
  return element.url ? el("span", { class: "with-address" }, node, el("small", {}, element.url)) : node;
}

const WEB = /^https?:/i;

async function press(spot, node) {
  if (node.ariaBusy === "true" || !(await allowed(spot.element))) return;
  const { text, value, url } = spot.element;
  if (url && WEB.test(url)) window.open(url, "_blank", "noopener,noreferrer");
  node.ariaBusy = "true";
  await spot.press({ text, ...(value === undefined ? {} : { value }) });
  node.ariaBusy = null;
}

function overflow(spot) {
  const items = () =>
    spot.element.options.map((option) => ({
      label: textObject(option.text),
      hint: option.description?.text,
      run: async () => (await allowed(spot.element)) && spot.press({ selected_option: option }),
    }));
  const name = spot.name ? `More actions, ${spot.name}` : "More actions";
  return menuButton(
    { class: "icon-button outlined", ...spot.props, "aria-label": name, title: "More actions" },
    icon("more"),
    items,
  );
}
