// Says new messages aloud to screen readers, politely: only what is new, and only where the reader is.
import { wordsOf } from "./mrkdwn.js";
import { state } from "./store.js";

let known = null; // {place, ts}

/** Announce what others have said here since the last look. */
export function announce() {
  const { channel } = state.place;
  const { me, messages } = state.snapshot;
  const here = messages[channel] ?? [];
  const place = `${me.id} ${channel}`;
  const fresh = known?.place === place ? here.filter((one) => Number(one.ts) > known.ts && one.user !== me.id) : [];
  known = { place, ts: Math.max(0, ...here.map((one) => Number(one.ts))) };
  if (fresh.length) document.getElementById("live").textContent = fresh.map(said).join(" ");
}

function said({ name, text, ephemeral, thread_ts: thread }) {
  return `${name}${thread ? ", in a thread" : ""}${ephemeral ? ", only visible to you" : ""}: ${wordsOf(text)}`;
}
