// Choosing from options: menus, several of many, people, conversations, radio buttons, checkboxes.
import { el, freshId, icon } from "./dom.js";
import { closeMenu, isOpen, popUp } from "./menu.js";
import { textObject } from "./mrkdwn.js";
import { teamMates } from "./names.js";
import { state } from "./store.js";
import { nameOf } from "./surface.js";

export const CHOICES = {
  static_select: (spot) => select(spot, optionsOf(spot.element), OPTION),
  users_select: (spot) =>
    select(spot, people(), { key: "selected_user", first: spot.element.initial_user, pick: (option) => option.value }),
  conversations_select: (spot) =>
    select(spot, conversations(), {
      key: "selected_conversation",
      first: spot.element.initial_conversation,
      pick: (option) => option.value,
    }),
  channels_select: (spot) =>
    select(spot, channels(), {
      key: "selected_channel",
      first: spot.element.initial_channel,
      pick: (option) => option.value,
    }),
  multi_static_select: (spot) =>
    several(spot, optionsOf(spot.element), {
      key: "selected_options",
      first: spot.element.initial_options,
      pick: (option) => option,
    }),
  multi_users_select: (spot) =>
    several(spot, people(), {
      key: "selected_users",
      first: spot.element.initial_users,
      pick: (option) => option.value,
    }),
  multi_conversations_select: (spot) =>
    several(spot, conversations(), {
      key: "selected_conversations",
      first: spot.element.initial_conversations,
      pick: (option) => option.value,
    }),
  multi_channels_select: (spot) =>
    several(spot, channels(), {
      key: "selected_channels",
      first: spot.element.initial_channels,
      pick: (option) => option.value,
    }),
  radio_buttons: (spot) => ticks(spot, "radio"),
  checkboxes: (spot) => ticks(spot, "checkbox"),
};

const OPTION = { key: "selected_option", pick: (option) => option };

function optionsOf(element) {
  const groups = element.option_groups;
  return groups
    ? groups.flatMap((group) => group.options.map((option) => ({ option, group: nameOf(group.label) })))
    : element.options.map((option) => ({ option }));
}

function plainOption(value, text) {
  return { option: { value, text: { type: "plain_text", text, emoji: false } } };
}

function people() {
  const { bot } = state.snapshot;
  return [...teamMates(), bot].map((person) => plainOption(person.id, person.name));
}

function conversations() {
  return state.snapshot.channels.map((channel) =>
    plainOption(channel.id, channel.kind === "im" ? channel.name : `#${channel.name}`),
  );
}

function channels() {
  return conversations().filter(({ option }) => option.text.text.startsWith("#"));
}

/** One of many: the system's own menu, which every keyboard and screen reader knows. */
function select(spot, choices, { key, pick, first = spot.element.initial_option }) {
  const node = el("select", { class: "control", ...spot.props });
  node.append(
    el("option", { value: "", disabled: spot.labelled ? null : true }, nameOf(spot.element.placeholder) || "Choose…"),
  );
  addOptions(node, choices);
  const valueOf = (kept) => (typeof kept === "object" ? kept?.value : kept) ?? "";
  const find = () => choices.find(({ option }) => option.value === node.value)?.option;
  node.value = valueOf(spot.begin({ [key]: first ?? null })[key]);
  node.addEventListener("change", async () => {
    const before = spot.begin({})[key];
    const chosen = find();
    if (!(await spot.change({ [key]: chosen ? pick(chosen) : null }))) node.value = valueOf(before);
  });
  return node;
}

function addOptions(node, choices) {
  const groups = new Map();
  for (const { option, group } of choices) {
    const made = el("option", { value: option.value }, textObject(option.text).textContent);
    if (!group) node.append(made);
    else groups.set(group, [...(groups.get(group) ?? []), made]);
  }
  groups.forEach((options, label) => node.append(el("optgroup", { label }, options)));
}

