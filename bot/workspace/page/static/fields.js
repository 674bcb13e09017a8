// Fields to type into and to pick a date or a time from. Each returns its control.
import { el, freshId } from "./dom.js";
import { nameOf } from "./surface.js";

const LONGEST = 3000; // characters of one field, where its element sets no limit of its own
const NEARLY = 100; // characters before the limit, from which on those left are read aloud

const MINUTE = 60_000; // milliseconds

export const FIELDS = {
  plain_text_input: (spot) =>
    spot.element.multiline ? counted(spot, typed(spot, el("textarea", { rows: 4 }))) : typed(spot, oneLine(spot)),
  email_text_input: (spot) => typed(spot, el("input", { type: "email", autocomplete: "off" })),
  url_text_input: (spot) => typed(spot, el("input", { type: "url" })),
  number_input: (spot) => typed(spot, numberField(spot.element)),
  datepicker: (spot) => picker(spot, "date", "selected_date", "initial_date"),
  timepicker: (spot) => picker(spot, "time", "selected_time", "initial_time"),
  datetimepicker: moment,
};

function numberField({ is_decimal_allowed, min_value, max_value }) {
  return el("input", { type: "number", step: is_decimal_allowed ? "any" : 1, min: min_value, max: max_value });
}

/** A text field: its value is null where it is empty, as in Slack. */
function typed(spot, node) {
  const { element } = spot;
  dress(spot, node, {
    placeholder: nameOf(element.placeholder) || null,
    minlength: element.min_length,
  });
  node.value = spot.begin({ value: element.initial_value ?? null }).value ?? "";
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const read = () => ({ value: node.value || null });
  node.addEventListener("input", () => {
    spot.keep(read());
    if (spot.sends && on.includes("on_character_entered")) spot.press(read());
  });
  if (spot.sends && on.includes("on_enter_pressed"))
    node.addEventListener("keydown", (event) => enter(event, spot, read));
  return node;
}

function oneLine({ element }) {
  return el("input", { type: "text", maxlength: element.max_length });
}

/**
 * A long text with a count of its characters below. More may be pasted than fits: what is too much is said, and stays
 * until its author shortens it. Nothing is cut off unseen.
 */
function counted(spot, node) {
  const most = spot.element.max_length ?? LONGEST;
  const id = freshId("count");
  const count = el("p", { class: "counter", id });
  const aloud = el("span", { class: "unseen", role: "status" });
  const show = () => {
    const left = most - node.value.length;
    count.textContent = `${node.value.length.toLocaleString("en-GB")} of ${most.toLocaleString("en-GB")} characters`;
    count.classList.toggle("over", left < 0);
    const near = left < 0 ? `${-left} characters too many` : `${left} characters left`;
    aloud.textContent = left <= NEARLY && (left % 10 === 0 || left < 0) ? near : "";
  };
  node.addEventListener("input", show);
  node.setAttribute("aria-describedby", [node.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  show();
  return el("div", { class: "counted" }, node, count, aloud);
}

function enter(event, spot, read) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (read().value) spot.press(read());
}

function dress(spot, node, more) {
  for (const [name, value] of Object.entries({ class: "control", ...spot.props, ...more })) {
    if (value !== null && value !== undefined) node.setAttribute(name, value);
  }
  if (spot.element.focus_on_load) node.dataset.first = "";
}

function picker(spot, type, key, first) {
  const node = el("input", { type });
  dress(spot, node, { title: nameOf(spot.element.placeholder) || null });
  node.value = spot.begin({ [key]: spot.element[first] ?? null })[key] ?? "";
  node.addEventListener("change", () => settle(spot, node, { [key]: node.value || null }, (kept) => kept[key] ?? ""));
  return node;
}

async function settle(spot, node, value, shown) {
  const before = spot.begin({});
  if (!(await spot.change(value))) node.value = shown(before);
}

/** A moment: seconds since 1970 in the payload, the reader's own zone on the screen. */
function moment(spot) {
  const key = "selected_date_time";
  const shown = (kept) => (kept[key] ? local(kept[key]) : "");
  const node = el("input", { type: "datetime-local", id: freshId("field") });
  dress(spot, node, {});
  node.value = shown(spot.begin({ [key]: spot.element.initial_date_time ?? null }));
  const read = () => ({ [key]: node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null });
  node.addEventListener("change", () => settle(spot, node, read(), shown));
  return node;
}

function local(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
}
