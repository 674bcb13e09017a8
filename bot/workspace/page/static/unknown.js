// What the page does not know is said aloud, never left out.
import { el } from "./dom.js";

/** A red box that names what the page does not know. */
export function unknown(kind, type) {
  const says = `This page does not know the ${kind} “${type}”.`;
  console.error(says);
  return el("span", { class: "unknown", role: "alert" }, says);
}