/** Several of many: a button that says what is chosen, and a list of boxes to tick beside it. */
function several(spot, choices, { key, pick, first = [] }) {
  const valueOf = (picked) => (typeof picked === "object" ? picked.value : picked);
  const kept = () => new Set(spot.begin({ [key]: first })[key].map(valueOf));
  const options = choices.map(({ option }) => option);
  const words = el("span", {});
  const show = () => {
    const names = options.filter(({ value }) => kept().has(value)).map(({ text }) => nameOf(text));
    words.replaceChildren(names.join(", ") || nameOf(spot.element.placeholder) || "Choose…");
  };
  const change = async (value, ticked) => {
    const values = kept();
    values[ticked ? "add" : "delete"](value);
    await spot.change({ [key]: options.filter((option) => values.has(option.value)).map(pick) });
    spot.surface.redraw.get(spot.key)();
  };
  const button = el(
    "button",
    { type: "button", class: "control several", id: freshId("field"), "aria-expanded": "false", ...spot.props },
    words,
    icon("down"),
  );
  nameWithValue(button, words, spot);
  button.addEventListener("click", () =>
    isOpen(button) ? closeMenu() : popUp(button, boxes(spot, options, kept, change)),
  );
  spot.surface.redraw.set(spot.key, show);
  show();
  return button;
}

function nameWithValue(button, words, spot) {
  words.id = freshId("chosen");
  if (spot.labelled) button.setAttribute("aria-labelledby", `${spot.labelled.label} ${words.id}`);
}

function boxes(spot, options, kept, change) {
  const most = spot.element.max_selected_items ?? Infinity;
  const rows = options.map(({ value, text }) => {
    const box = el("input", { type: "checkbox", checked: kept().has(value) });
    box.addEventListener("change", () => {
      if (box.checked && kept().size >= most) box.checked = false;
      else change(value, box.checked);
    });
    return el("label", { class: "tick" }, box, textObject(text));
  });
  const done = el("button", { type: "button", class: "button primary", on: { click: closeMenu } }, "Done");
  const name = nameOf(spot.block.label) || spot.name || "Choose several";
  return el("div", { class: "menu-list", role: "group", "aria-label": name }, rows, done);
}

/** Radio buttons and checkboxes. */
function ticks(spot, type) {
  const one = type === "radio";
  const rows = tickRows(spot, type, chosenIn(spot, one));
  const props = { ...spot.props, "data-action": null, class: "ticks", role: one ? "radiogroup" : "group" };
  const node = el(
    "div",
    props,
    rows.map((row) => row.node),
  );
  node.addEventListener("change", async (event) => {
    const picked = rows.filter(({ box }) => box.checked).map(({ option }) => option);
    const value = one ? { selected_option: picked[0] ?? null } : { selected_options: picked };
    if (!(await spot.change(value))) takeBack(rows, spot, event.target);
  });
  return node;
}

/** The values of what is chosen when the boxes are made. */
function chosenIn(spot, one) {
  const { initial_option: single = null, initial_options: several = [] } = spot.element;
  const kept = spot.begin(one ? { selected_option: single } : { selected_options: several });
  const chosen = one ? [kept.selected_option] : kept.selected_options;
  return new Set(chosen.filter(Boolean).map((option) => option.value));
}

function tickRows(spot, type, chosen) {
  const name = freshId("choice");
  return spot.element.options.map((option) => {
    const props = { type, name, value: option.value, "data-action": spot.element.action_id };
    const box = el("input", { ...props, checked: chosen.has(option.value) });
    return { box, option, node: tickRow(box, option) };
  });
}

function takeBack(rows, spot, box) {
  const kept = spot.begin({});
  if (box.type === "checkbox") box.checked = !box.checked;
  else rows.forEach((row) => Object.assign(row.box, { checked: row.option.value === kept.selected_option?.value }));
}

function tickRow(box, option) {
  const about = option.description ? el("small", {}, textObject(option.description)) : null;
  return el("label", { class: "tick" }, box, el("span", { class: "tick-words" }, textObject(option.text), about));
}
