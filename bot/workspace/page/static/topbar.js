// The bar at the top: who you are, whether all is connected, the weather, the journal, light or dark.
import { el, icon, iconButton, reconcile, setText } from "./dom.js";
import { menuButton } from "./menu.js";
import { state } from "./store.js";
import { nextTheme, toggleTheme } from "./theme.js";
import { openWeather } from "./weather.js";

export class Topbar {
  constructor(root, { become, journal }) {
    this.people = el("select", { class: "control", id: "person" });
    this.people.addEventListener("change", () => become(this.people.value));
    this.window = el(
      "a",
      { class: "text-button wide-only", target: "_blank", rel: "noopener", title: "Be two people, side by side" },
      icon("window"),
      "Second window",
    );
    this.status = el(
      "p",
      { class: "status", role: "status" },
      el("span", { class: "dot" }),
      el("span", { class: "status-words" }),
    );
    this.weather = el(
      "button",
      { type: "button", class: "text-button wide-only", on: { click: openWeather } },
      icon("cloud"),
      el("span", {}, "Weather"),
    );
    this.journal = el(
      "button",
      {
        type: "button",
        class: "text-button wide-only",
        "aria-expanded": "false",
        "aria-controls": "journal",
        on: { click: () => journal() },
      },
      icon("list"),
      "Journal",
    );
    this.theme = iconButton("moon", "", () => this.turn(), { class: "icon-button wide-only" });
    this.more = menuButton(
      { class: "icon-button narrow-only", "aria-label": "More", title: "More" },
      icon("more"),
      () => this.items(journal),
    );
    root.append(
      brand(),
      this.chooser(),
      this.window,
      el("span", { class: "spring" }),
      this.status,
      this.weather,
      this.journal,
      this.theme,
      this.more,
    );
    this.nameTheme();
  }

  chooser() {
    return el("div", { class: "chooser" }, el("label", { for: "person" }, "You are:"), this.people);
  }

  items(journal) {
    return [
      { label: "Weather: make something go wrong", mark: "cloud", run: openWeather },
      { label: "Journal: what passed", mark: "list", run: journal },
      { label: "Open a second window", mark: "window", run: () => window.open(this.window.href, "_blank", "noopener") },
      { label: `Use the ${nextTheme()} theme`, mark: "moon", run: () => this.turn() },
    ];
  }

  turn() {
    toggleTheme();
    this.nameTheme();
  }

  nameTheme() {
    const label = `Use the ${nextTheme()} theme`;
    this.theme.setAttribute("aria-label", label);
    this.theme.title = label;
  }

  show() {
    this.showStatus();
    const { snapshot } = state;
    if (!snapshot) return;
    reconcile(this.people, teams(snapshot.people), ({ name }) => name, group);
    if (this.people.value !== snapshot.me.id) this.people.value = snapshot.me.id;
    this.window.href = `/?as=${encodeURIComponent(other(snapshot))}`;
    const set = snapshot.status.weather.length;
    this.weather.classList.toggle("set", set > 0);
    setText(this.weather.lastElementChild, set ? `Weather: ${set} set` : "Weather");
  }

  showStatus() {
    const [kind, words] = statusOf();
    this.status.dataset.kind = kind;
    this.status.title = words;
    setText(this.status.lastElementChild, words);
  }
}

function statusOf() {
  if (state.link === "lost") return ["lost", "Connecting again…"];
  if (!state.snapshot) return ["waiting", "Connecting…"];
  return state.snapshot.status.connected ? ["good", "Bot connected"] : ["lost", "Bot not connected"];
}

function brand() {
  return el("p", { class: "brand wide-only" }, icon("book"), "Practice workspace");
}

/** The next person of the list, for the second window. */
function other({ people, me }) {
  const index = people.findIndex((person) => person.id === me.id);
  return people[(index + 1) % people.length].id;
}

function teams(people) {
  const found = new Map();
  for (const person of people) found.set(person.team_name, [...(found.get(person.team_name) ?? []), person]);
  return [...found].map(([name, members]) => ({ name, members }));
}

function group({ name, members }) {
  return el(
    "optgroup",
    { label: name },
    members.map((person) => el("option", { value: person.id }, person.name)),
  );
}
