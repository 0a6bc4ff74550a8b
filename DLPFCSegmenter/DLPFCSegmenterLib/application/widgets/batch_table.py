"""The table of a batch: a row for each scan."""

from collections.abc import Callable, Iterable

import qt

from ...batch import DONE, FAILED, FINISHED_BEFORE, NOT_FOUND, BatchRow, SideRow
from ...sentences import joined, place_in_words, say, tell
from ...sentences import tr as _

_ROWS_SEEN = 6
_ROW_PX = 24
_REASON_PX = 70
"""Four lines."""
_STATE, _FIRST_RESULT = 1, 2


class BatchTable:
    """Two sides of a scan stand in one row, the left one first."""

    def __init__(self, table) -> None:
        self._table = table
        table.setColumnCount(len(_COLUMNS))
        for column, (text, tip, _value) in enumerate(_COLUMNS):
            item = qt.QTableWidgetItem(tell(text))
            item.setToolTip(tell(tip))
            table.setHorizontalHeaderItem(column, item)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(_ROW_PX)
        table.horizontalHeader().setStretchLastSection(True)
        table.setMinimumHeight((_ROWS_SEEN + 1) * _ROW_PX)
        table.resizeColumnsToContents()

    def list_scans(self, names: Iterable[str]) -> None:
        """A row for each scan, none of which was begun."""
        names = list(names)
        self._table.clearSpans()
        self._table.setRowCount(0)
        self._table.setRowCount(len(names))
        for number, name in enumerate(names):
            self._fill(number, (name, _("waiting"), *_EMPTY))

    def show_state(self, number: int, state: str) -> None:
        """How far the scan in row `number` is."""
        self._table.item(number, _STATE).setText(state)
        self._table.resizeColumnToContents(_STATE)

    def show_row(self, number: int, row: BatchRow) -> None:
        """What came of the scan in row `number`; why it failed takes the place of the numbers."""
        texts = tuple(value(row) for _title, _tip, value in _COLUMNS)
        if row.state == FAILED:
            texts = (*texts[:_FIRST_RESULT], row.message, *_EMPTY[1:])
        self._fill(number, texts)
        if row.state == FAILED:
            self._table.item(number, _FIRST_RESULT).setSizeHint(qt.QSize(0, 0))  # it makes no column wider
            self._table.setSpan(number, _FIRST_RESULT, 1, len(_EMPTY) - 1)
            self._table.setRowHeight(number, _REASON_PX)
        self._table.resizeColumnsToContents()
        self._table.scrollToItem(self._table.item(number, 0))

    def _fill(self, number: int, texts: tuple[str, ...]) -> None:
        for column, text in enumerate(texts):
            item = qt.QTableWidgetItem(tell(text))
            item.setToolTip(tell(text))
            self._table.setItem(number, column, item)


def _state(row: BatchRow) -> str:
    return {
        DONE: _("done"), FINISHED_BEFORE: _("finished before, not run again"),
        NOT_FOUND: _("no {region} found", region=row.region), FAILED: _("failed"),
    }[row.state]  # fmt: skip


def _of_sides(text: Callable[[SideRow], str]) -> Callable[[BatchRow], str]:
    """What stands of a row: the text of each side that was found, the left one first."""
    return lambda row: " | ".join(text(side) for side in row.sides if side.volume_ml is not None)


def _expected(side: SideRow) -> str:
    """The number where there is one, else the words."""
    return side.uncertainty if side.expected_mm is None else f"{side.expected_mm:.1f}"


_COLUMNS = (
    (say("Scan"), say("Name of the scan."), lambda row: row.name),
    (say("State"), say("How far it is."), _state),
    (say("ml"), say("Size of the mask."), _of_sides(lambda side: f"{side.volume_ml:.1f}")),
    (
        say("Centroid, mm"), say("Middle of the mask, RAS."),
        _of_sides(lambda side: place_in_words(side.centroid_ras_mm).removesuffix(" mm")),
    ),
    (say("± mm"), say("Error of the centroid that is exceeded in one of ten such scans."), _of_sides(_expected)),
    (say("s"), say("Time that it took."), lambda row: "" if row.seconds is None else f"{row.seconds:.0f}"),
    (
        say("Remarks"), say("What to keep in mind."),
        lambda row: joined(" ", filter(None, (row.message, *row.warnings))),
    ),
)  # fmt: skip
"""Head, tip, and what stands there of a row."""

_EMPTY = ("",) * (len(_COLUMNS) - _FIRST_RESULT)
