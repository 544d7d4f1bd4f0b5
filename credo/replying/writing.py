"""What a colleague wrote, as safe markup: the few elements of the composer and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping

import nh3

_CLEANER = nh3.Cleaner(
    tags={
        *("p", "br", "strong", "b", "em", "i", "u", "s", "a"),
        *("ul", "ol", "li", "blockquote", "code", "pre", "img"),
    },
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    url_relative="pass_through",
)
_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]*)"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_OWN = re.compile(r"/attachments/(\d+)")


def cleaned(html: str, images: Mapping[int, str]) -> str:
    """`html` from the editor, made safe to send and to show.

    `images` maps ids of the draft's inline files to their content ids; an image that is none of them is dropped.
    Links keep only absolute addresses.
    """
    safe = _CLEANER.clean(html).replace('href="/', 'data-dropped="/')
    safe = re.sub(r' data-dropped="[^"]*"', "", safe)
    return _IMAGE.sub(lambda found: _image(found, images), safe).strip()


def _image(found: re.Match[str], images: Mapping[int, str]) -> str:
    own = _OWN.fullmatch(found[1])
    content_id = images.get(int(own[1])) if own else None
    if content_id is None:
        return ""
    alt = _ALT.search(found[0])
    return f'<img src="cid:{content_id}" alt="{alt[1] if alt else ""}">'
