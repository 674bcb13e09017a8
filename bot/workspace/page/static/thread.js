// The threads panel: one message and its replies, at the right; on narrow screens over the page.
import { Composer } from "./composer.js";
import { el, iconButton, setText } from "./dom.js";
import { MessageList } from "./messagelist.js";
import { channelHere, go, messagesOf, state } from "./store.js";

export class Thread {
  constructor(root) {
    this.root = root;
    this.list = new MessageList("thread", "Thread");
    this.composer = new Composer({ thread: true, sent: () => this.list.toEnd() });
    this.where = el("p", { class: "topic" });
    this.open = null;
    const close = iconButton("close", "Close thread", () => this.close());
    const head = el(
      "header",
      { class: "conversation-head" },
      el("div", { class: "head-words" }, el("h2", {}, "Thread"), this.where),
      close,
    );
    root.append(head, this.list.root, this.composer.root);
    root.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.close());
  }

  close() {
    const ts = state.place.thread;
    go(state.place.channel, { tab: state.place.tab });
    document.querySelector(`#conversation [data-ts="${CSS.escape(ts)}"] :is(.replies, .message-tools button)`)?.focus();
  }

  show() {
    const { thread } = state.place;
    const channel = channelHere();
    const all =
      channel && thread ? messagesOf(channel.id).filter((one) => one.ts === thread || one.thread_ts === thread) : [];
    this.root.hidden = all.length === 0;
    if (!all.length) {
      this.open = null;
      return;
    }
    setText(this.where, channel.kind === "im" ? channel.name : `#${channel.name}`);
    const key = `${state.snapshot.me.id} ${channel.id} ${thread}`;
    this.list.show(
      key,
      all.map((message) => ({ message, channel: channel.id })),
      { key, make: () => [] },
    );
    this.composer.show(key, "Reply in the thread");
    if (this.open !== key) this.composer.box.focus({ preventScroll: true });
    this.open = key;
  }
}
