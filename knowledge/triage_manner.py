"""How a text is put: what it asks, supposes, or tells as having happened."""

from knowledge.triage_text import ASK, MARKS, NOWHERE, PAUSE, QUOTE, Frame, Reading, Span

QUOTED = "quoted"
"""The list of quotation marks: what somebody said word for word is seldom made up."""

QUESTION_MARK = "question-mark"
"""The list of question marks."""

BARE = "bare"
"""The list of texts that are a word or two: where these name a danger, somebody may not dare to say more."""

LONGEST_BARE = 2

SHORTEST_TALE = 6
"""Fewest words that tell something: "DMs from kids" is a topic."""


def read_manner(reading: Reading) -> None:
    """Settle in a reading whose phrases are noted which of its words ask or suppose, and who is kin of the asker."""
    _note_openers(reading)
    _without(reading, "asking", "plea")
    _without(reading, "supposing", "not-supposing")
    for name in ("they", "child", "of-school", "relatives"):
        _without(reading, name, "kin")
    _forget_told(reading)
    for place, word in enumerate(reading.words):
        if word == ASK and not _in_sentence(reading, "plea", place):
            reading.note(QUESTION_MARK, place, place + 1)
        if word == QUOTE:
            reading.note(QUOTED, place, place + 1)
    _forget_quoted(reading)
    if 0 < sum(word not in MARKS for word in reading.words) <= LONGEST_BARE:
        reading.note(BARE, 0, len(reading.words))


def manner(reading: Reading) -> str:
    """How a whole text is put: "asks" what is allowed, "wonders" at something, "tells", or only "names" a topic."""
    if reading.spans("asking") or reading.spans("supposing"):
        return "wonders" if _told(reading) >= SHORTEST_TALE else "asks"
    if len(reading.words) < SHORTEST_TALE:
        return "names"
    return "wonders" if reading.spans(QUESTION_MARK) else "tells"


def real(reading: Reading, span: Span, override: str) -> bool:
    """Whether what a span tells has happened, as far as its sentence shows.

    `override` is the list whose words make a question real: "can I accept a pupil who has just added me".
    """
    key = override, reading.sentence[span[0]]
    framed = reading.frames.get(key) or reading.frames.setdefault(key, _frame(reading, key[1], override))
    if framed.in_a_scene:
        return False
    return framed.dated if framed.supposes < span[1] - 1 else framed.asks >= span[0]


def _frame(reading: Reading, sentence: int, override: str) -> Frame:
    supposes, asks = reading.first("supposing", sentence), reading.first("asking", sentence)
    if reading.first(override, sentence) is not None:
        asks = None
    return Frame(
        near(reading, "scene", sentence),
        NOWHERE if supposes is None else supposes,
        reading.first("when", sentence) is not None,
        NOWHERE if asks is None else asks,
    )


def near(reading: Reading, name: str, sentence: int) -> bool:
    """Whether a list's phrase stands in a sentence or next to it."""
    if name not in reading.places:
        return False
    return any(reading.first(name, number) is not None for number in (sentence, sentence - 1, sentence + 1))


def _told(reading: Reading) -> int:
    """How many words stand before anything is asked or supposed in their sentence: a tale with a question after it."""
    ends = dict[int, int]()
    for start, _ in (*reading.spans("asking"), *reading.spans("supposing")):
        sentence = reading.sentence[start]
        ends[sentence] = min(start, ends.get(sentence, start))
    return len([place for place, sentence in enumerate(reading.sentence) if place < ends.get(sentence, NOWHERE)])


def _in_sentence(reading: Reading, name: str, place: int) -> bool:
    return any(reading.sentence[start] == reading.sentence[place] for start, _ in reading.spans(name))


def _note_openers(reading: Reading) -> None:
    """Note a question about what is allowed: an opener after nothing but fillers."""
    fillers, openers, firsts = ({start for start, _ in reading.spans(n)} for n in ("filler", "opener", "first-opener"))
    beginning, starting, last = True, True, -1
    for place, word in enumerate(reading.words):
        beginning = beginning or reading.sentence[place] != last
        starting = starting or beginning
        last = reading.sentence[place]
        if (starting and place in openers) or (beginning and place in firsts):
            reading.note("asking", place, place + 1)
        beginning = beginning and place in fillers
        starting = word in (PAUSE, QUOTE) or (starting and place in fillers)


def _forget_told(reading: Reading) -> None:
    """Forget an "if" in somebody's words: in "he said he would jump if ..." it is not the asker who supposes."""
    told: dict[int, int] = {}
    for start, _ in reading.spans("speech"):
        told.setdefault(reading.sentence[start], start)
    reading.keep("supposing", lambda span: told.get(reading.sentence[span[0]], span[0]) >= span[0])


def _forget_quoted(reading: Reading) -> None:
    """Forget questions between quotation marks: a child's "can I live at yours" asks nothing about the policy."""
    if QUOTE not in reading.words:
        return
    quotes = [place for place, word in enumerate(reading.words) if word == QUOTE]
    inside = {place for start, end in zip(quotes[::2], quotes[1::2], strict=False) for place in range(start, end)}
    for name in ("asking", "supposing", QUESTION_MARK):
        reading.keep(name, lambda span: span[0] not in inside)


def _without(reading: Reading, name: str, other: str) -> None:
    """Forget a list's phrases that overlap with another's."""
    if name not in reading.places or other not in reading.places:
        return
    covered = {place for start, end in reading.spans(other) for place in range(start, end)}
    reading.keep(name, lambda span: covered.isdisjoint(range(*span)))
