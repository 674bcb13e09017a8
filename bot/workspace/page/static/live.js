// The line to the workspace: snapshots come in over a WebSocket, acts go out as small requests.
import { changed, complain, state } from "./store.js";

const LONGEST_PAUSE = 4000; // milliseconds between two tries to connect again

let socket = null;
let person = "";
let pause = 300;

/** Be this person from now on: forget what the other saw, and connect. */
export function become(id) {
  person = id;
  state.snapshot = null;
  state.link = "connecting";
  pause = 300;
  connect();
  changed();
}

function connect() {
  socket?.close();
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const query = person ? `?as=${encodeURIComponent(person)}` : "";
  const mine = new WebSocket(`${scheme}://${location.host}/page/live${query}`);
  socket = mine;
  mine.addEventListener("message", (event) => mine === socket && receive(JSON.parse(event.data)));
  mine.addEventListener("close", () => mine === socket && reconnect());
}

function receive(snapshot) {
  if (snapshot.type !== "snapshot") {
    complain("page/live", `The page does not know the message type “${snapshot.type}”.`);
    return;
  }
  state.snapshot = snapshot;
  state.link = "open";
  person = snapshot.me.id;
  pause = 300;
  changed();
}

function reconnect() {
  state.link = "lost";
  setTimeout(connect, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  changed();
}

/** Do something as the person; the answer is {ok, error}. A refusal is shown unless `quiet`. */
export async function act(what, { quiet = false } = {}) {
  const answer = await post("/page/act", { as: person, ...what });
  if (!answer.ok && !quiet) complain(what.do, answer.error);
  return answer;
}

/** Send JSON; the answer is the workspace's JSON, or {ok: false, error} where none came. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answerOf(fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}

/** Read JSON from the workspace; {ok: false, error} where none came. */
export async function get(path) {
  return answerOf(fetch(path));
}

async function answerOf(request) {
  try {
    const response = await request;
    const found = await response.json();
    return response.ok ? found : { ok: false, error: found.error ?? `The workspace answered ${response.status}.` };
  } catch {
    return { ok: false, error: "The workspace did not answer. Is it still running?" };
  }
}
