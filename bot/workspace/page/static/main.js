// Puts the page together: each part shows its share of the state, whenever that changes.
import { announce } from "./announcer.js";
import { Conversation } from "./conversation.js";
import { Journal } from "./journal.js";
import { act, become } from "./live.js";
import { forgetSurfaces } from "./message.js";
import { showModals } from "./modals.js";
import { showProblems } from "./problems.js";
import { Sidebar } from "./sidebar.js";
import { botChannel, changed, channelHere, go, placeInAddress, state, subscribe } from "./store.js";
import { startTheme } from "./theme.js";
import { Thread } from "./thread.js";
import { showToasts } from "./toasts.js";
import { Topbar } from "./topbar.js";

const part = (id) => document.getElementById(id);

startTheme();
const journal = new Journal(part("journal"), () => [topbar.journal, topbar.more].find((one) => one.offsetParent));
const topbar = new Topbar(part("topbar"), { become: switchTo, journal: () => journal.toggle() });
const sidebar = new Sidebar(part("sidebar"));
const conversation = new Conversation(part("conversation"));
const thread = new Thread(part("thread"));

function switchTo(id) {
  forgetSurfaces();
  const address = new URL(location.href);
  address.searchParams.set("as", id);
  address.hash = "";
  history.pushState(null, "", address);
  state.place = { channel: null, tab: "messages", thread: null };
  become(id);
}

function show() {
  topbar.show();
  showProblems();
  part("waiting").hidden = Boolean(state.snapshot);
  part("shell").classList.toggle("ready", Boolean(state.snapshot));
  if (!state.snapshot || !settled()) return;
  sidebar.show();
  conversation.show();
  thread.show();
  part("shell").classList.toggle("with-thread", !part("thread").hidden);
  showModals();
  showToasts();
  announce();
  markRead();
  document.body.dataset.person = state.snapshot.me.id;
}

/** A place that this person has; where the address names none, the conversation with the bot. */
function settled() {
  if (channelHere()) return true;
  const named = state.place.channel ? null : placeInAddress();
  const wanted = state.snapshot.channels.find((channel) => channel.id === named?.channel);
  const start = wanted ?? botChannel() ?? state.snapshot.channels[0];
  if (!start) return false;
  go(start.id, wanted ? named : {});
  if (start.kind === "im") act({ do: "open", tab: state.place.tab }, { quiet: true });
  return true;
}

let told = "";

function markRead() {
  const channel = channelHere();
  const mark = `${state.snapshot.me.id} ${channel?.id} ${state.snapshot.messages[channel?.id]?.at(-1)?.ts}`;
  const seen = channel && !document.hidden && state.place.tab === "messages";
  if (!seen || !channel.unread || told === mark) return;
  told = mark;
  act({ do: "read", channel: channel.id }, { quiet: true });
}

subscribe(show);
document.addEventListener("visibilitychange", changed);
part("skip").addEventListener("click", (event) => {
  event.preventDefault();
  conversation.composer.box.focus();
});
addEventListener("hashchange", () => {
  state.place = { ...state.place, ...placeInAddress() };
  changed();
});
addEventListener("popstate", () => {
  const id = new URL(location.href).searchParams.get("as");
  if (id && id !== state.snapshot?.me.id) switchBack(id);
});

function switchBack(id) {
  forgetSurfaces();
  state.place = { channel: null, tab: "messages", thread: null };
  become(id);
}

become(new URL(location.href).searchParams.get("as") ?? document.body.dataset.as ?? "");
