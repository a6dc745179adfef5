# SPDX-License-Identifier: BSD-3-Clause
"""HTML from Python values. Every text is escaped unless these functions have made it."""

from __future__ import annotations

import html
from typing import Any, Optional, Sequence

from .drawing import Picture
from .style import STYLE

# No script, no request: what the page needs is in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
VOID = ("img", "source", "meta", "br")


class Markup(str):
    """Text that is HTML already."""


def markup(value: Any) -> Markup:
    """A value as HTML: sequences one after the other, None as nothing."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    if isinstance(value, (list, tuple)):
        return Markup("".join(markup(one) for one in value))
    return Markup(html.escape(str(value)))


def tag(element: str, *children: Any, **attributes: Any) -> Markup:
    """An element. A trailing _ of an attribute's name is left out, others become dashes."""
    texts = [f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
             for key, value in attributes.items() if value is not None]
    if element in VOID:
        return Markup(f"<{element}{''.join(texts)}>")
    return Markup(f"<{element}{''.join(texts)}>{markup(children)}</{element}>\n")


def paragraph(*children: Any, **attributes: Any) -> Markup:
    return tag("p", *children, **attributes)


def items(texts: Sequence[Any]) -> Markup:
    return tag("ul", [tag("li", text) for text in texts])


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]],
          marked: Optional[int] = None) -> Markup:
    """A table whose first column names the rows. On a phone each row becomes a card.

    The roles are those that the elements have; they get lost where CSS changes the display.
    """
    head = tag("tr", [tag("th", text, scope="col", role="columnheader") for text in heads],
               role="row")
    body = []
    for number, row in enumerate(rows):
        cells = [tag("th", row[0], scope="row", role="rowheader")]
        cells += [tag("td", value, role="cell", data_head=text)
                  for text, value in zip(heads[1:], row[1:])]
        body.append(tag("tr", cells, role="row", class_="marked" if number == marked else None))
    return tag("table", tag("caption", caption), tag("thead", head, role="rowgroup"),
               tag("tbody", body, role="rowgroup"), role="table")


def figure(picture: Optional[Picture], caption: Any, kind: Optional[str] = None) -> Markup:
    """A figure that follows the colour scheme, and is printed light."""
    if picture is None:
        return Markup("")
    dark = tag("source", srcset=picture.dark, media="screen and (prefers-color-scheme: dark)")
    image = tag("img", src=picture.light, alt=picture.alt, width=picture.width,
                height=picture.height)
    return tag("figure", tag("picture", dark, image), tag("figcaption", caption),
               class_=kind)


def tile(label: str, value: str, note: str = "") -> Markup:
    """A figure of the summary."""
    return tag("div", tag("dt", label), tag("dd", tag("strong", value),
                                            tag("span", note) if note else None), class_="tile")


def section(name: str, title: str, *children: Any) -> tuple[str, str, Markup]:
    """A section with its anchor and its title."""
    heading = tag("h2", title, id=f"{name}-title")
    return name, title, tag("section", heading, *children, id=name,
                            aria_labelledby=f"{name}-title")


def page(title: str, lead: Any, sections: Sequence[tuple[str, str, Markup]],
         foot: Any) -> str:
    """A whole page."""
    links = [tag("li", tag("a", text, href=f"#{name}")) for name, text, _ in sections]
    head = tag("head", tag("meta", charset="utf-8"),
               tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", name="color-scheme", content="light dark"),
               tag("title", title), tag("style", Markup(STYLE)))
    body = tag("body", tag("a", "Skip to the results", href="#main", class_="skip"),
               tag("header", tag("h1", title), lead),
               tag("nav", tag("ul", links), aria_label="Contents"),
               tag("main", [content for _, _, content in sections], id="main"),
               tag("footer", foot))
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}"
