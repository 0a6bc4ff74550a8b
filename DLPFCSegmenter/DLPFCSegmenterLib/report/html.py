"""A small builder of HTML, and how the report looks. Every string that goes in is text and is escaped."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

CSS = """
@page { size: A4; margin: 11mm 13mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 190mm; padding: 4mm; color: #111; background: #fff;
  font: 10pt/1.4 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.sheet { width: 100%; border-collapse: collapse; }
.sheet > thead > tr > td, .sheet > tbody > tr > td { padding: 0; }
.notice { display: flex; justify-content: space-between; gap: 6mm; border-bottom: 1.5pt solid #111;
  padding: 0 0 1mm; margin-bottom: 3mm; font-size: 9pt; }
h1 { font-size: 17pt; line-height: 1.2; margin: 2mm 0 1mm; }
h2 { font-size: 13.5pt; margin: 7mm 0 2mm; padding-left: 2.5mm; border-left: 2mm solid #888; }
h2.left { border-color: rgb(230 159 0); }
h2.right { border-color: rgb(0 158 115); }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; }
h2, h3 { break-after: avoid; }
p { margin: 1mm 0; }
.quiet { color: #444; font-size: 9pt; }
.warnings { border: 1.5pt solid #d55e00; background: #fff4ec; padding: 2mm 4mm; margin: 3mm 0; }
.warnings h2 { margin: 0 0 1mm; padding: 0; border: 0; font-size: 12pt; }
.warnings ul { margin: 0; padding-left: 5mm; }
.fine { border: 1pt solid #999; padding: 1.5mm 4mm; margin: 3mm 0; }
figure { margin: 2mm 0; break-inside: avoid; }
figure img { width: 100%; display: block; }
figcaption { color: #444; font-size: 8.5pt; }
table.values { width: 100%; border-collapse: collapse; margin: 1mm 0 2mm; break-inside: avoid; }
.values th, .values td { text-align: left; vertical-align: top; padding: .7mm 2mm .7mm 0; font-weight: normal;
  border-bottom: .5pt solid #bbb; overflow-wrap: anywhere; }
.values thead th { font-weight: 600; border-bottom: 1pt solid #111; }
.values tbody th { font-weight: 600; }
.numbers td, .numbers thead th { font-variant-numeric: tabular-nums; white-space: nowrap; }
.numbers td:not(:last-child), .numbers thead .axis { text-align: right; }
.numbers td:last-child { padding-left: 4mm; white-space: normal; }
.numbers tbody th { white-space: nowrap; }
.measures td, .measures thead th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
.facts th { width: 34mm; }
.facts td { overflow-wrap: anywhere; }
.estimated { font-weight: 700; color: #9a3b00; white-space: nowrap; }
pre { font: 9pt/1.35 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0; }
@media print {
  body { max-width: none; padding: 0; font-size: 9pt; }
  section.side + section.side { break-before: page; }
}
"""
"""Dark on white, in the system's own fonts, on screen and on A4 paper."""


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


def table(head: list[Element], rows: Sequence[Sequence[str | Element]], class_: str = "") -> Element:
    """A table with rows of header cells and rows of plain cells; each row's first cell names it."""
    start = [tag("thead", *head)] if head else []
    return tag("table", *start, tag("tbody", *map(_row, rows)), class_=class_)


def _row(cells: Sequence[str | Element]) -> Element:
    name, *values = cells
    return tag("tr", tag("th", name, scope="row"), *(tag("td", value) for value in values))


def document(title: str, css: str, body: Element) -> str:
    """A whole page in English, UTF-8."""
    head = tag("head", tag("meta", charset="utf-8"), tag("title", title))
    SubElement(head, "style").text = css
    page = tag("html", head, body, lang="en")
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"
