// The rich_text block: sections, lists with nesting, quotes, preformatted text, and what stands inside them.
import { el, link } from "./dom.js";
import { emojiOf } from "./emoji.js";
import { dateOf } from "./mrkdwn.js";
import { channelOf, crowd, mentionOf } from "./names.js";
import { unknown } from "./unknown.js";

const PARTS = {
  rich_text_section: (part) => el("span", { class: "rich-section" }, inside(part)),
  rich_text_quote: (part) => el("blockquote", { class: bordered(part) }, inside(part)),
  rich_text_preformatted: (part) => el("pre", { class: bordered(part) }, inside(part)),
  rich_text_list: listOf,
};

const INSIDE = {
  text: (element) => styled(element, element.text),
  link: (element) => styled(element, link(element.url, element.text || element.url)),
  user: (element) => styled(element, mentionOf(element.user_id)),
  channel: (element) => styled(element, channelOf(element.channel_id)),
  usergroup: (element) => crowd(element.usergroup_id),
  broadcast: (element) => crowd(element.range),
  emoji: (element) => el("span", { class: "emoji", role: "img", "aria-label": element.name }, emojiOf(element)),
  date: (element) => dateOf(["", element.timestamp, element.format, element.url], element.fallback),
  color: (element) => el("code", {}, element.value),
};

/** A rich_text block. */
export function richText(block) {
  return el("div", { class: "rich" }, ...nested(block.elements ?? []).map(rendered));
}

function rendered(part) {
  const make = PARTS[part.type];
  return make ? make(part) : unknown("rich text part", part.type);
}

/** Slack sends nesting as a run of lists with indents: put each deeper list into the last item of the one before. */
function nested(parts) {
  const found = [];
  for (const part of parts) {
    const above = part.type === "rich_text_list" && part.indent > 0 ? holder(found.at(-1), part.indent) : null;
    if (above) above.inner = [...(above.inner ?? []), { ...part }];
    else found.push({ ...part });
  }
  return found;
}

function holder(list, indent) {
  if (list?.type !== "rich_text_list" || (list.indent ?? 0) >= indent) return null;
  const deeper = list.inner?.at(-1);
  return (deeper && holder(deeper, indent)) ?? list;
}

function listOf(part) {
  const ordered = part.style === "ordered";
  const items = part.elements.map((item) =>
    el("li", {}, item.type === "rich_text_section" ? inside(item) : rendered(item)),
  );
  const last = items.at(-1);
  if (last) last.append(...(part.inner ?? []).map(rendered));
  const level = Math.min(8, part.indent ?? 0);
  return el(
    ordered ? "ol" : "ul",
    { class: `level-${level}${part.border ? " bordered" : ""}`, start: start(part, ordered) },
    items,
  );
}

function start(part, ordered) {
  return ordered && part.offset ? part.offset + 1 : null;
}

function bordered(part) {
  return part.border ? "bordered" : null;
}

function inside(part) {
  return (part.elements ?? []).map((element) => {
    const make = INSIDE[element.type];
    return make ? make(element) : unknown("rich text element", element.type);
  });
}

const STYLES = [
  ["code", "code"],
  ["strike", "s"],
  ["underline", "u"],
  ["italic", "em"],
  ["bold", "strong"],
];

function styled(element, inner) {
  const wanted = STYLES.filter(([name]) => element.style?.[name]);
  const node = wanted.reduce((child, [, tag]) => el(tag, {}, child), inner);
  return element.style?.highlight ? el("mark", {}, node) : node;
}
