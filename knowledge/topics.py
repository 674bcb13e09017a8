"""An organisation's cards and gaps, read once: spelt out, parsed, and indexed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from knowledge.index import MANY, Rarity, Terms, TopicIndex
from knowledge.lexicon import Lexicon, parse, terms_of, weight_of
from knowledge.models import Card, ClauseCard, Gap, Organisation
from knowledge.nearness import Phrase, Sought, TopicPhrasings, grams
from knowledge.roles import RoleWorths, marks, usual_shares
from knowledge.shelf import Shelf
from knowledge.spelling import Speller
from knowledge.text import FUNCTION_WORDS, words

Topic = Card | Gap

OFTEN = 3
"""Phrasings in which a word must stand to count as spelt right: some of them are misspelt on purpose."""
SAMPLED = 3
"""One phrasing in so many is looked at for how rare parts of words are: that is enough, and loading is quicker."""
CLAUSE_WEIGHT = 0.6
"""A word of a clause or heading against a word of a phrasing."""
UNKNOWN = "\0"
"""Stands for a word that no phrasing has, where words in order are a character each."""


class Topics:
    """The topics of one organisation, and how a text is read with its words. Safe to share between threads."""

    def __init__(self, organisation: Organisation, lexicon: Lexicon, shelf: Shelf | None = None) -> None:
        """`shelf`: where what was read once is kept for the next start."""
        cards: tuple[Card, ...] = (*organisation.cards, *organisation.clause_cards)
        self.topics: tuple[Topic, ...] = (*cards, *organisation.gaps)
        self.cards = len(cards)
        self._lexicon = lexicon
        said = [_said(topic) for topic in self.topics]
        printed = [_printed(topic, organisation) for topic in self.topics]
        self._letters: dict[str, str] = {}
        self._take_or_read({*said, *chain(*printed)}, shelf)
        self._index(said, printed)
        self._usual = usual_shares(phrase.marks for own in self._phrases for phrase in own)
        self._rarity = Rarity({term for phrase in own for term in phrase.terms} for own in self._phrases)
        sampled = (own[::SAMPLED] for own in self._phrases)
        self._gram_rarity = Rarity({part for phrase in own for part in grams(phrase.text)} for own in sampled)

    def _take_or_read(self, clean: Iterable[str], shelf: Shelf | None) -> None:
        """The vocabulary and the phrases: from the shelf where they lie there, else read, and laid there."""
        clean = sorted(clean)
        asked = [(*topic.phrasings, topic.title) for topic in self.topics]
        name = shelf.name_of([self._lexicon.model_dump_json(), *clean, *map("\n".join, asked)]) if shelf else ""
        if shelf and self._take(shelf.take(name)):
            return
        typed = [[" ".join(self._lexicon.spell_out(text)) for text in own] for own in asked]
        vocabulary = self._vocabulary(clean, typed)
        self._speller = Speller(vocabulary)
        self._read_all(typed)
        if shelf:
            shelf.put(name, self._as_data(vocabulary))

    def _as_data(self, vocabulary: dict[str, int]) -> dict[str, Any]:
        """All of it as plain data; terms and marks stand once, and phrases name them by number."""
        numbers: dict[str, int] = {}
        phrases = [[_phrase_data(phrase, numbers) for phrase in own] for own in self._phrases]
        return {"vocabulary": vocabulary, "letters": self._letters, "parts": list(numbers), "phrases": phrases}

    def _take(self, data: Any) -> bool:
        """Take what was laid on the shelf; False where it is not what it should be."""
        try:
            parts = data["parts"]
            same: dict[tuple[str, ...], frozenset[str]] = {}
            self._phrases = [
                [
                    Phrase(text, tuple([parts[n] for n in terms]), order, same.setdefault(marked, frozenset(marked)))
                    for text, terms, order, found in own
                    for marked in [tuple([parts[n] for n in found])]
                ]
                for own in data["phrases"]
            ]
            self._letters, self._speller = dict(data["letters"]), Speller(data["vocabulary"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return False
        return len(self._phrases) == len(self.topics)

    def _read_all(self, typed: Sequence[Sequence[str]]) -> None:
        same: dict[Any, Any] = {}  # what is equal is kept once
        self._phrases = [[self._phrase(self._correct(text.split()), same) for text in own] for own in typed]
        if len(self.topics) > MANY:
            self._forget_lone_pairs()

    def _vocabulary(self, clean: Iterable[str], phrasings: Sequence[Sequence[str]]) -> dict[str, int]:
        """Every word that is spelt right, with the number of phrasings it stands in."""
        typed = Counter(word for own in phrasings for phrasing in own for word in set(phrasing.split()))
        right = {
            *self._lexicon.vocabulary,
            *FUNCTION_WORDS,
            *(word for text in clean for word in words(text)),
            *(word for word, times in typed.items() if times >= OFTEN),
        }
        return {word: typed[word] for word in right}

    def _correct(self, typed: Sequence[str]) -> list[str]:
        return [self._speller.correct(word) for word in typed]

    def read(self, text: str) -> Phrase:
        """A text of any length, ready to be compared."""
        return self._phrase(self.spell(text))

    def sought(self, asked: Phrase) -> Sought:
        """A question, weighed once for all topics."""
        return Sought.weigh(asked, self._rarity, self._gram_rarity)

    def closely(self, number: int) -> TopicPhrasings:
        """A topic's phrasings, ready to be compared with."""
        own = self._phrases[number]
        return TopicPhrasings(own, self._rarity, RoleWorths([phrase.marks for phrase in own], self._usual))

    def spell(self, text: str) -> list[str]:
        """The words of a text, spelt out and put right."""
        return self._correct(self._lexicon.spell_out(text))

    def understood(self, spelt: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        """Words of a text that is spelt out, with the concepts that they were understood as."""
        spans = parse(spelt, self._lexicon).spans
        return [(" ".join(spelt[start:end]), tuple(sorted(concepts))) for start, end, concepts in spans]

    def _phrase(self, spelt: Sequence[str], same: dict[Any, Any] | None = None) -> Phrase:
        """Read words. `same` is given where topics are read: what stands in it already is kept once."""
        parsed = parse(spelt, self._lexicon)
        found = marks(spelt, parsed.spans, self._lexicon)
        if same is None:
            order = "".join([self._letters.get(word, UNKNOWN) for word in parsed.order])
            return Phrase(" ".join(spelt), tuple(parsed.terms), order, found)
        order = "".join([self._letters.get(word) or self._new_letter(word) for word in parsed.order])
        terms = tuple([same.setdefault(term, term) for term in parsed.terms])
        return Phrase(" ".join(spelt), terms, order, same.setdefault(found, found))

    def _new_letter(self, word: str) -> str:
        self._letters[word] = letter = chr(len(self._letters) + 1)
        return letter

    def _forget_lone_pairs(self) -> None:
        times = Counter(term for own in self._phrases for phrase in own for term in phrase.terms if "_" in term)
        lone = {pair for pair, found in times.items() if found == 1}
        self._phrases = [[_without(phrase, lone) for phrase in own] for own in self._phrases]

    def _index(self, said: Sequence[str], printed: Sequence[list[str]]) -> None:
        terms_in = cache(lambda text: terms_of(self.spell(text), self._lexicon))  # many cards share a clause
        clauses = [_merged(terms_in(part) for part in parts) for parts in printed]
        self.by_words = TopicIndex(
            _body(own, terms_in(text), parts) for own, text, parts in zip(self._phrases, said, clauses, strict=True)
        )
        self.by_clauses = TopicIndex(clauses[: self.cards])


def _phrase_data(phrase: Phrase, numbers: dict[str, int]) -> list[Any]:
    def numbered(words: Iterable[str]) -> list[int]:
        return [numbers.setdefault(word, len(numbers)) for word in words]

    return [phrase.text, numbered(phrase.terms), phrase.order, numbered(sorted(phrase.marks))]


def _without(phrase: Phrase, lone: set[str]) -> Phrase:
    return Phrase(phrase.text, tuple(t for t in phrase.terms if t not in lone), phrase.order, phrase.marks)


def _said(topic: Topic) -> str:
    """What people wrote about a topic; of a clause card, whose summary says nothing, its title alone."""
    return topic.title if isinstance(topic, ClauseCard) else f"{topic.title} {topic.summary}"


def _printed(topic: Topic, organisation: Organisation) -> list[str]:
    """The printed words that a card rests on: headings, lead-ins and texts, each once."""
    clauses = organisation.clauses_of(topic) if isinstance(topic, Card) else ()
    parts = (part for clause in clauses for part in (clause.heading, clause.lead_in, clause.text) if part)
    return list(dict.fromkeys(parts))


def _merged(printed: Iterable[Terms]) -> Terms:
    merged: dict[str, float] = {}
    for terms in printed:
        merged.update(terms)
    return merged


def _body(phrases: Iterable[Phrase], said: Terms, clauses: Terms) -> Terms:
    """All terms of a topic: those of phrasings count as often as they stand, those of clauses once and less."""
    times = Counter(chain.from_iterable(phrase.terms for phrase in phrases))
    times.update(said.keys())
    body = defaultdict(float, {term: found * weight_of(term) for term, found in times.items()})
    for term, weight in clauses.items():
        body[term] += CLAUSE_WEIGHT * weight
    return body
