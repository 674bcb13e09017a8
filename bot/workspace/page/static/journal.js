// The journal: everything that passed between the bot and the workspace, in order, in a drawer at the bottom.
// What people typed into forms is left out until somebody asks for it: it is confidential, and others may be looking.
import { el, iconButton, reconcile, setText } from "./dom.js";
import { get } from "./live.js";

const MOST_SHOWN = 300;
const MOST_KEPT = 5000;
const PAUSE = 1000; // milliseconds between two looks
const KINDS = ["envelope", "ack", "call", "refusal", "delivery", "page"];

export class Journal {
  constructor(root, opener) {
    Object.assign(this, { root, opener, entries: [], kind: "", words: "", typed: false, timer: null });
    this.list = el("ol", { class: "journal-list" });
    this.count = el("span", { class: "journal-count", role: "status" });
    this.scroller = el(
      "div",
      { class: "journal-scroll", tabindex: "0", role: "region", "aria-label": "Journal entries" },
      this.list,
    );
    const kind = el(
      "select",
      { class: "control", "aria-label": "Kind of entry" },
      el("option", { value: "" }, "Every kind"),
      KINDS.map((name) => el("option", { value: name }, name)),
    );
    const words = el("input", {
      class: "control",
      type: "search",
      placeholder: "Filter",
      "aria-label": "Filter the journal by words",
    });
    const typed = el("input", { type: "checkbox" });
    typed.addEventListener("change", () => this.reveal(typed.checked));
    kind.addEventListener("change", () => this.filter({ kind: kind.value }));
    words.addEventListener("input", () => this.filter({ words: words.value.trim().toLowerCase() }));
    const head = el(
      "header",
      { class: "journal-head" },
      el("h2", {}, "Journal"),
      kind,
      words,
      el("label", { class: "tick journal-typed" }, typed, "Show what was typed into forms"),
      this.count,
      iconButton("close", "Close the journal", () => this.toggle(false)),
    );
    root.append(head, this.scroller);
    root.addEventListener(
      "keydown",
      (event) => event.key === "Escape" && !event.defaultPrevented && this.toggle(false),
    );
  }

  /** Open or close the drawer. */
  toggle(shown = this.root.hidden) {
    this.root.hidden = !shown;
    this.opener()?.setAttribute("aria-expanded", String(shown));
    clearInterval(this.timer);
    if (shown) {
      this.timer = setInterval(() => this.look(), PAUSE);
      this.look(true);
      this.root.querySelector("select").focus();
    } else {
      this.opener()?.focus();
    }
  }

  /** Fetch what is new. */
  async look(toEnd = false) {
    if (this.root.hidden) return;
    const { typed } = this;
    const found = await get(`/control/journal?after=${this.entries.at(-1)?.n ?? 0}${typed ? "&typed=1" : ""}`);
    if (typed !== this.typed) return; // asked for in the meantime, or no longer
    const fresh = Array.isArray(found) ? found : (found.entries ?? found.journal ?? []);
    const last = this.entries.at(-1)?.n ?? 0;
    this.entries = [...this.entries, ...fresh.filter((entry) => entry.n > last)].slice(-MOST_KEPT);
    if (fresh.length || toEnd) this.show(toEnd);
  }

  /** Fetch everything anew, with what was typed or without. */
  reveal(typed) {
    Object.assign(this, { typed, entries: [] });
    this.look(true);
  }

  filter(change) {
    Object.assign(this, change);
    this.show(true);
  }

  show(toEnd = false) {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    const follow = toEnd || scrollHeight - scrollTop - clientHeight < 40;
    const fitting = this.entries.filter((entry) => this.fits(entry));
    reconcile(this.list, fitting.slice(-MOST_SHOWN), ({ n }) => n, row);
    setText(
      this.count,
      fitting.length === this.entries.length
        ? `${fitting.length} entries`
        : `${fitting.length} of ${this.entries.length} entries`,
    );
    if (follow) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  fits(entry) {
    if (this.kind && entry.kind !== this.kind) return false;
    return !this.words || JSON.stringify(entry).toLowerCase().includes(this.words);
  }
}

function row({ n, at, kind, what, who, detail }) {
  const time = new Date(at).toLocaleTimeString("en-GB", { hour12: false });
  const head = [
    el("span", { class: "journal-n" }, String(n)),
    el("time", { datetime: at }, time),
    el("span", { class: `kind kind-${kind}` }, kind),
    el("span", { class: "journal-what" }, what),
    el("span", { class: "journal-who" }, who ?? ""),
  ];
  const inner = el("pre", { tabindex: "0", "aria-label": `Detail of entry ${n}` }, JSON.stringify(detail, null, 2));
  return el("li", {}, el("details", {}, el("summary", {}, head), inner));
}
