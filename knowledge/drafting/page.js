"use strict";
// The page of drafts: what is accepted or skipped is kept in this browser until it is exported. Nothing leaves the page.
const articles = [...document.querySelectorAll("article")];
const store = document.body.dataset.store;
const MOST_WORDS = Number(document.body.dataset.words);
const status = document.getElementById("status");

const field = (article, name) => article.querySelector(`[name=${name}]`);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function cardOf(article) {
  return {
    id: field(article, "id").value.trim(),
    title: field(article, "title").value.trim(),
    verdict: field(article, "verdict").value,
    summary: field(article, "summary").value.trim().replace(/\s+/g, " "),
    refs: JSON.parse(article.dataset.refs),
    phrasings: lines(field(article, "phrasings").value),
  };
}

function mistake(article) {
  const card = cardOf(article);
  const others = articles.filter((one) => one !== article && one.dataset.state === "accepted");
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(card.id) || card.id.length > 60) return "The id has small letters, digits and single dashes.";
  if (others.some((one) => cardOf(one).id === card.id)) return "Another card that you accepted has this id.";
  if (!card.title || card.title.length > 75) return "Give it a title of at most 75 characters.";
  if (!card.verdict) return "Choose the verdict: what the clause says to this question.";
  if (!card.summary) return "Write the summary, in your own words.";
  if (card.summary.split(" ").length > MOST_WORDS) return `Say it in ${MOST_WORDS} words; the clauses follow anyway.`;
  if (!card.phrasings.length) return "Write at least one way of asking.";
  return "";
}

function show(article) {
  const state = article.dataset.state || "";
  article.classList.toggle("accepted", state === "accepted");
  article.classList.toggle("skipped", state === "skipped");
  article.querySelector(".state").textContent = { accepted: "Accepted", skipped: "Skipped" }[state] || "";
  for (const input of article.querySelectorAll("input, select, textarea")) input.disabled = state !== "";
  article.querySelector("[data-do=accept]").hidden = state !== "";
  article.querySelector("[data-do=skip]").hidden = state !== "";
  article.querySelector("[data-do=undo]").hidden = state === "";
}

function count() {
  const of = (state) => articles.filter((article) => article.dataset.state === state).length;
  const left = articles.length - of("accepted") - of("skipped");
  status.textContent = `${of("accepted")} accepted, ${of("skipped")} skipped, ${left} to look at`;
}

function keep() {
  const typed = {};
  for (const article of articles) {
    const card = cardOf(article);
    typed[article.dataset.key] = { ...card, phrasings: field(article, "phrasings").value, state: article.dataset.state || "" };
  }
  try { localStorage.setItem(store, JSON.stringify(typed)); } catch { /* a browser that keeps nothing: export before leaving */ }
}

function restore() {
  let typed = {};
  try { typed = JSON.parse(localStorage.getItem(store)) || {}; } catch { /* nothing was kept */ }
  for (const article of articles) {
    const kept = typed[article.dataset.key];
    for (const name of kept ? ["id", "title", "verdict", "summary", "phrasings"] : []) field(article, name).value = kept[name];
    if (kept) article.dataset.state = kept.state;
    show(article);
  }
  count();
}

function decide(article, state) {
  const wrong = state === "accepted" ? mistake(article) : "";
  article.querySelector(".wrong").textContent = wrong;
  if (wrong) return;
  article.dataset.state = state;
  show(article);
  count();
  keep();
  const next = articles.slice(articles.indexOf(article) + 1).find((one) => !one.dataset.state);
  if (state && next) { next.scrollIntoView(); next.querySelector("h2").focus({ preventScroll: true }); }
}

function exportDecisions() {
  const wanted = (state) => articles.filter((article) => article.dataset.state === state);
  const decisions = {
    organisation: document.body.dataset.organisation,
    accepted: wanted("accepted").map((article) => ({
      key: article.dataset.key, clauses: article.dataset.clauses, card: cardOf(article),
    })),
    skipped: wanted("skipped").map((article) => article.dataset.key),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(decisions, null, 1)], { type: "application/json" }));
  link.download = `${decisions.organisation}-cards.json`;
  link.click();
}

document.addEventListener("click", (event) => {
  const what = event.target.dataset.do;
  const article = event.target.closest("article");
  if (what === "export") exportDecisions();
  if (article && what) decide(article, { accept: "accepted", skip: "skipped", undo: "" }[what]);
});
document.addEventListener("input", keep);
restore();
