"""A table of points: what each is and how far away, with its buttons; it knows of no nodes."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

import qt

from ...sentences import tr as _
from ..timers import Debounce
from .icons import dot_icon, draw_on
from .labels import WARNING_RGBA, let_ticks_be_seen

NAME, STATE, STRAIGHT, ALONG_SCALP, PLACE, JUMP, GIVE_BACK = range(7)
"""The columns, as the panel's .ui file has them."""

_MARGIN_PX = 4


@dataclass(frozen=True)
class PointRow:
    """One line of the table.

    id          tells the listener which point it is
    note        how the point was found, seen when the mouse rests on the line
    doubt       what is doubtful about its place, '' for nothing; the line then looks like a warning
    straight, along_scalp  distances to the target in words, '' where there are none
    is_visible  whether the point is shown in the views; None for a point that cannot be shown
    """

    id: Hashable
    name: str
    colour_rgb: tuple[float, float, float]
    state: str
    note: str = ""
    straight: str = ""
    along_scalp: str = ""
    is_visible: bool | None = None
    can_place: bool = False
    can_jump: bool = False
    can_give_back: bool = False
    doubt: str = ""


class PointListener(Protocol):
    """Who does what the user asks for in a line."""

    def place(self, row: PointRow) -> None:
        """Let the user put the point with a click in a view."""

    def jump(self, row: PointRow) -> None:
        """Show the point in the views."""

    def give_back(self, row: PointRow) -> None:
        """Undo what a person did to the point."""

    def set_visible(self, row: PointRow, visible: bool) -> None:
        """Show or hide the point in the views."""


class PointTable:
    """Fills a `QTableWidget`; lines that stay keep their buttons, so that nothing flickers in a drag."""

    def __init__(self, table: qt.QTableWidget, listener: PointListener) -> None:
        self._table = table
        self._listener = listener
        self._rows: list[PointRow] = []
        header = table.horizontalHeader()
        header.highlightSections = False  # a line that is chosen says nothing of its columns
        for column in range(table.columnCount):
            header.setSectionResizeMode(column, qt.QHeaderView.ResizeToContents)
        header.setSectionResizeMode(NAME, qt.QHeaderView.Stretch)
        table.setColumnHidden(STATE, True)  # it stands beneath the name, which needs the room
        let_ticks_be_seen(table)
        table.connect("itemChanged(QTableWidgetItem*)", self._on_item_changed)
        self._refit = Debounce(0, self._fit_height, table)  # names take more lines in a narrower panel
        header.connect("sectionResized(int,int,int)", lambda *_: self._refit.start())
        self._fit_height()

    def show(self, rows: list[PointRow]) -> None:
        """Let the table say this and nothing else."""
        was_blocked = self._table.blockSignals(True)
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self._make_lines(rows)
        words, self._rows = [(row.name, row.state, row.doubt) for row in self._rows], rows
        for number, row in enumerate(rows):
            self._write(number, row)
        self._table.blockSignals(was_blocked)
        if words != [(row.name, row.state, row.doubt) for row in rows]:
            self._fit_height()

    def _make_lines(self, rows: list[PointRow]) -> None:
        self._table.setRowCount(0)
        self._table.setRowCount(len(rows))
        before = self._table
        for number, row in enumerate(rows):
            for column in (NAME, STATE, STRAIGHT, ALONG_SCALP):
                self._table.setItem(number, column, _item(column))
            self._table.item(number, NAME).setIcon(dot_icon(row.colour_rgb))
            for column, icon, tip, act in self._buttons():
                button = qt.QToolButton()
                button.autoRaise = True
                draw_on(button, icon)
                button.toolTip = tip
                button.accessibleName = _("{point}: {action}", point=rows[number].name, action=tip)
                button.connect("clicked(bool)", lambda *_, number=number, act=act: act(self._rows[number]))
                self._table.setCellWidget(number, column, button)
                qt.QWidget.setTabOrder(before, button)  # else it came after all that is on the panel
                before = button

    def _buttons(self) -> tuple:
        """(column, icon, tooltip, what is done) of each button of a line."""
        return (
            (PLACE, "place", _("Click here, then on the point's place in a view."), self._listener.place),
            (JUMP, "jump", _("Show this point in all views."), self._listener.jump),
            (GIVE_BACK, "give_back", _("Undo what was placed or moved by hand."), self._listener.give_back),
        )

    def _write(self, number: int, row: PointRow) -> None:
        state = _("⚠ {state}", state=row.state) if row.doubt else row.state
        texts = {
            NAME: "\n".join(filter(None, (row.name, state))),
            STATE: state,
            STRAIGHT: row.straight,
            ALONG_SCALP: row.along_scalp,
        }
        for column, text in texts.items():
            item = self._table.item(number, column)
            item.setText(text)
            item.setToolTip("\n".join(filter(None, (row.doubt, row.note))))
            item.setBackground(qt.QBrush(qt.QColor(*WARNING_RGBA)) if row.doubt else qt.QBrush())
        checked = {True: qt.Qt.Checked, False: qt.Qt.Unchecked, None: None}[row.is_visible]
        self._table.item(number, NAME).setData(qt.Qt.CheckStateRole, checked)
        for column, enabled in ((PLACE, row.can_place), (JUMP, row.can_jump), (GIVE_BACK, row.can_give_back)):
            self._table.cellWidget(number, column).enabled = enabled

    def _on_item_changed(self, item: qt.QTableWidgetItem) -> None:
        row = self._rows[item.row()]
        visible = item.checkState() == qt.Qt.Checked
        if item.column() == NAME and visible != row.is_visible:
            self._listener.set_visible(row, visible)

    def _fit_height(self) -> None:
        """All lines are seen: the panel scrolls, not the table."""
        table = self._table
        table.resizeRowsToContents()
        lines = sum(table.rowHeight(number) for number in range(table.rowCount))
        height = table.horizontalHeader().sizeHint.height() + lines + _MARGIN_PX
        table.minimumHeight = height
        table.maximumHeight = height


def _item(column: int) -> qt.QTableWidgetItem:
    item = qt.QTableWidgetItem()
    flags = qt.Qt.ItemIsEnabled | qt.Qt.ItemIsSelectable
    item.setFlags(flags | qt.Qt.ItemIsUserCheckable if column == NAME else flags)
    if column in (STRAIGHT, ALONG_SCALP):
        item.setTextAlignment(qt.Qt.AlignRight | qt.Qt.AlignVCenter)
    return item
