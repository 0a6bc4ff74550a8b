"""The formats of export as a table: a tick, the name, and the coordinate space or why it cannot be had."""

from collections.abc import Callable, Iterable

import qt

from ...export.exporting import Spaces, title_of
from ...export.registry import FORMATS
from ...sentences import tell
from ...sentences import tr as _
from .labels import let_ticks_be_seen

_NAMES = tuple(FORMATS)
_ROWS_SEEN = 8
_ROW_PX = 24
_GREY_RGB = (128, 128, 128)
"""Read on light and dark grounds, which a theme's own grey may not be."""


class FormatTable:
    """on_ticked  told when the user ticks or unticks a format"""

    def __init__(self, table, on_ticked: Callable[[], None]) -> None:
        self._table = table
        table.setColumnCount(2)
        table.setRowCount(len(_NAMES))
        table.setHorizontalHeaderLabels([_("Format"), _("Space")])
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setMinimumSectionSize(_ROW_PX)
        table.horizontalHeader().setSectionResizeMode(0, qt.QHeaderView.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(1, qt.QHeaderView.Stretch)
        let_ticks_be_seen(table)
        for row, name in enumerate(_NAMES):
            for column, text in enumerate((title_of(name), "")):
                table.setItem(row, column, qt.QTableWidgetItem(tell(text)))
            table.item(row, 0).setCheckState(qt.Qt.Unchecked)
        self.show_waiting("")
        table.setMinimumHeight(_ROWS_SEEN * table.rowHeight(0) + table.horizontalHeader().height)
        table.connect("itemChanged(QTableWidgetItem*)", lambda item: on_ticked())

    def tick(self, names: Iterable[str]) -> None:
        """Tick these formats and no others."""
        was_blocked = self._table.blockSignals(True)
        for row, name in enumerate(_NAMES):
            self._table.item(row, 0).setCheckState(qt.Qt.Checked if name in names else qt.Qt.Unchecked)
        self._table.blockSignals(was_blocked)

    def ticked(self) -> list[str]:
        """The formats that the user ticked, whether this scan has them or not."""
        return [name for row, name in enumerate(_NAMES) if self._table.item(row, 0).checkState() == qt.Qt.Checked]

    def offered(self) -> tuple[str, ...]:
        """Those of the ticked ones that this scan has."""
        rows = {name: row for row, name in enumerate(_NAMES)}
        return tuple(name for name in self.ticked() if _is_enabled(self._table.item(rows[name], 0)))

    def show(self, spaces: Spaces) -> None:
        """Say the space of each format, a line long, and grey those that cannot hold the scan; tooltips say all."""
        for row, name in enumerate(_NAMES):
            self._show_row(row, spaces.words.get(name) or spaces.reasons[name], name in spaces.words)

    def show_waiting(self, sentence: str) -> None:
        """The spaces are not known: every format can be ticked, and its space is told later."""
        for row in range(len(_NAMES)):
            self._show_row(row, sentence, True)

    def _show_row(self, row: int, sentence: str, is_offered: bool) -> None:
        words = tell(sentence)
        was_blocked = self._table.blockSignals(True)
        flags = qt.Qt.ItemIsUserCheckable | qt.Qt.ItemIsEnabled if is_offered else qt.Qt.NoItemFlags
        for column in range(2):
            item = self._table.item(row, column)
            item.setFlags(flags)
            item.setToolTip(words)
            item.setForeground(qt.QBrush() if is_offered else qt.QBrush(qt.QColor(*_GREY_RGB)))
        self._table.item(row, 1).setText(_without_name(sentence, words))
        self._table.blockSignals(was_blocked)


def _without_name(sentence: str, words: str) -> str:
    """A reason without the scan's name in front, which would fill the line in each row."""
    name, colon, rest = words.partition(": ")
    return rest if colon and name in getattr(sentence, "values", {}).values() else words


def _is_enabled(item) -> bool:
    return bool(item.flags() & qt.Qt.ItemIsEnabled)
