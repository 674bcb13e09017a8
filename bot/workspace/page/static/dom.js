// Makes and updates DOM nodes. Text goes in as text: nothing here, or anywhere on the page, reads data as markup.

const SVG = "http://www.w3.org/2000/svg";
const known = new WeakMap(); // node -> {key, mark, update}

/** Make an element. `props`: class, on (listeners by event), data (data-*), anything else an attribute. */
export function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

/** Add children to a node; null, undefined and false are nothing. */
export function append(node, children) {
  const real = [children].flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  node.append(...real);
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "data") {
    Object.assign(node.dataset, value);
  } else if (name === "value" || name === "checked") {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

/** An icon of the sprite in index.html; decoration only. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A button with an icon and a name that is read aloud and shown on hover. */
export function iconButton(name, label, press, props) {
  const more = { type: "button", class: "icon-button", "aria-label": label, title: label, ...props };
  return el("button", { ...more, on: { click: press } }, icon(name));
}

/** Say how a node changes when its item does; without it the node is made anew. */
export function updatable(node, update) {
  known.set(node, { ...known.get(node), update });
  return node;
}

/**
 * Let the children of `parent` stand for `items`, one each, in their order. A node whose item did not change is not
 * touched, so that focus, typing and scroll positions in it survive.
 */
export function reconcile(parent, items, keyOf, make) {
  const wanted = new Map(items.map((item, index) => [String(keyOf(item, index)), item]));
  const present = new Map();
  for (const node of [...parent.children]) {
    const key = known.get(node)?.key;
    if (key !== undefined && wanted.has(key) && !present.has(key)) present.set(key, node);
    else node.remove();
  }
  let place = parent.firstElementChild;
  for (const [key, item] of wanted) {
    const old = present.get(key);
    if (old && old === place) place = place.nextElementSibling;
    const node = refreshed(old, key, item, make);
    if (!old) parent.insertBefore(node, place);
    else if (node.nextElementSibling !== place) parent.insertBefore(node, place);
  }
}

function refreshed(old, key, item, make) {
  const mark = JSON.stringify(item);
  const about = old && known.get(old);
  if (about?.mark === mark) return old;
  if (about?.update) {
    about.mark = mark;
    about.update(item);
    return old;
  }
  const node = make(item);
  known.set(node, { ...known.get(node), key, mark });
  old?.replaceWith(node);
  return node;
}

let counter = 0;

/** An id that no other node has. */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Set a text only where it differs, so that a reader's place in it survives. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const SAFE = /^(https?:|mailto:|tel:)/i;

/** A link that opens in a new tab; an address of another kind (javascript:, data:) stays text. */
export function link(address, ...children) {
  const shown = children.length ? children : [address];
  if (!SAFE.test(address))
    return el("span", { class: "dead-link", title: "This address is not shown as a link" }, shown);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address }, shown);
}
