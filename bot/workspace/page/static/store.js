// What the page knows: the newest snapshot, and what the reader looks at. Everyone who shows some of it subscribes.

export const state = {
  snapshot: null,
  link: "connecting", // connecting | open | lost: the page's own line to the workspace
  place: { channel: null, tab: "messages", thread: null },
  sidebar: false, // on narrow screens: the list of conversations lies over the page
  errors: [], // problems of the page's own, shown in the same band as the workspace's
};

const subscribers = [];
let due = false;

/** Call `show` after each change. */
export function subscribe(show) {
  subscribers.push(show);
}

/** Something changed: show it, once however many changes come together. */
export function changed() {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    subscribers.forEach((show) => show(state));
  });
}

/** The channel that is shown, or undefined. */
export function channelHere() {
  return state.snapshot?.channels.find((channel) => channel.id === state.place.channel);
}

/** The direct conversation with the bot. */
export function botChannel() {
  return state.snapshot?.channels.find((channel) => channel.kind === "im");
}

/** The messages of a channel, oldest first. */
export function messagesOf(channel) {
  return state.snapshot?.messages[channel] ?? [];
}

/** Go somewhere; what is not named is the place's own beginning. */
export function go(channel, { tab = "messages", thread = null } = {}) {
  state.place = { channel, tab, thread };
  state.sidebar = false;
  const parts = [channel, ...(tab === "home" ? ["home"] : []), ...(thread ? ["thread", thread] : [])];
  if (location.hash !== `#${parts.join("/")}`) history.replaceState(null, "", `#${parts.join("/")}`);
  changed();
}

/** The place that the address names, if there is one. */
export function placeInAddress() {
  const [channel, kind, thread] = decodeURIComponent(location.hash.slice(1)).split("/");
  return { channel: channel || null, tab: kind === "home" ? "home" : "messages", thread: thread ?? null };
}

let errors = 0;

/** Show a problem of the page's own: what was tried, and what came of it. */
export function complain(method, error) {
  errors += 1;
  console.error(`${method}: ${error}`);
  const same = state.errors.find((one) => one.method === method && one.error === error);
  if (!same) state.errors = [...state.errors, { id: `page-${errors}`, method, error, path: "", own: true }].slice(-5);
  changed();
}
