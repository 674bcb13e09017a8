// Slack's mrkdwn as DOM nodes. The text is data: whatever stands in it, nothing but text nodes and the tags below come out.
import { append, el, link } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { channelOf, crowd, mentionOf } from "./names.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
  ].join("|"),
  "gu",
);
const MADE = { bold: "strong", italic: "em", strike: "s" };

/** A text object of Block Kit: plain_text or mrkdwn; with nothing known of it, plain. */
export function textObject(object) {
  if (object?.type === "mrkdwn") return mrkdwn(object.text);
  return el("span", { class: "plain" }, object?.emoji === false ? object.text : withEmoji(object?.text ?? ""));
}

/** A text in mrkdwn. */
export function mrkdwn(text) {
  const pieces = String(text ?? "").split("```");
  if (pieces.length % 2 === 0) pieces.push(`${pieces.splice(-2, 1)[0]}\`\`\`${pieces.pop()}`);
  const nodes = pieces.map((piece, index) => (index % 2 ? preformatted(piece) : lines(piece, index > 0)));
  return el("span", { class: "mrkdwn" }, nodes);
}

function preformatted(text) {
  return el("pre", {}, decoded(text.replace(/^\n|\n$/g, "")));
}

const QUOTED = /^(?:>|&gt;)\s?/;
const LISTED = /^(\s*)([•◦▪‣-]|\d{1,3}[.)])\s+/u;

function lines(text, afterPre) {
  const all = (afterPre ? text.replace(/^\n/, "") : text).split("\n");
  const nodes = [];
  for (const group of grouped(all)) {
    if (group.kind === "quote") nodes.push(el("blockquote", {}, inline(group.lines.join("\n"))));
    else if (group.kind === "list") nodes.push(...group.lines.map(listed));
    else nodes.push(inline(group.lines.join("\n")));
  }
  return nodes;
}

function grouped(all) {
  const groups = [];
  for (const line of all) {
    const kind = QUOTED.test(line) ? "quote" : LISTED.test(line) ? "list" : "text";
    if (groups.at(-1)?.kind !== kind) groups.push({ kind, lines: [] });
    groups.at(-1).lines.push(kind === "quote" ? line.replace(QUOTED, "") : line);
  }
  return groups;
}

function listed(line) {
  const [start, indent, mark] = line.match(LISTED);
  const level = Math.min(3, Math.floor(indent.length / 2));
  const words = el("span", {}, inline(line.slice(start.length)));
  return el(
    "span",
    { class: `listed level-${level}` },
    el("span", { class: "mark" }, mark === "-" ? "–" : mark),
    words,
  );
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    nodes.push(plain(text.slice(end, found.index)), formatted(found.groups));
    end = found.index + found[0].length;
  }
  return [...nodes, plain(text.slice(end))];
}

function formatted(groups) {
  if (groups.code) return el("code", {}, decoded(groups.code));
  if (groups.angle) return angle(groups.angle);
  const [kind, inner] = Object.entries(groups).find(([, value]) => value !== undefined);
  return el(MADE[kind], {}, inline(inner));
}

function plain(text) {
  return withEmoji(decoded(text));
}

function decoded(text) {
  const signs = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
  return text.replace(/&(?:amp|lt|gt);/g, (sign) => signs[sign]);
}

/** What stands between < and >: a person, a channel, a command word, or a link. */
function angle(inner) {
  const [target, label] = split(inner);
  if (target.startsWith("@")) return mentionOf(target.slice(1));
  if (target.startsWith("#")) return channelOf(target.slice(1));
  if (target.startsWith("!date^")) return dateOf(target.split("^"), label);
  if (target.startsWith("!subteam^")) return crowd(decoded(label ?? target.split("^")[1]));
  if (target.startsWith("!")) return crowd(decoded(label ?? target.slice(1)));
  return link(decoded(target), decoded(label || target));
}

function split(inner) {
  const bar = inner.indexOf("|");
  return bar < 0 ? [inner] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

const SHAPES = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** A moment in the reader's own zone; `<!date^seconds^{date} at {time}^address|fallback>`. */
export function dateOf([, seconds, shape, address], fallback) {
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.getTime())) return el("span", {}, decoded(fallback ?? ""));
  const words = decoded(shape ?? "{date}").replace(/\{(\w+)\}/g, (token, name) => {
    const known = SHAPES[name.replace("_pretty", "")];
    return known ? moment.toLocaleString("en-GB", known) : token;
  });
  const time = el("time", { datetime: moment.toISOString() }, words);
  return address ? link(decoded(address), time) : time;
}

/** Only the words of a text in mrkdwn: for the live region and for labels. */
export function wordsOf(text) {
  const holder = el("span");
  append(holder, mrkdwn(text));
  return holder.textContent.trim();
}
