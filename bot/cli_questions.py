"""`guidance questions`: what is kept of use, what it proposes, and what a person makes of the proposals."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli_slack import Config, Content, settings_from, stop
from knowledge.errors import ContentError, ProposalError, UnknownOrganisationError

if TYPE_CHECKING:  # the store takes a while to import, and the commands that only answer do not need it
    from bot.settings import Settings
    from bot.store import Store
    from knowledge.librarian import Librarian
    from knowledge.proposals import Left, Proposal

OfOrganisation = Annotated[str | None, typer.Option("--organisation", "-o", help="Only this organisation's.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Propose = Annotated[bool, typer.Option("--propose", help="Show what use proposes: a phrasing, and its card.")]
Accept = Annotated[
    list[str] | None, typer.Option("--accept", metavar="ID", help="Add a proposal's phrasing to its card. Repeatable.")
]
Reject = Annotated[
    list[str] | None, typer.Option("--reject", metavar="ID", help="Never show a proposal again. Repeatable.")
]
Card = Annotated[
    str | None, typer.Option("--card", metavar="CARD", help="With --accept: the card, instead of the one proposed.")
]
Labelled = Annotated[
    list[Path] | None,
    typer.Option(
        "--questions",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="With --accept: labelled questions to try it on. Repeatable. [default: questions*.jsonl beside the cards]",
    ),
]
Anyway = Annotated[bool, typer.Option("--anyway", help="With --accept: accept it even if answers get worse.")]


@dataclass(frozen=True)
class Found:
    """What use proposes now, and what is left out, by id."""

    proposals: "dict[str, Proposal]"
    left_out: "dict[str, Left]"

    def named(self, name: str) -> "Proposal":
        """A proposal by id. Raises ProposalError."""
        if found := self.proposals.get(name):
            return found
        if reason := self.left_out.get(name):
            raise ProposalError(f"'{name}' is not proposed: {reason}.")
        raise ProposalError(f"There is no proposal '{name}'. `guidance questions --propose` lists them with their ids.")


def questions(
    config: Config = Path("guidance.toml"),
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
    propose: Propose = False,
    accept: Accept = None,
    card: Card = None,
    labelled: Labelled = None,
    anyway: Anyway = False,
    reject: Reject = None,
    content: Content = None,
) -> None:
    """List what found no answer, what did not help, and what did: without names, kept for 90 days.

    With --propose, what use suggests as new phrasings; --accept adds one to cards.yml once it has passed its trial.
    Nothing is learnt without you.
    """
    from bot.settings import SettingsError
    from bot.store.migrating import SchemaError

    _refuse_mixtures(propose=propose, accept=accept, reject=reject, as_json=as_json)
    try:
        settings = settings_from(config, content)
        with _store(settings) as store:
            if accept:
                _accept(settings, store, organisation, accept, card, labelled, anyway=anyway)
            elif reject:
                _reject(settings, store, organisation, reject)
            elif propose:
                _propose(settings, store, organisation, as_json=as_json)
            else:
                _list(store, organisation, as_json=as_json)
    except (SettingsError, SchemaError, ContentError, UnknownOrganisationError, ProposalError) as error:
        stop(error)


def _refuse_mixtures(*, propose: bool, accept: list[str] | None, reject: list[str] | None, as_json: bool) -> None:
    if sum(map(bool, (propose, accept, reject))) > 1:
        raise typer.BadParameter("give one of --propose, --accept and --reject.")
    if as_json and (accept or reject):
        raise typer.BadParameter("--json goes with the list and with --propose.")


@contextmanager
def _store(settings: "Settings") -> "Iterator[Store | None]":
    """What is kept; None where nothing has ever been: reading makes no database."""
    from bot.app import now
    from bot.store import Store
    from bot.store.cases.inspecting import refuse_older_in_use
    from bot.store.connection import migrations

    if not settings.database.exists():
        yield None
        return
    refuse_older_in_use(settings.cases, settings.database, migrations)
    store = Store(settings.database, now)
    try:
        yield store
    finally:
        store.close()


def _list(store: "Store | None", organisation: str | None, *, as_json: bool) -> None:
    from bot import proposed

    kept = store.kept(organisation) if store else []
    _print_json(proposed.kept_data(kept)) if as_json else Console().print(proposed.kept_table(kept))


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False))


def _propose(settings: "Settings", store: "Store | None", organisation: str | None, *, as_json: bool) -> None:
    from bot import proposed

    found = _found(settings, store, organisation)
    shown, left_out = list(found.proposals.values()), Counter(found.left_out.values())
    if as_json:
        _print_json(proposed.proposals_data(shown, left_out))
    else:
        Console().print(proposed.proposals(shown, left_out))
        for new in proposed.new_cards(shown):
            typer.echo(new)


def _found(settings: "Settings", store: "Store | None", organisation: str | None) -> Found:
    """What is proposed for one organisation, or for all that are served, strongest and newest first."""
    from knowledge.librarian import Librarian
    from knowledge.library import load

    librarian = Librarian(load(settings.content))
    names = [organisation] if organisation else sorted(settings.organisations())
    each = [_found_for(librarian, store, name) for name in names]
    every = [one for found in each for one in found.proposals.values()]
    every.sort(key=lambda one: (-one.strength, -one.day.toordinal(), one.id))
    left_out = {name: reason for found in each for name, reason in found.left_out.items()}
    return Found({one.id: one for one in every}, left_out)


def _found_for(librarian: "Librarian", store: "Store | None", name: str) -> Found:
    from bot import proposed
    from knowledge.proposals import propose

    whose = librarian.library.organisation(name)
    heard = proposed.heard(store.kept(name)) if store else []
    found = propose(heard, librarian, whose, store.turned_down() if store else frozenset())
    return Found({one.id: one for one in found.proposed}, found.left_out)


def _reject(settings: "Settings", store: "Store | None", organisation: str | None, names: list[str]) -> None:
    found = _found(settings, store, organisation)
    for one in [found.named(name) for name in names]:
        if store:
            store.turn_down(one.id)
        typer.echo(f"Turned down, and not shown again: {one.phrasing}")


def _accept(
    settings: "Settings",
    store: "Store | None",
    organisation: str | None,
    names: list[str],
    card: str | None,
    labelled: list[Path] | None,
    *,
    anyway: bool,
) -> None:
    from bot.accepting import accept

    found = _found(settings, store, organisation)
    accept([found.named(name) for name in names], settings.content, card, labelled, anyway=anyway)
