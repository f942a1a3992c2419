"""Upload: files, how they are read, start. The draft is kept by the server under its key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, MATCH, Input, Output, State, ctx, dcc, html, no_update

from netact.figures.text import plain, words_for
from netact.language import _, _n, told
from netact.report.content import counted_records, kinds_counted, period
from netact.schemas import KINDS
from netact_dashboards.components import attributes, notice
from netact_dashboards.pages.job import MOVING, day, left_out
from netact_dashboards.workspace import ROLES, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash import Dash

    from netact_dashboards.workspace import Preview, UploadedFile, Workspace

# The columns that can be chosen for a file of each role.
COLUMNS = {
    "interactions": ("source", "target", "kind_column", "time", "weight", "post_id", "platform", "hashtags"),
    "accounts": ("account", "reach"),
    "admins": ("person", "account", "role"),
    "people": (),
    "identities": (),
    "operations": (),
    "triggers": (),
    "earlier": (),
    "leave_out": (),
}
_ENCODINGS = ("utf-8", "utf-16", "windows-1252", "windows-1251", "windows-1256", "iso-8859-1")
_SHOWN_ROWS = 6
_TURNED = {"source": "target", "target": "source"}
_LONGEST_TITLE = 120


def role_name(role: str) -> str:
    """Say what a file is for."""
    return {
        "interactions": _("Interactions between accounts"),
        "accounts": _("Table of accounts"),
        "admins": _("Table of admins"),
        "people": _("Table of people and bots"),
        "identities": _("Table of accounts that are one"),
        "operations": _("Table of actions called for"),
        "triggers": _("Table of events from outside"),
        "earlier": _("Interactions of an earlier event"),
        "leave_out": _("List of accounts to leave out"),
    }[role]


def column_label(name: str) -> str:
    """Say which part a column plays."""
    return {
        "source": _("Who gives attention"),
        "target": _("Who receives it"),
        "kind_column": _("Kind of tie"),
        "time": _("Time"),
        "weight": _("How often"),
        "post_id": _("Post"),
        "platform": _("Platform"),
        "hashtags": _("Hashtags"),
        "account": _("Account"),
        "reach": _("Followers"),
        "person": _("Person"),
        "role": _("Right"),
    }.get(name, name)


def layout(workspace: Workspace | None, query: Mapping[str, str]) -> Any:
    """Return the page, with the draft that the address names."""
    title = html.H1(_("Analyse your own data"), className="headline")
    if workspace is None:
        return [
            title,
            notice(
                _("Nothing can be uploaded here"),
                _("From the command line, where netact is installed:"),
                more=[html.Pre("netact analyze FILE --out REPORT\nnetact dashboard REPORT", dir="ltr")],
            ),
        ]
    key = query.get("job") or None
    status = workspace.status(key) if key else None
    if key and status is not None and status.state in MOVING:
        return [
            title,
            notice(
                _("This upload is being analysed"),
                _("Its files can be changed when it has ended or was cancelled."),
                more=[html.P(dcc.Link(_("See how far it is"), href=f"/job/{key}"))],
            ),
        ]
    gone = bool(key) and status is None
    files, reading, start_hidden = _draft(workspace, None if gone else key)
    return [
        dcc.Store(id="upload-job", data=None if gone else key),
        dcc.Store(id="upload-role"),
        dcc.Store(id="upload-started"),
        dcc.Location(id="upload-go", refresh="callback-nav"),
        title,
        html.P(
            _(
                "Three steps: give the files, check how they are read, start. Nothing leaves the computer that runs this page."
            ),
            className="deck",
        ),
        notice(_("That draft is gone"), _("It was deleted or its time was over. Upload the files again."))
        if gone
        else None,
        html.Section(
            [
                _step(1, _("Files")),
                _drop_zone(workspace),
                html.Div(id="upload-moving"),
                html.Div(files, id="upload-files"),
            ],
            className="step",
        ),
        html.Section(
            [_step(2, _("How they are read")), html.Div(reading, id="upload-reading")],
            id="step-read",
            className="step",
            hidden=start_hidden,
        ),
        html.Section(
            [_step(3, _("Start")), *_start(workspace, key)], id="step-start", className="step", hidden=start_hidden
        ),
    ]


def _step(number: int, name: str) -> html.H2:
    return html.H2([html.Span(str(number), className="step-number"), name])


def _drop_zone(workspace: Workspace) -> html.Div:
    megabytes = workspace.max_bytes / 1e6
    texts = {
        # Filled in by the browser: {places} stay as they are.
        "progress": _("{done} of {size}", done="{done}", size="{size}"),
        "speed": _("{speed} a second", speed="{speed}"),
        "cancel": _("Cancel"),
        "cancelfile": _("Cancel the upload of {name}", name="{name}"),
        "toolarge": _(
            "{name} is larger than {limit}. Analyse it from the command line: netact analyze FILE",
            name="{name}",
            limit="{limit}",
        ),
        "empty": _("{name} is empty. Export it again.", name="{name}"),
        "lost": _("{name} did not arrive: the connection broke. Send it again.", name="{name}"),
        "stopped": _("{name} was cancelled.", name="{name}"),
        "dismiss": _("Dismiss"),
        "arrived": _("{name} has arrived.", name="{name}"),
        "storing": _("being stored"),
    }
    return html.Div(
        [
            # The asset script puts the file input here; the label beside it is its button.
            html.Div(id="upload-place", **attributes({"data-described": "upload-what"})),
            html.Label(_("Choose files"), htmlFor="upload-input", className="loud"),
            html.P(_("or drop them here"), className="drop-or"),
            html.P(
                _(
                    "Posts as Twitter/X, Mastodon, Bluesky, Reddit, Telegram and other platforms or collecting tools export "
                    "them, tables of who retweeted, followed or mentioned whom, graphs, or a zip of these, up to "
                    "{limit:count} MB each. Tables of accounts or of admins can come beside them.",
                    limit=megabytes,
                ),
                className="note",
                id="upload-what",
            ),
        ],
        id="upload-drop",
        className="drop",
        **attributes({"data-limit": str(workspace.max_bytes), "data-texts": json.dumps(texts, ensure_ascii=False)}),
    )


def _draft(workspace: Workspace, key: str | None) -> tuple[Any, Any, bool]:
    """Return the files of a draft, how they are read, and whether there is nothing yet."""
    files = workspace.files(key) if key else ()
    if not key or not files:
        return [], [], True
    for file in files:
        if workspace.inspection(key, file.number).state == "none":
            _look(workspace, key, file.number, {})
    listed = html.Ul(
        [_file_row(key, file) for file in files],
        className="files",
        **attributes({"aria-label": _("Files of this upload")}),
    )
    blocks = [_block(workspace, key, file) for file in files]
    return listed, blocks, False


def _look(workspace: Workspace, key: str, number: int, options: Mapping[str, str | bool]) -> str:
    """Begin to look at a file; return why not."""
    try:
        workspace.preview(key, number, options)
    except WorkspaceError as error:
        return str(error)
    return ""


def size_text(size: int) -> str:
    """Say a size in bytes.

    >>> size_text(1_500_000)
    '1.5 MB'
    """
    for unit, factor in ((_("GB"), 1e9), (_("MB"), 1e6), (_("kB"), 1e3)):
        if size >= factor:
            if size >= 100 * factor or factor < 1e6:
                return _("{number:count} {unit}", number=round(size / factor), unit=unit)
            return _("{number:decimal1} {unit}", number=size / factor, unit=unit)
    return _n("{n:count} byte", "{n:count} bytes", size)


def _file_row(key: str, file: UploadedFile) -> html.Li:
    name = plain(file.name, limit=80)
    select = f"role-{file.number}"
    return html.Li(
        [
            html.Div(
                [
                    html.Span(html.Bdi(name), className="file-name"),
                    html.Span(html.Bdi(size_text(file.bytes)), className="file-size"),
                ],
                className="file-what",
            ),
            html.Label([html.Span(_("What {name} holds", name=name), className="unseen")], htmlFor=select),
            _select(
                select,
                [(role, role_name(role)) for role in ROLES],
                file.role,
                data={"data-role-of": str(file.number)},
            ),
            html.Button(
                _("Remove"),
                type="button",
                className="quiet",
                **attributes(
                    {
                        "aria-label": _("Remove {name}", name=name),
                        "data-ask": f"/api/jobs/{key}/files/{file.number}",
                        "data-method": "DELETE",
                        "data-refreshes": "yes",
                    }
                ),
            ),
        ],
        key=f"{file.number}-{file.role}",
    )


def _select(name: str, choices: Sequence[tuple[str, str]], value: str, *, data: Mapping[str, str]) -> html.Select:
    """Return a plain select: what every browser, phone and screen reader knows."""
    return html.Select(
        [
            html.Option(label, value=choice, **(attributes({"selected": "selected"} if choice == value else {})))
            for choice, label in choices
        ],
        id=name,
        key=f"{name}-{value}-{len(choices)}",
        **attributes(dict(data)),
    )


# ---------------------------------------------------------------------- how a file is read


def _block(workspace: Workspace, key: str, file: UploadedFile) -> html.Div:
    number = file.number
    preview = workspace.inspection(key, number)
    return html.Div(
        [
            html.H3(html.Bdi(plain(file.name, limit=80)), id=f"reading-title-{number}"),
            dcc.Store(id={"type": "asked", "file": number}),
            dcc.Store(id={"type": "facts", "file": number}, data=facts(preview)),
            dcc.Interval(id={"type": "look", "file": number}, interval=500, disabled=preview.state != "running"),
            html.Div(reading(file, preview), id={"type": "reading", "file": number}, className="reading-body"),
        ],
        className="reading",
        role="group",
        **attributes({"aria-labelledby": f"reading-title-{number}", "data-reading": str(number)}),
        key=f"{number}-{file.role}",
    )


def facts(preview: Preview) -> list[list[str]]:
    """Return what a file holds as labels and values; empty while it is not known."""
    if preview.state != "ready":
        return []
    values: Mapping[str, Any] = preview.values
    rows = values["rows"]
    formats = dict.fromkeys(str(source["format"]) for source in values.get("sources", ())) or [str(values["format"])]
    posts = bool(values.get("records"))  # one record of an export of posts holds any number of ties
    lines = [
        [_("Format"), ", ".join(map(format_name, formats))],
        [
            _("Ties kept") if posts else _("Rows kept"),
            _("{kept:count} of {read:count}", kept=rows["kept"], read=rows["read"]),
        ],
    ]
    if posts:
        lines.insert(1, [_("Records"), counted_records(values["records"])])
    if values["accounts"]:
        lines.append([_("Accounts"), _("{n:count}", n=values["accounts"])])
    if values["kinds"]:
        kinds = [words_for(kind).counted(number) for kind, number in values["kinds"].items()]
        lines.append([_("Ties"), ", ".join(kinds)])
    if apart := (values.get("unresolved") or {}).get("kinds"):
        lines.append([_("Kept apart"), kinds_counted(apart)])
    if when := _period(values):
        lines.append([_("Period"), when])
    return lines


def format_name(name: str) -> str:
    """Say what a format is called."""
    from netact.importers import IMPORTERS

    title = IMPORTERS[name].title if name in IMPORTERS else name
    return {
        "delimited": _("text table (CSV and its relatives)"),
        "xlsx": _("Excel workbook"),
        "parquet": _("Parquet table"),
        "graphml": _("GraphML graph"),
        "gexf": _("GEXF graph"),
        "json": _("JSON"),
        "zip": _("zip archive"),
    }.get(name, title)


def _period(values: Mapping[str, Any]) -> str:
    from datetime import datetime

    first, last = values.get("first_time"), values.get("last_time")
    if not first or not last:
        return ""
    return period(datetime.fromisoformat(str(first)), datetime.fromisoformat(str(last)))


def reading(file: UploadedFile, preview: Preview, *, before: Sequence[Sequence[str]] = ()) -> Any:
    """Return how a file is read: what it holds, examples, the columns, the first rows, what was left out."""
    if preview.state in ("none", "running"):
        return html.P(_("Looking into the file…"), className="looking", role="status")
    values: Mapping[str, Any] = preview.values
    asked = json.dumps(values.get("asked", {}), ensure_ascii=False)
    parts: list[Any] = [
        html.Div(
            _failed(preview) if preview.state == "failed" else _found(file, values, before),
            **attributes({"data-asked": asked, "className": "found"}),
        )
    ]
    columns = [str(name) for name in values.get("columns", [])] if not _only_asks_whose(preview) else []
    if file.role == "interactions" and _asks_whose(preview):
        parts.append(_whose(file.number, str(values.get("asked", {}).get("ego", ""))))
    if len(columns) > 1 and COLUMNS[file.role]:
        parts.append(_mapping(file, values, columns))
    elif file.role == "interactions" and preview.state == "ready" and not _is_posts(values):
        parts.append(_mapping(file, values, []))
    if columns:
        parts.append(_rows(file, values, columns))
    if preview.state == "ready":
        parts += _problems(values)
    return parts


def _is_posts(values: Mapping[str, Any]) -> bool:
    """Whether a file says by itself who acted on whom: its columns and direction are not for the user to choose."""
    return bool(values.get("fields") or values.get("bundle"))


def _asks_whose(preview: Preview) -> bool:
    """Whether the file does not say, or is only taken to say, whose list or archive it is."""
    said = (preview.error, *(str(text) for text in preview.values.get("assumptions", ())))  # type: ignore[attr-defined]
    asked = preview.values.get("asked") or {}
    return "ego" in asked or any("--ego" in text for text in said)  # type: ignore[operator]


def _only_asks_whose(preview: Preview) -> bool:
    """Whether a file was recognised and all that is missing is whose it is."""
    return preview.state == "failed" and "--ego" in preview.error


def _whose(number: int, ego: str) -> html.Div:
    return html.Div(
        html.Div(
            dmc.TextInput(
                id={"type": "ego", "file": number},
                label=_("Whose list or archive this is"),
                description=_("The name of the account, for example @name, or name@server on Mastodon."),
                value=ego,
                debounce=600,
            ),
            className="field",
            **attributes({"data-text-option": "ego"}),
        ),
        className="fields whose",
    )


def _failed(preview: Preview) -> list[Any]:
    # The name of the file is above; flags of the command line are said as the fields of this page.
    error = _without_flags(plain(preview.error, limit=500))
    more = (
        html.P(_("Choose the columns below, or remove the file."), className="note")
        if len(preview.values.get("columns", ())) > 1 and not _only_asks_whose(preview)  # type: ignore[arg-type]
        else None
    )
    return [html.P(html.Bdi(error), className="went-wrong", role="alert"), more]


def _without_flags(text: str) -> str:
    """Leave out what only the command line can do.

    >>> _without_flags("read as retweets (--kind changes this)")
    'read as retweets'
    """
    text = re.sub(r"\s*\([^()]*--[a-z-]+[^()]*\)", "", text)
    return re.sub(r"; (?:check|pass) [^;]*--[a-z-]+[^;]*$", "", text)


def _found(file: UploadedFile, values: Mapping[str, Any], before: Sequence[Sequence[str]]) -> list[Any]:
    now = facts_of(values)
    was = {item[0]: item[1] for item in before}
    changed = [(label, was[label], value) for label, value in now if label in was and was[label] != value]
    examples = [told(text) for text in values.get("examples", [])][:3]
    parts: list[Any] = []
    if examples and file.role == "interactions":
        turns = values["options"].get("directed", True) and not _is_posts(values)
        parts.append(
            html.Div(
                [
                    html.P(_("Is this what happened?"), className="ask"),
                    html.Ul(
                        [html.Li(html.Bdi(plain(text, limit=160))) for text in examples],
                        className="examples",
                    ),
                    html.Button(
                        _("It is the other way round"),
                        type="button",
                        className="quiet turn",
                        **attributes({"data-turns": "no" if values["options"].get("reverse") else "yes"}),
                    )
                    if turns
                    else None,
                    html.Span(_("turned against the file"), className="note turned")
                    if values["options"].get("reverse")
                    else None,
                ],
                className="tie-check",
            )
        )
    parts.append(
        html.Dl(
            [html.Div([html.Dt(label), html.Dd(html.Bdi(value))], className="file-fact") for label, value in now],
            className="file-facts",
        )
    )
    evidence = [plain(told(item), limit=160) for item in values.get("evidence", [])]
    if evidence:
        parts.append(html.P(_("Recognised by: {evidence}.", evidence="; ".join(evidence)), className="note"))
    if values.get("head"):
        parts.append(
            html.P(
                _(
                    "The file is long: these numbers speak of its first {size} only. All of it will be analysed.",
                    size=size_text(int(values["head"])),
                ),
                className="note",
            )
        )
    if changed:
        lines = [_("{label}: {before} is now {now}", label=label, before=old, now=new) for label, old, new in changed]
        parts.append(
            html.Div(
                [html.Strong(_("Changed")), html.Ul([html.Li(line) for line in lines])],
                className="changed",
                role="status",
            )
        )
    return parts


def facts_of(values: Mapping[str, Any]) -> list[list[str]]:
    """Return the facts of a look that succeeded."""
    from netact_dashboards.workspace import Preview

    return facts(Preview("ready", values))


def _mapping(file: UploadedFile, values: Mapping[str, Any], columns: list[str]) -> Any:
    asked: Mapping[str, Any] = values.get("asked", {})
    options: Mapping[str, Any] = values.get("options") or asked
    number = file.number
    turned = _TURNED if options.get("reverse") else {}
    known = "options" in values  # else the look failed
    fields = []
    for name in COLUMNS[file.role] if columns else ():
        chosen = str(options.get(name, ""))
        choices = [(column, plain(column, limit=40) or _("(no name)")) for column in columns]
        if chosen and chosen not in columns:
            choices.append((chosen, plain(chosen, limit=40)))
        if not (chosen and name in ("source", "target", "account", "person")):
            choices.insert(0, ("", _("not in this file") if known and not chosen else _("recognise by itself")))
        part = turned.get(name, name)
        fields.append(_field(number, name, column_label(part), choices, chosen, part=part))
    if file.role != "interactions":
        return html.Fieldset(
            [html.Legend(_("Which column is what")), html.Div(fields, className="fields")], className="mapping"
        )
    kinds = [("", _("as recognised")), *((kind, words_for(kind).ties) for kind in KINDS)]
    yes_no = [("yes", _("yes, from one account to another")), ("no", _("no, they only connect two accounts"))]
    fields.append(_field(number, "kind", _("All ties are"), kinds, str(options.get("kind", ""))))
    fields.append(
        _field(
            number, "directed", _("Ties have a direction"), yes_no, "no" if options.get("directed") is False else "yes"
        )
    )
    delimiters = [
        ("", _("as recognised")),
        (",", _("comma")),
        (";", _("semicolon")),
        ("tab", _("tab")),
        ("|", _("vertical bar")),
        ("whitespace", _("blanks")),
    ]
    header = [("", _("as recognised")), ("yes", _("column names")), ("no", _("already data"))]
    asked_header = {True: "yes", False: "no"}.get(asked.get("header"), "")  # type: ignore[arg-type]
    more = [
        _field(number, "delimiter", _("Columns are separated by"), delimiters, str(asked.get("delimiter", ""))),
        _field(
            number,
            "encoding",
            _("Encoding of the text"),
            [("", _("as recognised")), *((e, e) for e in _ENCODINGS)],
            str(asked.get("encoding", "")),
        ),
        _field(number, "header", _("The first row holds"), header, asked_header),
    ]
    if values.get("format") == "xlsx" or asked.get("sheet"):
        sheet = html.Div(
            dmc.TextInput(
                id={"type": "sheet", "file": number},
                label=_("Sheet of the workbook"),
                value=str(asked.get("sheet", "")),
                debounce=600,
            ),
            className="field",
            **attributes({"data-text-option": "sheet"}),
        )
        more.append(sheet)
    return html.Fieldset(
        [
            html.Legend(_("Which column is what")),
            html.Div(fields, className="fields"),
            html.Details(
                [html.Summary(_("More: separator, encoding, first row")), html.Div(more, className="fields")],
                open=bool({"delimiter", "encoding", "header", "sheet"} & set(asked)),
            ),
        ],
        className="mapping",
    )


def _field(
    number: int, name: str, label: str, choices: Sequence[tuple[str, str]], value: str, *, part: str = ""
) -> html.Div:
    place = f"option-{number}-{name}"
    data = {"data-option": name, "data-shown": value, **({"data-column": "yes"} if part else {})}
    return html.Div(
        [html.Label(label, htmlFor=place), _select(place, choices, value, data=data)],
        className=f"field part-{part}" if part and value else "field",
    )


def _rows(file: UploadedFile, values: Mapping[str, Any], columns: list[str]) -> html.Div:
    """Return the first rows, with the columns that are used marked by words and colour."""
    mapping: Mapping[str, Any] = values.get("mapping") or values.get("options") or values.get("asked", {})
    parts = {
        str(column): name for name, column in mapping.items() if name in COLUMNS[file.role] or file.role == "people"
    }
    reverse = bool((values.get("options") or {}).get("reverse"))
    swapped = _TURNED if reverse else {}
    head = []
    for column in columns:
        name = parts.get(column)
        name = swapped.get(name, name) if name else None
        mark = (
            html.Span(column_label(name), className=f"part part-{name}")
            if name
            else html.Span(_("not used"), className="part unused")
        )
        head.append(html.Th([mark, html.Bdi(plain(column, limit=40))], scope="col"))
    body = []
    for row in list(values.get("sample", []))[:_SHOWN_ROWS]:
        cells = []
        for column, cell in zip(columns, row, strict=False):
            name = parts.get(column)
            name = swapped.get(name, name) if name else None
            cells.append(
                html.Td(
                    html.Bdi("" if cell is None else plain(str(cell), limit=60)),
                    className=f"part-{name}" if name else "unused",
                )
            )
        body.append(html.Tr(cells))
    return html.Div(
        html.Table([html.Caption(_("The first rows of the file")), html.Thead(html.Tr(head)), html.Tbody(body)]),
        className="scroll sample-rows",
        tabIndex=0,
        role="region",
        **attributes({"aria-label": _("The first rows of the file")}),
    )


def _problems(values: Mapping[str, Any]) -> list[Any]:
    parts: list[Any] = [
        html.P(html.Bdi(_without_flags(plain(told(text), limit=400))), className="went-wrong")
        for text in values.get("warnings", [])
    ]
    lines = [left_out(item) for item in values.get("dropped", [])]
    lines += [_without_flags(plain(told(text), limit=300)) for text in values.get("assumptions", [])]
    if not lines:
        return parts
    items = html.Ul([html.Li(html.Bdi(line)) for line in lines], className="caveats")
    title = _n(
        "{n:count} remark: rows left out, what was assumed",
        "{n:count} remarks: rows left out, what was assumed",
        len(lines),
    )
    return [*parts, html.Details([html.Summary(title), items], open=True)]


# ---------------------------------------------------------------------- start


def _start(workspace: Workspace, key: str | None) -> list[Any]:
    status = workspace.status(key) if key else None
    title = status.title if status is not None else ""
    days = round(workspace.keep.total_seconds() / 86400)
    return [
        html.Div(
            [
                dmc.TextInput(id="upload-title", label=_("Title of the report"), value=title),
                dmc.NumberInput(
                    id="upload-seed",
                    label=_("Seed of all chance"),
                    description=_("The same files and the same seed give the same report."),
                    value=1,
                    min=0,
                    max=2**31,
                    allowDecimal=False,
                    hideControls=True,
                ),
            ],
            className="fields",
        ),
        dmc.RadioGroup(
            [
                dmc.Radio(label=_("Full analysis"), value="full"),
                dmc.Radio(label=_("Quick look: few draws, not for publication"), value="quick"),
            ],
            id="upload-depth",
            label=_("How thorough"),
            value="full",
        ),
        dmc.RadioGroup(
            [
                dmc.Radio(
                    label=_("Nobody but the accounts listed below: pseudonyms stand for all others"), value="public"
                ),
                dmc.Radio(label=_("Everybody: not fit to share, and the report says so"), value="all"),
            ],
            id="upload-names",
            label=_("Who is named in the report"),
            value="public",
            my="sm",
        ),
        html.Div(
            [
                dmc.Textarea(
                    id="upload-public",
                    label=_("Public accounts, one a line"),
                    description=_(
                        "Organisations and people who speak in public for the movement, as the files name them."
                    ),
                    autosize=True,
                    minRows=2,
                    maxRows=8,
                ),
                dmc.Checkbox(id="upload-named-sure", label=_("Also name accounts with an audience of at least")),
                dmc.NumberInput(
                    id="upload-named-from",
                    disabled=True,
                    description=_(
                        "Their followers in the data, or the column of audiences in the table of accounts. Empty: none."
                    ),
                    min=1,
                    allowDecimal=False,
                    hideControls=True,
                    **attributes({"aria-label": _("Also name accounts with an audience of at least")}),
                ),
            ],
            className="fields",
        ),
        html.P(
            [
                html.Strong(_("Privacy")),
                " ",
                _n(
                    "The files and the report are kept on the computer that runs this page for {n:count} day, then deleted. Whoever has the address of the report can read it; it is listed nowhere. You can delete everything at any time, here or on the page of the report.",
                    "The files and the report are kept on the computer that runs this page for {n:count} days, then deleted. Whoever has the address of the report can read it; it is listed nowhere. You can delete everything at any time, here or on the page of the report.",
                    days,
                ),
            ],
            className="privacy",
        ),
        html.P(id="upload-expected", className="note", **attributes({"aria-live": "polite"})),
        html.P("", id="upload-refused", className="went-wrong", role="alert"),
        html.Div(
            [
                html.Button(_("Start the analysis"), id="upload-start", type="button", className="loud", disabled=True),
                html.Button(
                    _("Delete this draft"),
                    type="button",
                    className="quiet danger",
                    **attributes({"data-opens": "draft-delete"}),
                ),
            ],
            className="row",
        ),
        html.Dialog(
            [
                html.H2(_("Delete this draft?"), id="draft-delete-title"),
                html.P(_("Its files and its report, if there is one, are deleted. This cannot be undone.")),
                html.Div(
                    [
                        html.Button(
                            _("Keep it"),
                            type="button",
                            className="quiet",
                            **attributes({"data-closes": "draft-delete"}),
                        ),
                        html.Button(
                            _("Delete"),
                            type="button",
                            className="loud danger",
                            **attributes(
                                {
                                    "data-ask": "/api/jobs/{job}",
                                    "data-method": "DELETE",
                                    "data-then": "/",
                                    "data-forget": "{job}",
                                }
                            ),
                        ),
                    ],
                    className="row",
                ),
                html.P("", className="went-wrong", hidden=True, **attributes({"data-refused": "yes"})),
            ],
            id="draft-delete",
            **attributes({"aria-labelledby": "draft-delete-title"}),
        ),
    ]


def expected(size: int, *, quick: bool) -> str:
    """Say about how long an analysis of so many bytes takes; a range, since machines differ.

    Measured on two cores: 12,000 interactions (1 MB) 20 s, 61,000 ties 50 s, a million interactions (40 MB) 65 s; what
    chance gives is drawn for a network whatever its size, so that small files take time too.
    """
    seconds = (8 if quick else 30) + size / 1e6 * (0.5 if quick else 1.0)
    low, high = seconds * 0.7, seconds * 2.5
    if high < 55:
        return _("It will take less than a minute.")
    first, last = max(1, round(low / 60)), max(2, round(high / 60))
    if first >= 90:
        return _("It will take some hours: more than {n:count}.", n=max(1, first // 60))
    return _("It will take about {low:count} to {high:count} minutes on a usual computer.", low=first, high=last)


def register(app: Dash, workspace: Workspace) -> None:
    """Add what the page does."""

    @app.callback(
        Output("upload-files", "children"),
        Output("upload-reading", "children"),
        Output("step-read", "hidden"),
        Output("step-start", "hidden"),
        Output("upload-refused", "children"),
        Input("upload-job", "data"),
        Input("upload-role", "data"),
        prevent_initial_call=True,
    )
    def files(job: Any, role: Any) -> tuple[Any, ...]:
        key, refused = _key(job), ""
        if ctx.triggered_id == "upload-role" and isinstance(role, dict) and key:
            try:
                workspace.set_role(key, int(role["file"]), str(role["role"]))
            except (WorkspaceError, KeyError, TypeError, ValueError) as error:
                refused = str(error) if isinstance(error, WorkspaceError) else ""
        listed, blocks, hidden = _draft(workspace, key)
        return listed, blocks, hidden, hidden, plain(refused, limit=400) if refused else ""

    @app.callback(
        Output({"type": "reading", "file": MATCH}, "children"),
        Output({"type": "look", "file": MATCH}, "disabled"),
        Output({"type": "facts", "file": MATCH}, "data"),
        Input({"type": "look", "file": MATCH}, "n_intervals"),
        Input({"type": "asked", "file": MATCH}, "data"),
        State({"type": "look", "file": MATCH}, "id"),
        State({"type": "facts", "file": MATCH}, "data"),
        State("upload-job", "data"),
        prevent_initial_call=True,
    )
    def look(_n_intervals: Any, asked: Any, place: Any, before: Any, job: Any) -> tuple[Any, Any, Any]:
        key, number = _key(job), int(place["file"])
        trigger = ctx.triggered_id
        file = next((file for file in workspace.files(key or "") if file.number == number), None)
        if key is None or file is None or trigger is None:
            return no_update, no_update, no_update
        if trigger["type"] == "asked":
            if not isinstance(asked, dict):
                return no_update, no_update, no_update
            refused = _look(
                workspace, key, number, {name: value for name, value in asked.items() if isinstance(value, str | bool)}
            )
            if refused:
                wrong = html.P(html.Bdi(plain(refused, limit=400)), className="went-wrong", role="alert")
                return wrong, True, no_update
            return no_update, False, no_update
        preview = workspace.inspection(key, number)
        if preview.state == "running":
            return no_update, no_update, no_update
        now = facts(preview)
        return reading(file, preview, before=before or ()), True, now or no_update

    @app.callback(
        Output("upload-start", "disabled"),
        Output("upload-expected", "children"),
        Input({"type": "look", "file": ALL}, "disabled"),
        Input("upload-depth", "value"),
        State("upload-job", "data"),
    )
    def ready(_disabled: Any, depth: Any, job: Any) -> tuple[bool, str]:
        key = _key(job)
        present = workspace.files(key) if key else ()
        states = {workspace.inspection(key or "", file.number).state for file in present}
        if not present:
            return True, ""
        if "failed" in states:
            return True, _("One file cannot be read yet: see above, or remove it.")
        if states != {"ready"}:
            return True, _("The files are being looked into.")
        if not any(file.role in ("interactions", "admins") for file in present):
            return True, _("A file of interactions or of admins is needed.")
        return False, expected(sum(file.bytes for file in present), quick=depth == "quick")

    @app.callback(Output("upload-named-from", "disabled"), Input("upload-named-sure", "checked"))
    def name_from(sure: Any) -> bool:
        return sure is not True

    @app.callback(
        Output("upload-go", "href"),
        Output("upload-refused", "children", allow_duplicate=True),
        Input("upload-start", "n_clicks"),
        State("upload-job", "data"),
        State("upload-title", "value"),
        State("upload-seed", "value"),
        State("upload-depth", "value"),
        State("upload-names", "value"),
        State("upload-public", "value"),
        State("upload-named-from", "value"),
        State("upload-named-sure", "checked"),
        prevent_initial_call=True,
    )
    def start(
        clicks: Any, job: Any, title: Any, seed: Any, depth: Any, names: Any, public: Any, least: Any, sure: Any
    ) -> tuple[Any, Any]:
        key = _key(job)
        if not clicks or key is None:
            return no_update, no_update
        if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
            return no_update, _("The seed must be a whole number from 0.")
        options = {}
        for file in workspace.files(key):
            found = workspace.inspection(key, file.number)
            options[file.number] = dict(found.values.get("options", {})) if found.state == "ready" else {}  # type: ignore[call-overload]
        try:
            workspace.start(
                key,
                title=str(title or "").strip()[:_LONGEST_TITLE],
                seed=seed,
                quick=depth == "quick",
                options=options,
                everybody=names == "all",
                public=str(public or "").splitlines(),
                # Nobody is named by a number that was not ticked.
                named_from=least if sure is True and isinstance(least, int) and least > 0 else None,
            )
        except WorkspaceError as error:
            return no_update, plain(str(error), limit=400)
        return f"/job/{key}", ""


def _key(job: Any) -> str | None:
    """Return the key of a draft from the store: text, or text with a stamp that makes it new."""
    key = job.get("job") if isinstance(job, dict) else job
    return key if isinstance(key, str) and key else None


__all__ = ["day", "expected", "facts", "layout", "reading", "register", "size_text"]
