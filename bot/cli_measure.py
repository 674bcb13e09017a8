"""`guidance evaluate` and `guidance fit`: how good the answers are, and the constants that make them so."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot import measured, terminal
from knowledge import fitted
from knowledge.evaluate import Labelled, Result, failures, measure, read_questions, score
from knowledge.figures import figures, figures_data
from knowledge.fitting import cases, fit
from knowledge.librarian import Librarian
from knowledge.library import SHIPPED, Library, load
from knowledge.models import Organisation

out = Console()
err = Console(stderr=True)

Asked = list[tuple[Labelled, Organisation]]
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False)]
Content = Annotated[Path, typer.Option("--content", metavar="DIR", help="Read another folder of content.")]
Chosen = Annotated[str | None, typer.Option("--organisation", "-o", help="Whose policy answers.")]


def evaluate(
    files: Files,
    organisation: Chosen = None,
    show_failures: Annotated[bool, typer.Option("--failures", help="List what went wrong.")] = False,
    kinds: Annotated[bool, typer.Option("--kinds", help="Show each kind of question too.")] = False,
    plot: Annotated[
        str | None, typer.Option(metavar="PREFIX", help="Write PREFIX-reliability.png and PREFIX-abstention.png.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table and the day as Markdown.")] = False,
    content: Content = SHIPPED,
) -> None:
    """Measure the answers against files of labelled questions.

    Every figure stands with a 95 % interval, over all questions and over those unlike every phrasing (similarity
    under 60 of 100), which are the honest ones. Without --organisation, a file belongs to the one that its name begins
    with.
    """
    library = load(content)
    asked = _asked(library, files, organisation)
    draw = _plotter() if plot else None
    results = list(track(measure(Librarian(library), asked), "Answering", len(asked), console=err))
    if as_json:
        print(json.dumps(figures_data(results), ensure_ascii=False, indent=2))  # noqa: T201  (data, not dressed)
    elif markdown:
        print(measured.markdown(figures(results), results, date.today()))  # noqa: T201  (data, not dressed)
    else:
        _show(results, " and ".join(sorted({whose.name for _, whose in asked})), kinds=kinds)
    if draw and plot:
        for file in draw(results, plot):
            err.print(f"Written: {file}", markup=False, highlight=False, soft_wrap=True)
    if show_failures and not as_json:
        for what, result in sorted(failures(results), key=lambda failure: failure[0]):
            terminal.failure(what, result, out)


def _show(results: Sequence[Result], title: str, *, kinds: bool) -> None:
    wide = Console(width=max(out.width, 120))
    wide.print(measured.table(figures(results), results, title))
    if kinds:
        wide.print(terminal.scores(score(results), "By kind of question"))


def _plotter() -> Callable[[Sequence[Result], str], list[Path]]:
    try:
        from bot.plots import draw  # matplotlib is an extra: answering needs none of it
    except ImportError:
        raise typer.BadParameter("drawing needs matplotlib: pip install 'staff-guidance[plots]'") from None
    return draw


def fit_constants(
    files: Files,
    organisation: Chosen = None,
    fresh: Annotated[
        list[Path] | None,
        typer.Option("--fresh", metavar="FILE", exists=True, help="Questions of writers who had not seen the cards."),
    ] = None,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the constants to this file.")] = None,
    content: Content = SHIPPED,
) -> None:
    """Fit the constants of matching on labelled questions, and print what they change.

    Every figure is cross-validated: a question is measured with constants that were fitted without any question about
    the same clause. With --fresh (it may be repeated), confidence and bounds are fitted on those. Nothing changes until
    the constants are written to the file that ships, `knowledge/fitted.json`.
    """
    library = load(content)
    before = fitted.constants()
    given = [file.name for file in files] + [f"--fresh {file.name}" for file in fresh or ()]
    known = cases(library, track(_asked(library, files, organisation), "Reading", console=err), before)
    unseen = cases(library, _asked(library, fresh or (), organisation), before)
    with err.status("Fitting: a minute or two"):
        after, across = fit(known, before, " ".join(["guidance fit", *given]), unseen)
    out.print(measured.fitted(known, before, across, after))
    if write:
        write.write_text(json.dumps(after.model_dump(), indent=2) + "\n", encoding="utf-8")
        err.print(f"Written: {write}", markup=False, highlight=False, soft_wrap=True)


def _asked(library: Library, files: Sequence[Path], chosen: str | None) -> Asked:
    return [(labelled, _owner(library, file, chosen)) for file in files for labelled in read_questions(file)]


def _owner(library: Library, file: Path, chosen: str | None) -> Organisation:
    """The organisation that a file of questions belongs to."""
    named = [name for name in library.organisations if file.name.startswith(name)]
    only = list(library.organisations) if len(library.organisations) == 1 else []
    found = [chosen] if chosen else named or only
    if not found:
        raise typer.BadParameter(f"say whose policy: --organisation {' or '.join(library.organisations)}.")
    return library.organisation(found[0])
