"""Values as YAML, so that reading them gives exactly the same back: plain where that is safe, in quotes where not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MOST_COLUMNS = 120

_READ_OTHERWISE = re.compile(
    r"|~|null|true|false|yes|no|on|off|y|n|[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?|[-+]?0[xob][\da-f_]+|[-+]?\.(inf|nan)|=|<<"
    r"|[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?|[-+]?\d[\d_.]*",
    re.IGNORECASE,
)
_INDICATORS = tuple("-?:,[]{}#&*!|>'\"%@`=")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_FLOW_SIGNS = re.compile(r"[,\[\]{}]")


def in_line(value: Any, quote: str = "") -> str:
    """A value on one line, as it may stand anywhere; a text keeps the `quote` it had where that is possible."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {in_line(one)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(in_line(one) for one in value) + "]"
    return scalar(value, quote)


def scalar(value: Any, quote: str = "", *, flow: bool = True) -> str:
    """A single value; `flow` where it stands in brackets, in which more signs mean something."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return _text(str(value), quote, flow)


def block(value: Any, indent: int, newline: str) -> str:
    """A map or list over several lines, the first without its indent, the others indented by `indent` columns."""
    lines = list(_map(value, indent) if isinstance(value, Mapping) else _list(value, indent))
    return (newline + " " * indent).join(lines)


def fits(value: Any, column: int) -> bool:
    """Whether a value reads well on the line that begins at `column`: short, and not a block within a block."""
    inner = value.values() if isinstance(value, Mapping) else value if _is_list(value) else ()
    nested = any(isinstance(one, Mapping) or _is_list(one) for one in inner)
    return not value or (not nested and column + len(in_line(value)) <= MOST_COLUMNS - 20)


def folded(text: str, indent: int, newline: str) -> str | None:
    """A text over several lines after ">", or None where folding would change it."""
    body, ends = text.removesuffix("\n"), text.endswith("\n")
    if not body or "\n" in body or _UNSAFE.search(body) or body != body.strip(" ") or "  " in body or body[0] == "\t":
        return None
    lines, width = [""], max(40, MOST_COLUMNS - 20 - indent)
    for word in body.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return (newline + " " * indent).join([">" if ends else ">-", *lines])


def literal(text: str, indent: int, newline: str) -> str | None:
    """A text of several lines after "|", or None where that would change it."""
    body, ends = text.removesuffix("\n"), text.endswith("\n")
    lines = body.split("\n")
    if len(lines) < 2 or not lines[0].strip() or not lines[-1].strip() or lines[0][0] in " \t":
        return None
    if any(_UNSAFE.search(line) or line != line.rstrip() for line in lines):
        return None
    inner = [" " * indent + line if line else "" for line in lines]
    return newline.join(["|" if ends else "|-", *inner])


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _map(value: Mapping[str, Any], indent: int) -> Iterator[str]:
    for key, one in value.items():
        name = scalar(str(key), flow=False)
        if isinstance(one, str) and (long := literal(one, 2, "\n")):
            first, *rest = long.split("\n")
            yield f"{name}: {first}"
            yield from rest
        elif not (isinstance(one, Mapping) or _is_list(one)):
            yield f"{name}: {scalar(one, flow=False)}"
        elif fits(one, indent + len(name) + 2):
            yield f"{name}: {in_line(one)}"
        else:
            yield f"{name}:"
            yield from ("  " + line for line in (_map if isinstance(one, Mapping) else _list)(one, indent + 2))


def _list(value: Sequence[Any], indent: int) -> Iterator[str]:
    for one in value:
        if fits(one, indent + 2) or not (isinstance(one, Mapping) or _is_list(one)):
            yield f"- {in_line(one)}"
            continue
        first, *rest = (_map if isinstance(one, Mapping) else _list)(one, indent + 2)
        yield f"- {first}"
        yield from ("  " + line for line in rest)


def _text(text: str, quote: str, flow: bool) -> str:
    if _UNSAFE.search(text):
        return _double(text)
    if quote == "'" or (quote == "" and '"' in text and "'" not in text):
        return "'" + text.replace("'", "''") + "'"
    return text if quote == "" and _plain(text, flow) else _double(text)


def _plain(text: str, flow: bool) -> bool:
    if _READ_OTHERWISE.fullmatch(text) or text != text.strip() or text.startswith((*_INDICATORS, "...")):
        return False
    return not (": " in text or " #" in text or text.endswith(":") or (flow and _FLOW_SIGNS.search(text)))


def _double(text: str) -> str:
    """In double quotes; a JSON text is one, but for the few signs that YAML does not take as they are."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)
