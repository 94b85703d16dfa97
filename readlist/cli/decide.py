"""What the owner does to entries, and takes back."""

from collections.abc import Callable, Sequence

import click

from ..errors import ReadlistError
from ..library import Library
from ..models import Act, Change, Leant, Status
from . import options, screen
from .app import App, pass_library, report


def _decision(name: str, field: str, value: str | None, done: str, help: str) -> click.Command:
    @click.command(name, help=f"{help}\n\n\b\nreadlist {name} 12 1706.03762")
    @options.handles
    @pass_library
    def decide(app: App, library: Library, handles: tuple[str, ...]) -> None:
        ids, code = options.resolve(library, handles)
        changes = [Change(paper_id=id, field=field, value=value) for id in ids]
        _do(app, library, changes, done, code)

    return decide


def _do(app: App, library: Library, changes: list[Change], done: str, code: int) -> None:
    """Perform the changes as one step and say which there were."""
    acts = library.act(changes, what=done, now=app.time)
    changed = {act.paper_id for act in acts}
    for id in dict.fromkeys(change.paper_id for change in changes):
        what = done if id in changed else f"already {done}"
        click.echo(screen.safe(f"{what}  {screen.label(library.get(id))}"))
    if code:
        raise click.exceptions.Exit(code)


@click.command
@options.handles
@pass_library
def clear(app: App, library: Library, handles: tuple[str, ...]) -> None:
    """Make papers undecided again: no rating, status new.

    \b
    readlist clear 12
    """
    ids, code = options.resolve(library, handles)
    changes = [
        Change(paper_id=id, field=field, value=None) for id in ids for field in ("rating", "status")
    ]
    _do(app, library, changes, "cleared", code)


@click.command
@click.argument("tag", metavar="TAG", type=options.TAG)
@options.handles
@pass_library
def tag(app: App, library: Library, tag: str, handles: tuple[str, ...]) -> None:
    """Put a tag on papers.

    \b
    readlist tag llm 12 1706.03762
    """
    _tag(app, library, tag, handles, on=True)


@click.command
@click.argument("tag", metavar="TAG", type=options.TAG)
@options.handles
@pass_library
def untag(app: App, library: Library, tag: str, handles: tuple[str, ...]) -> None:
    """Take a tag off papers.

    \b
    readlist untag llm 12
    """
    _tag(app, library, tag, handles, on=False)


def _tag(app: App, library: Library, tag: str, handles: tuple[str, ...], *, on: bool) -> None:
    ids, code = options.resolve(library, handles)
    changes = [Change(paper_id=id, field="tag", value=tag, on=on) for id in ids]
    _do(app, library, changes, f"{'tagged' if on else 'untagged'} #{tag}", code)


@click.command
@options.handle
@click.argument("text", required=False)
@pass_library
def note(app: App, library: Library, handle: str, text: str | None) -> None:
    """Add TEXT to a paper's note, or edit it in $EDITOR. An empty TEXT removes it.

    \b
    readlist note 12 "compare with our ablation"
    readlist note 12
    readlist note 12 ""
    """
    id = library.find(handle)
    before = library.get(id).note
    if text is None:
        text = edit(lambda: library.get(id).note)
        if text is None:
            report("the note is as it was")
            return
    elif text.strip() and before:
        text = f"{before}\n{text}"
    if not text.strip() and not before:
        report("there is no note")
        return
    done = "noted" if text.strip() else "note removed"
    _do(app, library, [Change(paper_id=id, field="note", value=text)], done, 0)


def edit(note: Callable[[], str]) -> str | None:
    """A note as edited in $EDITOR, None when it was not saved; what was noted meanwhile is kept.

    :raises ReadlistError: the editor cannot be run or failed.
    """
    before = note()
    try:
        text = click.edit(before, extension=".md")
    except (click.ClickException, ValueError) as error:  # ValueError: $EDITOR is no command line
        why = error.message if isinstance(error, click.ClickException) else f"$EDITOR: {error}"
        message = f"{why.rstrip('.')}; set $EDITOR, or give the text behind the handle"
        raise ReadlistError(message) from error
    meanwhile = note()
    return text if text is None or meanwhile == before else f"{meanwhile}\n\n{text}"


