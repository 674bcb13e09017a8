// The middle of the page: what conversation this is, its tabs, its messages or App Home, and the message box.
import { Composer, lastOwn } from "./composer.js";
import { el, icon, iconButton, setText } from "./dom.js";
import { Home } from "./home.js";
import { introduction } from "./introduction.js";
import { act } from "./live.js";
import { MessageList } from "./messagelist.js";
import { channelHere, go, messagesOf, state } from "./store.js";

export class Conversation {
  constructor(root) {
    this.list = new MessageList("main", "Messages");
    this.composer = new Composer({ thread: false, sent: () => this.list.toEnd(), editLast: () => this.editLast() });
    this.home = new Home();
    this.head = new Head();
    this.tabs = new Tabs();
    this.panel = el("div", { class: "panel", id: "panel" }, this.list.root, this.composer.root, this.home.root);
    root.append(this.head.root, this.tabs.root, this.panel);
  }

  show() {
    const channel = channelHere();
    if (!channel) return;
    const home = channel.kind === "im" && state.place.tab === "home";
    this.head.show(channel);
    this.tabs.show(channel);
    this.panelNames(channel);
    this.list.root.hidden = this.composer.root.hidden = home;
    this.home.root.hidden = !home;
    if (home) this.home.show();
    else this.showMessages(channel);
  }

  panelNames(channel) {
    const tabbed = channel.kind === "im";
    this.panel.setAttribute("role", tabbed ? "tabpanel" : "presentation");
    if (tabbed) this.panel.setAttribute("aria-labelledby", `tab-${state.place.tab}`);
    else this.panel.removeAttribute("aria-labelledby");
  }

  showMessages(channel) {
    const { me } = state.snapshot;
    const name = channel.kind === "im" ? channel.name : `#${channel.name}`;
    this.list.scroller.setAttribute("aria-label", `Messages in ${name}`);
    this.list.show(`${me.id} ${channel.id}`, itemsOf(channel.id), this.introOf(channel));
    this.composer.show(`${me.id} ${channel.id}`, `Message ${name}`);
  }

  introOf(channel) {
    return {
      key: JSON.stringify([state.snapshot.me.id, channel.id, channel.bot_is_member]),
      make: () => introduction(channel, this.composer, choose),
    };
  }

  editLast() {
    const ts = lastOwn(state.place.channel)?.ts;
    const node = ts && [...this.list.list.children].find((one) => one.dataset.ts === ts);
    node?.dispatchEvent(new Event("edit-message"));
    return Boolean(node);
  }
}

/** A channel's messages outside threads, each with what its thread holds. */
function itemsOf(channel) {
  const all = messagesOf(channel);
  const tops = all.filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  return tops.map((message) => ({ message, channel, replies: repliesTo(message, all) }));
}

function repliesTo(message, all) {
  const replies = all.filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
  const who = [...new Map(replies.map(({ user, name, is_bot }) => [user, { name, is_bot }])).values()].slice(0, 3);
  return { count: replies.length, last: replies.at(-1)?.time ?? null, who };
}

/** The heading: name, topic, how many are here. */
class Head {
  constructor() {
    this.title = el("h1", { tabindex: "-1" });
    this.sign = el("span", { class: "head-sign" });
    this.topic = el("p", { class: "topic" });
    this.members = el("span", { class: "chip" });
    const back = iconButton("menu", "Show conversations", () => document.dispatchEvent(new Event("sidebar")), {
      class: "icon-button narrow-only",
    });
    this.root = el(
      "header",
      { class: "conversation-head" },
      back,
      this.sign,
      el("div", { class: "head-words" }, this.title, this.topic),
      this.members,
    );
  }

  show(channel) {
    const sign = channel.kind === "im" ? "book" : channel.kind === "private" ? "lock" : "hash";
    if (this.sign.dataset.sign !== sign) this.sign.replaceChildren(icon(sign));
    this.sign.dataset.sign = sign;
    setText(this.title, channel.name);
    setText(this.topic, channel.kind === "im" ? "App" : channel.topic);
    setText(this.members, channel.members === 1 ? "1 member" : `${channel.members} members`);
    this.members.hidden = channel.kind === "im";
  }
}

/** The tabs of the bot's conversation: Home and Messages. */
class Tabs {
  constructor() {
    this.tabs = ["home", "messages"].map((name) => this.tab(name));
    this.root = el("div", { class: "tabs", role: "tablist", "aria-label": "Staff Guidance" }, this.tabs);
    this.root.addEventListener("keydown", (event) => this.pressed(event));
  }

  tab(name) {
    const label = name === "home" ? "Home" : "Messages";
    const props = { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", data: { tab: name } };
    return el("button", { ...props, on: { click: () => choose(name) } }, label);
  }

  show(channel) {
    this.root.hidden = channel.kind !== "im";
    this.root.setAttribute("aria-label", channel.name);
    for (const tab of this.tabs) {
      const here = tab.dataset.tab === state.place.tab;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
    }
  }

  pressed(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = this.tabs.find((tab) => tab.dataset.tab !== state.place.tab);
    choose(other.dataset.tab);
    other.focus();
  }
}

function choose(tab) {
  go(state.place.channel, { tab });
  act({ do: "open", tab }, { quiet: true });
}
