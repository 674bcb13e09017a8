// Light or dark: the system's choice, until somebody makes their own.

const KEY = "theme";

/** Take up what was chosen before. */
export function startTheme() {
  const kept = localStorage.getItem(KEY);
  if (kept) document.documentElement.dataset.theme = kept;
}

function dark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

/** The name of the theme that a press would turn to. */
export function nextTheme() {
  return dark() ? "light" : "dark";
}

/** Turn to the other theme, and keep the choice. */
export function toggleTheme() {
  const next = nextTheme();
  document.documentElement.dataset.theme = next;
  localStorage.setItem(KEY, next);
}
