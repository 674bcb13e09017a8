// App Home: the bot's own page for one person.
import { blockOf } from "./blocks.js";
import { el } from "./dom.js";
import { state } from "./store.js";
import { Surface } from "./surface.js";

export class Home {
  constructor() {
    this.wait = el("p", { class: "waiting" }, "Waiting for App Home…");
    this.inner = el("div", { class: "home-inner" }, this.wait);
    this.root = el(
      "div",
      { class: "home", tabindex: "0", role: "region", "aria-label": "App Home", hidden: true },
      this.inner,
    );
    this.surface = null;
    this.person = null;
  }

  show() {
    const { home, me } = state.snapshot;
    if (!this.surface || this.person !== me.id) {
      this.person = me.id;
      this.surface = new Surface({ type: "home" }, blockOf);
    }
    if (home) this.surface.show(home.blocks);
    const wanted = home ? this.surface.root : this.wait;
    if (this.inner.firstChild !== wanted) this.inner.replaceChildren(wanted);
  }
}
