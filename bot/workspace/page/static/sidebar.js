// The left column: whose workspace this is, its channels, and the conversation with the bot.
import { el, icon, iconButton, reconcile, setText } from "./dom.js";
import { act } from "./live.js";
import { avatar } from "./names.js";
import { changed, go, state } from "./store.js";

export class Sidebar {
  constructor(root) {
    this.root = root;
    this.team = el("h2", { class: "team" });
    this.channels = el("ul", {});
    this.direct = el("ul", {});
    const close = iconButton("close", "Hide conversations", () => toggle(false), { class: "icon-button narrow-only" });
    root.append(
      el("div", { class: "sidebar-head" }, this.team, close),
      el(
        "div",
        { class: "sidebar-scroll" },
        this.group("Channels", this.channels),
        this.group("Direct messages", this.direct),
      ),
      el(
        "p",
        { class: "sidebar-foot" },
        "A practice workspace on this computer. Nothing leaves it, and all is gone when it stops.",
      ),
    );
    document.addEventListener("sidebar", () => toggle(true));
    root.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  }

  group(title, list) {
    return el("section", {}, el("h3", {}, title), list);
  }

  show() {
    const { snapshot, place } = state;
    setText(this.team, snapshot.me.team_name);
    const items = snapshot.channels.map((channel) => ({ ...channel, here: channel.id === place.channel }));
    const fill = (list, chosen) => reconcile(list, chosen, ({ id }) => id, row);
    fill(
      this.channels,
      items.filter(({ kind }) => kind !== "im"),
    );
    fill(
      this.direct,
      items.filter(({ kind }) => kind === "im"),
    );
    this.show_panel();
  }

  show_panel() {
    const was = this.root.classList.contains("open");
    this.root.classList.toggle("open", state.sidebar);
    if (state.sidebar && !was) this.root.querySelector("[aria-current]")?.focus();
  }
}

function toggle(shown) {
  if (state.sidebar === shown) return;
  state.sidebar = shown;
  changed();
  if (!shown) document.querySelector(".conversation-head .narrow-only")?.focus();
}

function row({ id, name, kind, unread, here }) {
  const sign = kind === "im" ? avatar(name, true) : icon(kind === "private" ? "lock" : "hash");
  const count =
    unread && !here ? el("span", { class: "badge" }, String(unread), el("span", { class: "unseen" }, " unread")) : null;
  const props = { type: "button", class: unread && !here ? "row unread" : "row", "aria-current": here ? "page" : null };
  return el(
    "li",
    {},
    el(
      "button",
      { ...props, on: { click: () => visit(id, kind) } },
      sign,
      el("span", { class: "row-name" }, name),
      count,
    ),
  );
}

function visit(id, kind) {
  go(id);
  if (kind === "im") act({ do: "open", tab: "messages" }, { quiet: true });
}
