// A list of messages that changes without moving what the reader looks at, and follows the end only for who is there.
import { el, reconcile } from "./dom.js";
import { messageNode } from "./message.js";

const NEAR = 60; // pixels from the end that still count as the end
const TOGETHER = 300; // seconds within which one person's messages stand under one name

export class MessageList {
  /** `scope` is "main" or "thread". */
  constructor(scope, label) {
    this.scope = scope;
    this.place = null;
    this.newest = null;
    this.list = el("ol", { class: "messages" });
    this.intro = el("div", { class: "intro" });
    this.scroller = el(
      "div",
      { class: "scroller", tabindex: "0", role: "region", "aria-label": label },
      this.intro,
      this.list,
    );
    this.jump = el(
      "button",
      { type: "button", class: "jump", hidden: true, on: { click: () => this.toEnd() } },
      "New messages ↓",
    );
    this.root = el("div", { class: "message-pane" }, this.scroller, this.jump);
    this.following = true;
    this.scroller.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.resized()).observe(this.scroller);
  }

  /** Show these messages of a place; `items` are {message, channel, replies}. */
  show(place, items, intro) {
    const moved = place !== this.place;
    const follow = moved || this.following;
    this.place = place;
    if (moved) this.list.replaceChildren();
    this.showIntro(intro);
    reconcile(
      this.list,
      joined(items),
      ({ message }) => message.ts,
      (item) => messageNode(item, this.scope),
    );
    this.settle(follow, items.at(-1)?.message.ts, moved);
  }

  showIntro(intro) {
    if (this.said === intro.key) return;
    this.said = intro.key;
    this.intro.replaceChildren(...intro.make());
  }

  settle(follow, newest, moved) {
    const grown = newest !== this.newest;
    this.newest = newest;
    if (follow) this.toEnd();
    else if (grown && !moved) this.jump.hidden = false;
  }

  resized() {
    this.height = this.scroller.clientHeight;
    if (this.following) this.toEnd();
  }

  scrolled() {
    if (this.following && this.scroller.clientHeight !== this.height) return; // the room changed; nobody scrolled
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) this.jump.hidden = true;
  }

  toEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.jump.hidden = true;
  }
}

/** Each message with its day, where a day begins, and whether it stands under the name of the one before. */
function joined(items) {
  let before = null;
  return items.map((item) => {
    const { message } = item;
    const day = dayOf(message.ts);
    const newDay = before === null || dayOf(before.ts) !== day;
    const same = before && !newDay && before.user === message.user && before.ephemeral === message.ephemeral;
    const close = same && message.ts - before.ts < TOGETHER;
    before = message;
    return { ...item, day: newDay ? day : null, joined: Boolean(close && !message.ephemeral) };
  });
}

function dayOf(ts) {
  const date = new Date(ts * 1000);
  const day = date.toDateString();
  if (day === new Date().toDateString()) return "Today";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}
