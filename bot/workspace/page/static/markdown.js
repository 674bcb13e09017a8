// The markdown block: the usual markdown as DOM nodes, from lines to tags. Raw HTML in it is text.
import { el, link } from "./dom.js";
import { withEmoji } from "./emoji.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`]+)`",
    "!\\[(?<alt>[^\\]]*)\\]\\([^)\\s]+\\)",
    "\\[(?<label>[^\\]]+)\\]\\((?<address>[^)\\s]+)\\)",
    "\\*\\*(?<bold>[^\\s*](?:.*?[^\\s])?)\\*\\*",
    "__(?<bold2>[^\\s_](?:.*?[^\\s])?)__",
    "(?<!\\w)\\*(?<italic>[^\\s*](?:[^*]*[^\\s*])?)\\*(?!\\w)",
    "(?<!\\w)_(?<italic2>[^\\s_](?:[^_]*[^\\s_])?)_(?!\\w)",
    "~~(?<strike>.+?)~~",
  ].join("|"),
  "gu",
);

/** A markdown block. */
export function markdown(block) {
  const lines = String(block.text ?? "").split("\n");
  const nodes = [];
  while (lines.length) nodes.push(next(lines));
  return el("div", { class: "rich markdown" }, nodes);
}

const KINDS = [
  [/^\s*$/, (lines) => lines.shift() && null],
  [/^```/, fenced],
  [/^(#{1,6})\s+/, heading],
  [/^\s*([-*_])(\s*\1){2,}\s*$/, (lines) => el("hr", { data: { line: lines.shift() } })],
  [/^>\s?/, quoted],
  [/^\s*([-*+]|\d{1,3}[.)])\s+/, list],
];

function next(lines) {
  const found = KINDS.find(([pattern]) => pattern.test(lines[0]));
  return found ? found[1](lines) : paragraph(lines);
}

function fenced(lines) {
  lines.shift();
  const end = lines.findIndex((line) => line.startsWith("```"));
  const inner = lines.splice(0, end < 0 ? lines.length : end);
  lines.shift();
  return el("pre", {}, inner.join("\n"));
}

function heading(lines) {
  const [, marks, words] = lines.shift().match(/^(#{1,6})\s+(.*?)\s*#*$/);
  return el(
    "p",
    { class: `heading level-${marks.length}`, role: "heading", "aria-level": marks.length + 2 },
    inline(words),
  );
}

function quoted(lines) {
  return el(
    "blockquote",
    {},
    markdown({
      text: take(lines, /^>\s?/)
        .map((line) => line.replace(/^>\s?/, ""))
        .join("\n"),
    }),
  );
}

const ITEM = /^(\s*)([-*+]|\d{1,3}[.)])\s+/;

function list(lines) {
  const [, indent, mark] = lines[0].match(ITEM);
  const node = el(/\d/.test(mark) ? "ol" : "ul", { start: /\d/.test(mark) ? Number.parseInt(mark, 10) : null });
  while (lines.length && ITEM.test(lines[0])) {
    const deeper = lines[0].match(ITEM)[1].length - indent.length;
    if (deeper < 0) break;
    if (deeper > 1 && node.lastElementChild) node.lastElementChild.append(list(lines));
    else node.append(el("li", {}, inline(lines.shift().replace(ITEM, ""))));
  }
  return node;
}

function paragraph(lines) {
  const taken = [lines.shift()];
  while (lines.length && !KINDS.some(([pattern]) => pattern.test(lines[0]))) taken.push(lines.shift());
  return el("p", {}, inline(taken.join("\n")));
}

function take(lines, pattern) {
  const end = lines.findIndex((line) => !pattern.test(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(withEmoji(text.slice(end, found.index)), formatted(found.groups));
    end = found.index + found[0].length;
  }
  return [...nodes, withEmoji(text.slice(end))];
}

function formatted({ code, alt, label, address, bold, bold2, italic, italic2, strike }) {
  if (code !== undefined) return el("code", {}, code);
  if (alt !== undefined) return el("span", { class: "image-alt" }, `Image: ${alt}`);
  if (label !== undefined) return link(address, label);
  if (bold ?? bold2) return el("strong", {}, inline(bold ?? bold2));
  return (italic ?? italic2) ? el("em", {}, inline(italic ?? italic2)) : el("s", {}, inline(strike));
}
