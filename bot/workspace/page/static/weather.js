// The weather: faults on demand, to see what the bot does in them. What there is to set comes from the workspace.
import { el, freshId, iconButton } from "./dom.js";
import { closeLayer, dialog, openLayer } from "./layers.js";
import { get, post } from "./live.js";
import { state } from "./store.js";

const ADDRESS = "/control/weather";

/** Open the weather menu. */
export async function openWeather() {
  const body = el("div", { class: "weather" });
  const status = el("p", { class: "weather-now", role: "status" });
  const close = () => closeLayer(node);
  const done = el("button", { type: "button", class: "button primary", on: { click: close } }, "Done");
  const node = dialog("Weather", {
    body: [intro(), status, body],
    buttons: [done],
    corner: iconButton("close", "Close weather", close),
  });
  openLayer(node, close, () => done);
  const found = await get(ADDRESS);
  if (!found.kinds) {
    status.textContent = found.error;
    return;
  }
  tell(status, found.active);
  body.append(...found.kinds.map((kind) => form(kind, status)));
}

function intro() {
  return el("p", { class: "hint" }, "Make something go wrong on purpose, and watch how the bot copes.");
}

function tell(status, active) {
  const words = (active ?? []).map((one) => (typeof one === "string" ? one : (one.title ?? one.set)));
  status.textContent = words.length ? `Now: ${words.join("; ")}.` : "Now: fair weather.";
}

function form(kind, status) {
  const fields = (kind.fields ?? []).map(fieldOf);
  const node = el(
    "form",
    { class: "weather-row" },
    el("h3", {}, kind.title),
    el(
      "div",
      { class: "weather-fields" },
      fields.map(({ node: one }) => one),
      el("button", { class: "button", "aria-label": `Set: ${kind.title}` }, "Set"),
    ),
  );
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(fields.map(({ name, read }) => [name, read()]));
    const answer = await post(ADDRESS, { set: kind.set, ...values });
    if (answer.ok === false) status.textContent = answer.error;
    else tell(status, (await get(ADDRESS)).active);
  });
  return node;
}

function fieldOf({ name, default: first, options }) {
  const id = freshId("weather");
  const choices = choicesFor(name, options);
  const number = typeof first === "number";
  const control = choices
    ? el(
        "select",
        { id, class: "control" },
        choices.map(([value, label]) => el("option", { value }, label)),
      )
    : el("input", {
        id,
        class: "control",
        type: number ? "number" : "text",
        min: number ? 0 : null,
        step: number ? "any" : null,
      });
  if (first !== "" || !choices) control.value = first ?? "";
  const label = el("label", { for: id }, name.replace(/_/g, " "));
  return {
    name,
    node: el("span", { class: "weather-field" }, label, control),
    read: () => (number ? Number(control.value) : control.value),
  };
}

function choicesFor(name, options) {
  const { people, channels } = state.snapshot;
  if (options?.length) return options.map((option) => [option, option]);
  if (name === "user") return people.map((person) => [person.id, `${person.name}, ${person.team_name}`]);
  if (name === "channel")
    return channels.filter(({ kind }) => kind !== "im").map((channel) => [channel.id, `#${channel.name}`]);
  return null;
}
