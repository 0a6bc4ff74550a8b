"""The table of a batch: a row for each scan."""

from collections.abc import Iterable

import qt
from slicer.i18n import tr as _

from ..batch import DONE, FAILED, FINISHED_BEFORE, BatchRow, SideRow

_ROWS_SEEN = 6


class BatchTable:
    """Two sides of a scan stand in one row, the left one first."""

    def __init__(self, table) -> None:
        self._table = table
        heads = [
            _("Scan"), _("State"), _("Volume, ml"), _("Centroid RAS, mm"), _("Error below, mm"), _("Time, s"),
            _("Remarks"),
        ]  # fmt: skip
        table.setColumnCount(len(heads))
        table.setHorizontalHeaderLabels(heads)
        table.verticalHeader().setVisible(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.setMinimumHeight(_ROWS_SEEN * table.verticalHeader().defaultSectionSize)

    def list_scans(self, names: Iterable[str]) -> None:
        """A row for each scan, none of which was begun."""
        names = list(names)
        self._table.setRowCount(len(names))
        for number, name in enumerate(names):
            self._fill(number, (name, _("waiting"), "", "", "", "", ""))

    def show_state(self, number: int, state: str) -> None:
        """How far the scan in row `number` is."""
        self._table.item(number, 1).setText(state)

    def show_row(self, number: int, row: BatchRow) -> None:
        """What came of the scan in row `number`."""
        found = [side for side in row.sides if side.volume_ml is not None]
        remarks = (row.message, *row.warnings)
        self._fill(
            number,
            (
                row.name,
                {DONE: _("done"), FINISHED_BEFORE: _("finished before, not run again"), FAILED: _("failed")}[row.state],
                _joined(f"{side.volume_ml:.1f}" for side in found),
                _joined("{:.1f}, {:.1f}, {:.1f}".format(*side.centroid_ras_mm) for side in found),
                _joined(map(_expected, found)),
                "" if row.seconds is None else f"{row.seconds:.0f}",
                " ".join(filter(None, remarks)),
            ),
        )
        self._table.scrollToItem(self._table.item(number, 0))
        self._table.resizeColumnsToContents()

    def _fill(self, number: int, texts: tuple[str, ...]) -> None:
        for column, text in enumerate(texts):
            item = qt.QTableWidgetItem(text)
            item.setToolTip(text)
            self._table.setItem(number, column, item)


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(texts)


def _expected(side: SideRow) -> str:
    """The number where there is one, else the words."""
    return side.uncertainty if side.expected_mm is None else f"{side.expected_mm:.1f}"
