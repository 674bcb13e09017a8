// What went wrong, in a red band: the method, the error and the path to the fault. Never silence.
import { el, iconButton, reconcile } from "./dom.js";
import { act } from "./live.js";
import { changed, state } from "./store.js";

/** Show the workspace's problems, and the page's own. */
export function showProblems() {
  const all = [...(state.snapshot?.problems ?? []), ...state.errors].slice(-5);
  const room = document.getElementById("problems");
  reconcile(room, all, ({ id }) => id, problem);
  document.documentElement.style.setProperty("--band", `${room.offsetHeight}px`);
}

function problem({ id, method, error, path, detail, own }) {
  const says = own ? error : el("span", {}, el("code", {}, method), " was refused: ", el("strong", {}, error));
  const where = path ? el("span", { class: "problem-path" }, "at ", el("code", {}, path)) : null;
  const more = detail
    ? el("span", { class: "problem-detail" }, typeof detail === "string" ? detail : JSON.stringify(detail))
    : null;
  return el(
    "div",
    { class: "problem" },
    el("p", {}, says, where, more),
    iconButton("close", "Dismiss this problem", () => dismiss(id, own)),
  );
}

function dismiss(id, own) {
  if (!own) {
    act({ do: "dismiss", problem: id });
    return;
  }
  state.errors = state.errors.filter((error) => error.id !== id);
  changed();
}
