"""A case as rows, and rows as a case: what is plain, what is sealed, and that both agree."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from bot.casework.models import Case, Entry, Standing, State
from bot.store.cases.keyring import Keyring
from bot.store.cases.sealing import TamperedError, place, seal, unseal, utc
from bot.store.keys import Key, SealError

ENDED = tuple(state.value for state in State if state in {State.CLOSED, State.HANDED_OVER})
Row = dict[str, Any]


class CaseKey(NamedTuple):
    """A case's own key, and the places that it seals for."""

    key: Key
    organisation: str
    case_id: str

    def seal(self, field: str, value: Any) -> bytes:
        """Seal a value for a field of this case."""
        return seal(self.key, value, place(self.organisation, self.case_id, field))

    def unseal(self, field: str, sealed: object) -> Any:
        """Unseal a field of this case. Raises SealError."""
        return unseal(self.key, sealed, place(self.organisation, self.case_id, field))

    def wrapped(self, master: Key) -> bytes:
        """The case's key, sealed by the master key."""
        return master.wrap(self.key, place(self.organisation, self.case_id, "key"))


def new_key(case: Case) -> CaseKey:
    """A random key for a new case."""
    return CaseKey(Key.new(), case.organisation, case.id)


def case_key(master: Key, organisation: str, case_id: str, wrapped: object) -> CaseKey:
    """The key of a kept case. Raises SealError."""
    return CaseKey(master.unwrap(wrapped, place(organisation, case_id, "key")), organisation, case_id)


def is_case_id(text: str) -> bool:
    """Whether this could be a case's id."""
    return re.fullmatch(r"[0-9a-f]{32}", text) is not None


def plain(case: Case, keyring: Keyring) -> Row:
    """The columns that are not sealed."""
    return {
        "id": case.id,
        "reference": case.reference,
        "organisation": case.organisation,
        "kind": case.kind,
        "state": case.state.value,
        "urgent": int(case.urgent),
        "opened": utc(case.opened),
        "due": case.due and utc(case.due),
        "step": case.step,
        "version": case.version,
        "reporter_mark": reporter_mark(keyring, case.organisation, case.reporter),
    }


def reporter_mark(keyring: Keyring, organisation: str, user: str) -> str:
    """By what the cases of a reporter are found."""
    return keyring.mark("reporter", organisation, user)


def head(case: Case) -> Row:
    """What changes in a case, as data; also how many entries there are, so that none can go missing."""
    return case.model_dump(mode="json", exclude={"facts", "entries"}) | {"entries": len(case.entries)}


def sealed_head(case: Case, key: CaseKey) -> bytes:
    """The head, sealed for its version."""
    return key.seal(f"head:{case.version}", head(case))


def sealed_entry(entry: Entry, key: CaseKey) -> bytes:
    """An entry, sealed for its number."""
    return key.seal(f"entry:{entry.number}", entry.model_dump(mode="json"))


def read(row: Row, entries: Sequence[Row], master: Key, keyring: Keyring) -> Case:
    """A case from its rows. Raises TamperedError unless every part is whole, in its place, and fits the others."""
    try:
        case = _unsealed(row, entries, case_key(master, row["organisation"], row["id"], row["key"]))
        if any(row[column] != value for column, value in plain(case, keyring).items()):
            raise SealError
    except (SealError, ValidationError):  # the latter's message would repeat what it could not read
        raise TamperedError("cases", row["row"]) from None
    return case


def read_standing(row: Row, master: Key) -> Standing:
    """What decides who may see a case, from its row alone. Raises TamperedError."""
    try:
        key = case_key(master, row["organisation"], row["id"], row["key"])
        data = key.unseal(f"head:{row['version']}", row["head"])
        data.pop("entries")
        return Standing.model_validate(data)
    except (SealError, ValidationError):
        raise TamperedError("cases", row["row"]) from None


def _unsealed(row: Row, entries: Sequence[Row], key: CaseKey) -> Case:
    data = key.unseal(f"head:{row['version']}", row["head"])
    if [entry["number"] for entry in entries] != list(range(1, data.pop("entries") + 1)):
        raise SealError
    told = [_entry(entry, key) for entry in entries]
    return Case.model_validate({**data, "facts": key.unseal("facts", row["facts"]), "entries": told})


def _entry(row: Row, key: CaseKey) -> Any:
    try:
        return key.unseal(f"entry:{row['number']}", row["sealed"])
    except SealError:
        raise TamperedError("entries", row["row"]) from None