@click.command
@click.argument("steps", type=options.Count(1), default=1)
@pass_library
def undo(app: App, library: Library, steps: int) -> None:
    """Take back the last step, or as many as you say.

    A step is what one command or one key did, in whichever session.

    \b
    readlist undo
    readlist undo 3
    """
    for done in range(steps):
        acts = library.undo(now=app.time)
        if not acts:
            report("nothing to undo" if not done else "nothing more to undo")
            return
        one, about = undone(library, acts)
        what = f"undid: {acts[0].what}, {screen.minute(acts[0].at)}{'  ' if one else ', '}{about}"
        click.echo(screen.safe(what))


def undone(library: Library, acts: Sequence[Act | Leant]) -> tuple[bool, str]:
    """Whether the acts of a step are about one paper or leaning, and which, or how many."""
    papers = dict.fromkeys(act.paper_id for act in acts if isinstance(act, Act))
    leanings = [screen.leaning(act) for act in acts if isinstance(act, Leant)]
    if len(papers) + len(leanings) == 1:
        return True, [*leanings, *(screen.label(library.get(id)) for id in papers)][0]
    counts = ((len(papers), "paper"), (len(leanings), "leaning"))
    return False, ", ".join(screen.number_of(count, thing) for count, thing in counts if count)


@click.command
@click.argument(
    "handle", metavar="[HANDLE]", required=False, shell_complete=options.complete_handle
)
@click.option(
    "-n",
    "--number",
    type=options.Count(),
    default=20,
    help="How many; 0 for all.  [default: 20]",
)
@options.as_json
@pass_library
def history(_app: App, library: Library, handle: str | None, number: int, as_json: bool) -> None:
    """Show what you did, to one paper or to all, the newest first.

    \b
    readlist history
    readlist history 12
    """
    paper_id = library.find(handle) if handle else None
    acts = library.history(paper_id, number or None)
    if as_json:
        for line in screen.json_array(map(_record, acts)):
            click.echo(line)
        return
    if not acts:
        report("nothing done yet; 'readlist triage' is where it begins")
    for act in acts:
        if isinstance(act, Leant):
            what, about = act.what.removeprefix("undo "), screen.leaning(act)
        else:
            what, about = screen.act(act), screen.label(library.get(act.paper_id))
        if act.undoes:
            what = f"undo: {what}"
        line = f"{screen.minute(act.at)}  {what:<16}  {about}"
        click.echo(screen.safe(line + ("  (undone)" if act.undone else "")))


def _record(act: Act | Leant) -> dict[str, object]:
    if isinstance(act, Act):
        about = {"id": act.paper_id, "field": act.field, "before": act.before, "after": act.after}
    else:
        # As of a tag: to the name, or from it.
        on, name = (act.stance != 0) != (act.undoes is not None), act.name or None
        before, after = (None, name) if on else (name, None)
        about = {"id": None, "field": act.kind, "before": before, "after": after}
    return {
        "step": act.step,
        "at": act.at.isoformat().replace("+00:00", "Z"),
        "what": act.what,
        **about,
        "undoes": act.undoes,
        "undone": act.undone,
    }


commands: dict[str, click.Command] = {
    "like": _decision("like", "rating", "1", "liked", "Like papers: more of these, please."),
    "dislike": _decision("dislike", "rating", "-1", "disliked", "Dislike papers: none of these."),
    "later": _decision("later", "status", Status.LATER, "later", "Put papers on the list to read."),
    "reading": _decision(
        "reading", "status", Status.READING, "reading", "Say that you are reading papers."
    ),
    "read": _decision("read", "status", Status.READ, "read", "Say that you have read papers."),
    "skip": _decision(
        "skip", "status", Status.SKIPPED, "skipped", "Skip papers: decided, and not for you."
    ),
    "clear": clear,
    "tag": tag,
    "untag": untag,
    "note": note,
    "undo": undo,
    "history": history,
}
