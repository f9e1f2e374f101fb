"""
Liquid as accounts may write it: fewer tags and filters than the library has, and a limit on everything that grows.

No file is read but our table of facts, nothing runs longer or grows larger than an e-mail needs, and what an unknown
name stands for is empty.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy
from liquid import DictLoader, Environment, RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.primitive import IntegerLiteral, RangeLiteral
from liquid.exceptions import (
    BlockNestingError,
    FilterError,
    LiquidError,
    LoopIterationLimitError,
    ResourceLimitError,
    TemplateNotFoundError,
)
from liquid.expression import Expression
from liquid.static_analysis import Variable
from liquid.template import BoundTemplate

from slotdesk.domain.messages.translated import language_code, source_in_plain_words

MOST_ROUNDS = 1000
_MOST_CHARACTERS = 200_000
_TOO_LONG = pgettext_lazy("staff", "It grows too long for an e-mail.")
_TOO_DEEP = pgettext_lazy("staff", "It is nested too deeply.")
_UNCLOSED = re.compile(r"expected tag (end\w+), found end")
TAGS = frozenset(
    {"assign", "break", "capture", "case", "comment", "continue", "echo", "for", "if", "include", "liquid", "raw"}
    | {"unless"}
)
# Under these names the library keeps text, {{ … }}, {% # … %} and what it cannot read.
_PARTS = frozenset({"content", "output", "#", "illegal"})
FILTERS = frozenset(
    {"append", "capitalize", "date", "default", "divided_by", "downcase", "escape", "first", "last", "lstrip", "minus"}
    | {"newline_to_br", "plus", "prepend", "remove", "replace", "replace_first", "round", "rstrip", "size", "slice"}
    | {"split", "strip", "strip_html", "strip_newlines", "times", "truncate", "truncatewords", "upcase", "url_encode"}
)
# What Liquid answers itself of every text and list.
_LIQUIDS_OWN = ("size", "first", "last")


class BadTemplate(ValueError):
    """A text that cannot be used: `reason` says why, line (from 1) where, 0 = nowhere in particular."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(
            pgettext("staff", "Line %(line)s: %(reason)s") % {"line": line, "reason": reason} if line else reason
        )
        self.reason, self.line = reason, line


class _Limited(Environment):
    loop_iteration_limit = MOST_ROUNDS
    output_stream_limit = _MOST_CHARACTERS
    local_namespace_limit = _MOST_CHARACTERS
    block_nesting_limit = 20
    context_depth_limit = 10


def parse(text: str, *, is_html: bool) -> BoundTemplate:
    """Return the template; in HTML, values are escaped where they enter it. Raises BadTemplate."""
    try:
        template = _environment(is_html=is_html, language=language_code()).from_string(text)
        for expression in _expressions(template):
            if isinstance(expression, RangeLiteral):
                _refuse_long_range(expression, text)
        for name, spans in template.analyze().filters.items():
            if name not in FILTERS:
                raise BadTemplate(
                    pgettext("staff", "There is no filter “%(name)s”.") % {"name": name}, line_of(text, spans[0].index)
                )
    except LiquidError as error:
        raise _told(error) from error
    except (RecursionError, ValueError, ArithmeticError) as error:
        if isinstance(error, BadTemplate):
            raise
        raise BadTemplate(str(_TOO_DEEP)) from error
    return template


def write(template: BoundTemplate, values: Mapping[str, Any]) -> str:
    """Return what the template says with these values. Raises BadTemplate."""
    try:
        return template.render(**values)
    except LiquidError as error:
        raise _told(error) from error
    except Exception as error:
        raise BadTemplate(pgettext("staff", "It cannot be filled in: %(error)s") % {"error": error}) from error


