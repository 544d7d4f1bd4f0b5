"""What a colleague wrote, as safe markup: the few elements of the composer and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

import nh3

_OWN = re.compile(r"/attachments/(\d+)")
_ABSOLUTE = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


def _kept(tag: str, name: str, value: str) -> str | None:
    """An attribute as it may stay: links lead somewhere absolute, images are files of our own."""
    if (tag, name) == ("a", "href"):
        return value if _ABSOLUTE.match(value) else None
    if (tag, name) == ("img", "src"):
        return value if _OWN.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "strong", "b", "em", "i", "u", "s", "a"),
        *("ul", "ol", "li", "blockquote", "code", "pre", "img"),
    },
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    attribute_filter=_kept,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    url_relative="pass_through",
)
_IMAGE = re.compile(r'<img\b(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>')
_ATTRIBUTE = re.compile(r'\s([\w-]+)="([^"]*)"')


def cleaned(html: str, images: Mapping[int, str]) -> str:
    """`html` from the editor, made safe to send and to show.

    `images` maps ids of the draft's inline files to their content ids; an image that is none of them is dropped.
    Links keep only absolute addresses.
    """
    return _IMAGE.sub(lambda found: _image(found, images), _CLEANER.clean(html)).strip()


def _image(found: re.Match[str], images: Mapping[int, str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(found[0]))
    own = _OWN.fullmatch(attributes.get("src", ""))
    content_id = images.get(int(own[1])) if own else None
    if content_id is None:
        return ""
    return f'<img src="cid:{escape(content_id)}" alt="{attributes.get("alt", "")}">'
