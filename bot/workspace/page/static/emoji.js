// The emoji that Slack's text names by a code, as far as staff and the bot use them.

const NAMES = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|pray 🙏|raised_hands 🙌|muscle 💪|point_right 👉|point_left 👈
point_up ☝️|point_down 👇|hand ✋|raised_hand ✋|eyes 👀|smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|laughing 😆|wink 😉
blush 😊|slightly_smiling_face 🙂|heart_eyes 😍|thinking_face 🤔|neutral_face 😐|confused 😕|worried 😟|cry 😢|sob 😭|angry 😠
scream 😱|sweat_smile 😅|sunglasses 😎|hugging_face 🤗|shushing_face 🤫|zipper_mouth_face 🤐|sleeping 😴|tired_face 😫
heart ❤️|broken_heart 💔|star ⭐|sparkles ✨|fire 🔥|tada 🎉|100 💯|rocket 🚀|bulb 💡|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|no_entry ⛔|no_entry_sign 🚫
warning ⚠️|rotating_light 🚨|sos 🆘|exclamation ❗|question ❓|grey_question ❔|information_source ℹ️|scales ⚖️|balance_scale ⚖️
red_circle 🔴|large_orange_circle 🟠|large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵|white_circle ⚪|black_circle ⚫
lock 🔒|unlock 🔓|closed_lock_with_key 🔐|key 🔑|shield 🛡️|eye 👁️|mag 🔍|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍
book 📖|open_book 📖|books 📚|notebook 📓|page_facing_up 📄|scroll 📜|memo 📝|pencil ✏️|pencil2 ✏️|clipboard 📋|file_folder 📁
calendar 📅|date 📅|spiral_calendar_pad 🗓️|clock1 🕐|clock3 🕒|alarm_clock ⏰|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️
email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|mailbox 📫|phone ☎️|telephone_receiver 📞|iphone 📱
computer 💻|camera 📷|video_camera 📹|speech_balloon 💬|thought_balloon 💭|busts_in_silhouette 👥|bust_in_silhouette 👤
teacher 🧑‍🏫|student 🧑‍🎓|school 🏫|house 🏠|hospital 🏥|seedling 🌱|deciduous_tree 🌳|cherries 🍒|sunny ☀️|cloud ☁️|umbrella ☔
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|leftwards_arrow_with_hook ↩️|heavy_plus_sign ➕
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|coffee ☕|tea 🍵|cake 🍰|robot_face 🤖|gear ⚙️|hammer_and_wrench 🛠️|wrench 🔧|package 📦`;

const EMOJI = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(" ")),
);

/** The emoji of a code without its colons; null where the common set does not hold it. */
export function emojiNamed(name) {
  return EMOJI.get(name) ?? null;
}

/** A plain text with the codes of known emoji replaced; others stay as they were typed. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (code, name) => emojiNamed(name) ?? code);
}

/** The emoji of a rich text element: by its code points where it brings them, else by name. */
export function emojiOf({ name, unicode }) {
  const points = unicode?.split("-").map((point) => Number.parseInt(point, 16));
  if (points?.every((point) => point > 0 && point <= 0x10ffff)) return String.fromCodePoint(...points);
  return emojiNamed(name) ?? `:${name}:`;
}