def unknown_names(template: BoundTemplate, values: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the names in the template for which there is nothing in the values, each with its place in the text."""
    found = [
        (_dotted(variable.segments), variable.span.index)
        for variables in template.analyze().globals.values()
        for variable in variables
        if _is_own(variable) and not _is_there(variable.segments, values)
    ]
    return sorted(found, key=lambda item: item[1])


def names_in(template: BoundTemplate) -> set[str]:
    """The dotted names that the template uses."""
    found = template.analyze().globals.values()
    return {_dotted(variable.segments) for variables in found for variable in variables if _is_own(variable)}


def _is_own(variable: Variable) -> bool:
    """Whether it stands in the template's own text, and not in our table of facts."""
    return not variable.span.template_name


def _is_there(path: Sequence[object], values: object) -> bool:
    for step in path:
        if isinstance(values, Mapping):
            if step not in values:
                return False
            values = values[step]
        elif isinstance(values, list):
            if not isinstance(step, int) and step not in _LIQUIDS_OWN:
                return False
            # What an item holds is the same in all of them; of an empty list nothing is known.
            if not values or step == "size":
                return True
            values = values[0]
        else:
            return step in _LIQUIDS_OWN
    return not isinstance(values, Mapping)  # a group of values is none itself


def _dotted(path: Sequence[object]) -> str:
    return ".".join(step if isinstance(step, str) else "…" for step in path)


def line_of(text: str, index: int) -> int:
    """The line, from 1, of a place in the text."""
    return text.count("\n", 0, max(index, 0)) + 1


@functools.cache
def _environment(*, is_html: bool, language: str) -> Environment:
    """language: the spoken one, in which the table of facts is."""
    facts = source_in_plain_words("facts.html.liquid")
    environment = _Limited(autoescape=is_html, loader=DictLoader({"facts": facts}))
    environment.tags = {name: tag for name, tag in environment.tags.items() if name in TAGS | _PARTS}
    environment.filters = {name: _bounded(name, environment.filters[name]) for name in FILTERS}
    return environment


def _bounded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, unable to fill the memory: the library limits what is put out, and not what is on its way there."""

    @functools.wraps(function)
    def bounded(left: object, *arguments: Any, **named: Any) -> Any:
        if name == "replace":
            inserted = max((len(str(argument)) for argument in arguments), default=0)
            if len(str(left)) * (inserted + 1) > _MOST_CHARACTERS:
                raise FilterError(_TOO_LONG, token=None)
        made = function(left, *arguments, **named)
        if isinstance(made, str | list) and len(made) > _MOST_CHARACTERS:
            raise FilterError(_TOO_LONG, token=None)
        return made

    return bounded


def _expressions(template: BoundTemplate) -> Iterator[Expression]:
    """Every expression that the template evaluates, its own text only."""
    context = RenderContext(template)
    nodes: list[Node] = list(template.nodes)
    while nodes:
        node = nodes.pop()
        nodes += node.children(context, include_partials=False)
        expressions: list[Expression] = list(node.expressions())
        while expressions:
            expression = expressions.pop()
            yield expression
            expressions += expression.children()


def _refuse_long_range(found: RangeLiteral, text: str) -> None:
    """A loop turned round makes its list first, before anything is counted: a long one would fill the memory."""
    line = line_of(text, found.token.start_index)
    ends = (found.start, found.stop)
    if not all(isinstance(end, IntegerLiteral) for end in ends):
        raise BadTemplate(pgettext("staff", "Write the ends of a range as numbers, such as (1..3)."), line)
    first, last = (int(str(end)) for end in ends)
    if last - first >= MOST_ROUNDS:
        raise BadTemplate(_say_rounds(), line)


def _say_rounds() -> str:
    return pgettext("staff", "A loop may go round %(most)s times at most.") % {"most": f"{MOST_ROUNDS:,}"}


def _told(error: LiquidError) -> BadTemplate:
    """The library's error in our words."""
    context = error.context()
    line = context[0] if context else 0
    if isinstance(error, LoopIterationLimitError):
        return BadTemplate(_say_rounds(), line)
    if isinstance(error, BlockNestingError):
        return BadTemplate(str(_TOO_DEEP), line)
    if isinstance(error, ResourceLimitError):
        return BadTemplate(str(_TOO_LONG), line)
    if isinstance(error, TemplateNotFoundError):
        return BadTemplate(pgettext("staff", "Only the table of facts can be included: {% include 'facts' %}."), line)
    if unclosed := _UNCLOSED.match(str(error)):
        return BadTemplate(pgettext("staff", "%(tag)s is missing.") % {"tag": f"{{% {unclosed[1]} %}}"}, line)
    said = str(error).partition("\n")[0].strip()
    return BadTemplate(said[:1].upper() + said[1:200] + ("" if said.endswith(".") else "."), line)
