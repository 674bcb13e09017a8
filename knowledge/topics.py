"""An organisation's cards and gaps, read once: spelt out, parsed, and indexed."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any

from knowledge.index import MANY, UNHEARD, Looked, Rarity, Terms, TopicIndex
from knowledge.lexicon import Lexicon, parse, terms_of, weight_of
from knowledge.models import Card, ClauseCard, Gap, Organisation
from knowledge.nearness import Parts, Phrase, Phrasings, grams
from knowledge.roles import RoleWorths, marks, usual_shares
from knowledge.rows import packed, unpacked
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

    by_words: TopicIndex
    """Topics by all of their terms."""
    by_clauses: TopicIndex
    """Cards by the terms of their clauses."""
    phrasings: Phrasings
    parts: Parts
    roles: RoleWorths
    _ids: dict[str, int]
    """Terms and their numbers."""
    _letters: dict[str, str]
    """Words, each as the character that stands for it."""

    def __init__(self, organisation: Organisation, lexicon: Lexicon, shelf: Shelf | None = None) -> None:
        """`shelf`: where what was read once is kept for the next start."""
        cards: tuple[Card, ...] = (*organisation.cards, *organisation.clause_cards)
        self.topics: tuple[Topic, ...] = (*cards, *organisation.gaps)
        self.cards = len(cards)
        self._lexicon = lexicon
        said = [_said(topic) for topic in self.topics]
        printed = [_printed(topic, organisation) for topic in self.topics]
        asked = [(*topic.phrasings, topic.title) for topic in self.topics]
        name = shelf.name_of([lexicon.model_dump_json(), *_texts(asked), *_texts(printed), *said]) if shelf else ""
        if not (shelf and self._take(shelf.take(name))):
            vocabulary = self._read_all(asked, said, printed)
            if shelf:
                shelf.put(name, self._as_data(vocabulary))

    def _as_data(self, vocabulary: dict[str, int]) -> Iterator[tuple[str, Any]]:
        """All of it as plain data; terms stand once, and the rows name them by number."""
        yield "vocabulary", vocabulary
        yield "letters", self._letters
        yield "terms", list(self._ids)
        yield "told", packed(self._told)
        yield "words", self.by_words.data()
        yield "clauses", self.by_clauses.data()
        yield "orders", self.phrasings.orders
        yield "phrases", self.phrasings.data()
        yield "parts", self.parts.data()
        yield "roles", self.roles.data()

    def _take(self, data: Any) -> bool:
        """Take what was laid on the shelf; False where it is not what it should be."""
        try:
            self._ids = {term: number for number, term in enumerate(data["terms"])}
            self._told, terms = unpacked("d", data["told"]), len(self._ids)
            self.by_words = TopicIndex.taken(data["words"], terms)
            self.by_clauses = TopicIndex.taken(data["clauses"], terms)
            self.phrasings = Phrasings.taken(data["phrases"], data["orders"], terms)
            self.parts, self.roles = Parts.taken(data["parts"]), RoleWorths.taken(data["roles"])
            self._letters, self._speller = dict(data["letters"]), Speller(data["vocabulary"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return False
        return len(self._told) == terms and self.phrasings.topics == len(self.topics)

    def _read_all(
        self, asked: Sequence[Sequence[str]], said: Sequence[str], printed: Sequence[list[str]]
    ) -> dict[str, int]:
        """Read everything; gives the vocabulary."""
        typed = [[" ".join(self._lexicon.spell_out(text)) for text in own] for own in asked]
        vocabulary = self._known(chain(said, *printed), typed)
        self._speller = Speller(vocabulary)
        self._letters = {}
        same: dict[Any, Any] = {}  # what is equal is kept once
        phrases = [[self._phrase(self._correct(text.split()), same) for text in own] for own in typed]
        del typed  # there may be very many
        if len(self.topics) > MANY:
            phrases = _without_lone_pairs(phrases)
        self._index(phrases, said, printed)
        self._measure(phrases)
        return vocabulary

    def _known(self, clean: Iterable[str], phrasings: Sequence[Sequence[str]]) -> dict[str, int]:
        """Every word that is spelt right, with the number of phrasings it stands in."""
        typed = Counter(word for own in phrasings for phrasing in own for word in set(phrasing.split()))
        right = {
            *self._lexicon.vocabulary,
            *FUNCTION_WORDS,
            *(word for text in clean for word in words(text)),
            *(word for word, times in typed.items() if times >= OFTEN),
        }
        return {word: typed[word] for word in right}

    def _index(self, phrases: Sequence[Sequence[Phrase]], said: Sequence[str], printed: Sequence[list[str]]) -> None:
        terms_in = cache(lambda text: terms_of(self.spell(text), self._lexicon))  # many cards share a clause
        clauses = [_merged(terms_in(part) for part in parts) for parts in printed]
        bodies = (_body(own, terms_in(text), parts) for own, text, parts in zip(phrases, said, clauses, strict=True))
        self._ids = {}
        self.by_words = TopicIndex.of(bodies, self._ids)
        self.by_clauses = TopicIndex.of(clauses[: self.cards], self._ids)

    def _measure(self, phrases: Sequence[Sequence[Phrase]]) -> None:
        """What phrasings are compared by, beside their words."""
        rarity = Rarity.among({term for phrase in own for term in phrase.terms} for own in phrases)
        sampled = (own[::SAMPLED] for own in phrases)
        parts_rarity = Rarity.among({part for phrase in own for part in grams(phrase.text)} for own in sampled)
        self._told = array("d", map(rarity.of, self._ids))
        self.phrasings = Phrasings.of(phrases, self._ids, rarity)
        self.parts = Parts.of(phrases, parts_rarity)
        marked = [[phrase.marks for phrase in own] for own in phrases]
        self.roles = RoleWorths.of(marked, usual_shares(chain.from_iterable(marked)))

    def _correct(self, typed: Sequence[str]) -> list[str]:
        return [self._speller.correct(word) for word in typed]

    def read(self, text: str) -> Phrase:
        """A text of any length, ready to be compared."""
        return self._phrase(self.spell(text))

    def looked_up(self, terms: Iterable[str]) -> tuple[Looked, Looked]:
        """A question's terms as topics know them, each with its weight; and with what sharing it is worth."""
        weights = [(self._ids.get(term, UNHEARD), weight_of(term)) for term in terms]
        worths = [(term, (weight * self._told[term]) ** 2) for term, weight in weights if term != UNHEARD]
        return weights, worths

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


def _texts(texts: Iterable[Iterable[str]]) -> Iterable[str]:
    """All of some texts; each group is told from the next by its number."""
    for number, own in enumerate(texts):
        yield str(number)
        yield from own


def _without_lone_pairs(phrases: Sequence[Sequence[Phrase]]) -> list[list[Phrase]]:
    times = Counter(term for own in phrases for phrase in own for term in phrase.terms if "_" in term)
    lone = {pair for pair, found in times.items() if found == 1}
    return [[_without(phrase, lone) for phrase in own] for own in phrases]


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
