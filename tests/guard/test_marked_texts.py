"""
Texts in Python that people read are marked for translation; docs/decisions/0026-languages.md says which are not.

In the code of pages every text of two words is taken for one that is read, and every word that a dictionary leads to;
in the domain those at the places where such texts stand: labels of choices, what a field, a notice or a refusal says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tests.guard.sources import ROOT, relative, tracked

_PAGES = ("slotdesk/web/*.py",)
_DOMAIN = ("slotdesk/domain/*.py", "slotdesk/integrations/*.py")
_WORDS = re.compile(r"[A-Za-z0-9’][,:;”]? [a-z(“][a-z]")
_WORD = re.compile(r"[A-Z“][a-z]|\d.*[a-z]{2}")
_SAYING = {"label", "help_text", "title", "text", "hint", "empty_label", "description", "meaning", "when"}
_NOTICES = {"success", "info", "warning", "error", "add_error", "ValidationError"}
# HTML, CSS and what stands in headers.
_CODE = re.compile(r"</|[;=]|\w:\w|max-age|^Accept-|\b(form-control|card-table) ")
# Called with what is marked, or with what only programs read.
_NOT_READ = re.compile(r"gettext|(^|\.)(format_html|getLogger)$")
# What a vendor said, or a step run comes to, is kept and shown as it is; a fault of the program is no text at all.
_KEPT = re.compile(r"(^|\.)(NotAuthorized|NotFound|Rejected|UnexpectedReply|Unreachable|RateLimited|RuntimeError)$")

# Texts that are for no person, are stored, or are names.
_EXCEPT = {
    "slotdesk/domain/sign_in/models.py": {"OpenID Connect", "Microsoft Entra ID", "Google Workspace"},
    "slotdesk/domain/tenants/models.py": {"English", "Español", "Français", "Deutsch", "Português (Brasil)"},
    "slotdesk/domain/workflows/actions/written_buffers.py": {"Buffer …: …"},
    "slotdesk/integrations/connectwise/__init__.py": {"ConnectWise PSA"},
    "slotdesk/web/access.py": {"signed in", "request link", "public link", "alert link"},
    "slotdesk/web/panel/access.py": {"panel token, …"},
    "slotdesk/web/public/zones.py": {"UK England Scotland Wales", "Holland", "USA America"},
    "slotdesk/web/staff/connection_form.py": {"Value error, "},
    "slotdesk/web/staff/invitation_form.py": {"ann@example.com, ben@example.com"},
    "slotdesk/web/staff/request_export.py": {"appointment type", "booked for (UTC)", "created by"},
    "slotdesk/web/staff/type_preview.py": {"Ana Ruiz", "appointment type's e-mail"},
    "slotdesk/web/staff/workflow_cards.py": {"long liquid"},
    "slotdesk/web/staff/workflow_draft.py": {"too long"},
}


def unmarked(path: Path, *, is_page: bool, excepted: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield line and text of what is to be marked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {id(part) for node in ast.walk(tree) for part in _not_read(node)}
    for node in ast.walk(tree):
        for part in _texts_of(node, is_page=is_page):
            text = _text(part)
            if id(part) not in skipped and text not in excepted:
                yield part.lineno, text


def _not_read(node: ast.AST) -> Iterator[ast.AST]:
    """What lies in the node and is no text for people: docstrings, types, marked texts, what is logged."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield from node.values
    if isinstance(node, ast.AnnAssign | ast.arg) and node.annotation:
        yield from ast.walk(node.annotation)
    if isinstance(node, ast.Call) and _NOT_READ.search(ast.unparse(node.func)):
        yield from ast.walk(node)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _KEPT.search(ast.unparse(node.exc.func)):
        yield from ast.walk(node)


def _texts_of(node: ast.AST, *, is_page: bool) -> Iterator[ast.expr]:
    if is_page and isinstance(node, ast.Constant | ast.JoinedStr) and _reads_like_words(_text(node)):
        yield node
    if is_page and isinstance(node, ast.Dict):
        yield from (value for value in node.values if _is_word(value) and not _CODE.search(_text(value)))
    for place in _places(node):
        if _is_word(place):
            yield place


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr) and _WORD.search(_text(node)) is not None


def _reads_like_words(text: str) -> bool:
    return _WORDS.search(text) is not None and _CODE.search(text) is None


def _places(node: ast.AST) -> Iterator[ast.expr]:
    """Where a text stands that people read, even if it is a single word."""
    if isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
        for member in node.body:
            if isinstance(member, ast.Assign) and isinstance(member.value, ast.Tuple):
                yield member.value.elts[-1]
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield from node.exc.args
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func)
    if not called.startswith("models."):  # those are notes for whoever reads the model
        yield from (keyword.value for keyword in node.keywords if keyword.arg in _SAYING)
    if called.rpartition(".")[2] in _NOTICES:
        yield from node.args


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) or "…" for value in node.values)
    return ""


def _sources(*patterns: str) -> list[Path]:
    return [path for path in tracked(*patterns) if not {"tests", "migrations", "contract"} & set(path.parts)]


@pytest.mark.parametrize(
    ("source", "is_page"),
    [
        ('messages.success(request, f"{name} is saved.")', True),
        ('words = "Nobody was added."', True),
        ('field = forms.CharField(label="Name")', True),
        ('_ROWS = {"questions": "Question"}', True),
        ('raise BadDomain("Write the domain like example.com.")', False),
        ('class State(models.TextChoices):\n    NEW = "new", "New"', False),
    ],
)
def test_the_net_catches(source: str, *, is_page: bool, tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(source)

    assert len(list(unmarked(path, is_page=is_page, excepted=()))) == 1


@pytest.mark.parametrize("path", _sources(*_PAGES), ids=relative)
def test_texts_of_pages_are_marked(path: Path) -> None:
    assert list(unmarked(path, is_page=True, excepted=_EXCEPT.get(relative(path), ()))) == []


@pytest.mark.parametrize("path", _sources(*_DOMAIN), ids=relative)
def test_texts_of_the_domain_are_marked(path: Path) -> None:
    assert list(unmarked(path, is_page=False, excepted=_EXCEPT.get(relative(path), ()))) == []


@pytest.mark.parametrize("name", _EXCEPT)
def test_every_exception_is_needed(name: str) -> None:
    """One that is not would hide what is written there next."""
    found = {text for _line, text in unmarked(ROOT / name, is_page=name.startswith("slotdesk/web/"), excepted=())}

    assert _EXCEPT[name] - found == set()
