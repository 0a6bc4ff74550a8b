"""A small builder of HTML: every string that goes in is text and is escaped, whoever wrote it."""

from xml.etree.ElementTree import Element, SubElement, tostring


def tag(name: str, *children: str | Element, **attributes: str) -> Element:
    """An element. Strings among the children are text; `class_` writes the attribute 'class'."""
    element = Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        else:
            _add_text(element, child)
    return element


def _add_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def table(head: list[Element], rows: list[list[str | Element]], class_: str = "") -> Element:
    """A table with rows of header cells and rows of plain cells; each row's first cell names it."""
    start = [tag("thead", *head)] if head else []
    return tag("table", *start, tag("tbody", *map(_row, rows)), class_=class_)


def _row(cells: list[str | Element]) -> Element:
    name, *values = cells
    return tag("tr", tag("th", name, scope="row"), *(tag("td", value) for value in values))


def document(title: str, css: str, body: Element) -> str:
    """A whole page in English, UTF-8."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title))
    SubElement(head, "style").text = css
    page = tag("html", head, body, lang="en")
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"
