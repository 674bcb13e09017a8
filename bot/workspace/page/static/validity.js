// What Slack itself checks before it sends a form: what is required, how long a text may be, what looks like an address.

const EMPTY = "Please fill this in.";

/** What is wrong with the fields of a surface, by block id; empty where nothing is. */
export function mistakesIn(surface) {
  const values = surface.state();
  const found = {};
  for (const block of surface.present.filter(({ type }) => type === "input")) {
    const wrong = mistake(block, values[block.block_id]?.[block.element.action_id] ?? {});
    if (wrong) found[block.block_id] = wrong;
  }
  return found;
}

function mistake({ element, optional }, value) {
  const given = valueOf(value);
  if (given === null) return optional ? null : EMPTY;
  return CHECKS[element.type]?.(given, element) ?? null;
}

/** Whatever the element's form calls its value; null where it is empty. */
function valueOf({ type: _type, ...rest }) {
  const [given = null] = Object.values(rest);
  return given === "" || (Array.isArray(given) && given.length === 0) ? null : given;
}

const CHECKS = {
  plain_text_input: lengthOf,
  email_text_input: (text) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : "Please write an e-mail address, such as office@example.org.",
  url_text_input: (text) =>
    /^https?:\/\/\S+$/i.test(text) ? null : "Please write a web address that begins with https://.",
  number_input: numberOf,
};

function lengthOf(text, { min_length: least = 0, max_length: most = 3000 }) {
  if (text.length < least) return `Please write at least ${least} characters.`;
  return text.length > most ? `Please write at most ${most} characters.` : null;
}

function numberOf(text, { min_value: least, max_value: most, is_decimal_allowed: decimal }) {
  const number = Number(text);
  if (!Number.isFinite(number) || (!decimal && !Number.isInteger(number)))
    return decimal ? "Please write a number." : "Please write a whole number.";
  if (least !== undefined && number < Number(least)) return `Please write a number of at least ${least}.`;
  return most !== undefined && number > Number(most) ? `Please write a number of at most ${most}.` : null;
}
