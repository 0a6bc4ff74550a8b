"""CTK widgets that hold one value: numbers, paths, colours, choices."""

from __future__ import annotations

import re

from PySide6.QtCore import Property, QModelIndex, QRegularExpression, Qt, Signal
from PySide6.QtGui import QColor, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from .stand_in import StandIn, fill, of_child, remembered


class ctkCheckBox(StandIn, QCheckBox):
    """A check box."""


class ctkComboBox(StandIn, QComboBox):
    """A combo box with a text for 'nothing chosen'."""

    defaultText = remembered(str, "defaultText", "")


class ctkDoubleSpinBox(StandIn, QDoubleSpinBox):
    """A spin box for real numbers."""


class ctkSliderWidget(StandIn, QWidget):
    """A slider and a spin box that hold the same real number."""

    valueChanged = Signal(float)
    valueIsChanging = Signal(float)

    _STEPS = 1000

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setRange(0, self._STEPS)
        self._spinBox = QDoubleSpinBox(self)
        self._spinBox.setRange(0, 99)
        fill(self, QHBoxLayout(), self._slider, self._spinBox)
        self._slider.valueChanged.connect(self._takeFromSlider)
        self._spinBox.valueChanged.connect(self._tellNewValue)

    value = of_child(float, "_spinBox", "value")
    singleStep = of_child(float, "_spinBox", "singleStep")
    decimals = of_child(int, "_spinBox", "decimals")
    suffix = of_child(str, "_spinBox", "suffix")
    prefix = of_child(str, "_spinBox", "prefix")
    pageStep = remembered(float, "pageStep", 1.0)
    tickInterval = remembered(float, "tickInterval", 0.0)
    tracking = remembered(bool, "tracking", True)
    minimum = Property(
        float, lambda self: self._spinBox.minimum, lambda self, value: self.setRange(value, self.maximum)
    )
    maximum = Property(
        float, lambda self: self._spinBox.maximum, lambda self, value: self.setRange(self.minimum, value)
    )

    def setRange(self, minimum: float, maximum: float) -> None:
        self._spinBox.setRange(minimum, max(minimum, maximum))
        self._placeSlider()

    def setValue(self, value: float) -> None:
        self._spinBox.setValue(value)

    def _takeFromSlider(self, position: int) -> None:
        span = self.maximum - self.minimum
        self._spinBox.setValue(self.minimum + span * position / self._STEPS)

    def _tellNewValue(self, value: float) -> None:
        self._placeSlider()
        self.valueChanged.emit(value)

    def _placeSlider(self) -> None:
        span = (self.maximum - self.minimum) or 1.0
        self._slider.blockSignals(True)
        self._slider.setValue(round((self.value - self.minimum) / span * self._STEPS))
        self._slider.blockSignals(False)


class ctkDoubleSlider(ctkSliderWidget):
    """A slider for real numbers, without the spin box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spinBox.hide()


class ctkRangeWidget(StandIn, QWidget):
    """Two real numbers, the smaller first."""

    valuesChanged = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lower, self._upper = QDoubleSpinBox(self), QDoubleSpinBox(self)
        fill(self, QHBoxLayout(), self._lower, self._upper)
        for box in (self._lower, self._upper):
            box.valueChanged.connect(lambda: self.valuesChanged.emit(self.minimumValue, self.maximumValue))

    minimumValue = of_child(float, "_lower", "value")
    maximumValue = of_child(float, "_upper", "value")
    decimals = of_child(int, "_lower", "decimals")
    singleStep = of_child(float, "_lower", "singleStep")

    def setRange(self, minimum: float, maximum: float) -> None:
        self._lower.setRange(minimum, maximum)
        self._upper.setRange(minimum, maximum)

    def setValues(self, minimum: float, maximum: float) -> None:
        self._lower.setValue(minimum)
        self._upper.setValue(maximum)


class ctkDoubleRangeSlider(ctkRangeWidget):
    """Two real numbers on one slider."""


class ctkPathLineEdit(StandIn, QWidget):
    """A line for a file or folder, with a button to look for it.

    As in CTK: `currentPathChanged` comes only for a text that the validator accepts: `.+`, or what a name filter says.
    """

    currentPathChanged = Signal(str)
    validInputChanged = Signal(bool)

    Dirs, Files, Executable, NoDot, NoDotDot, Writable, Readable = (
        0x001,
        0x002,
        0x040,
        0x2000,
        0x4000,
        0x020,
        0x010,
    )

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line, self._browse = QLineEdit(self), QPushButton("...", self)
        fill(self, QHBoxLayout(), self._line, self._browse)
        self._setNameFilters([])
        self._line.textChanged.connect(self._tellNewPath)
        self._browse.clicked.connect(self.browse)

    currentPath = of_child(str, "_line", "text")
    filters = remembered(int, "filters", 0x6000 | 0x002)
    nameFilters = Property(
        "QStringList", lambda self: self._nameFilters, lambda self, given: self._setNameFilters(given)
    )
    settingKey = remembered(str, "settingKey", "")
    label = remembered(str, "label", "")
    showBrowseButton = of_child(bool, "_browse", "visible")
    showHistoryButton = remembered(bool, "showHistoryButton", False)

    def setCurrentPath(self, path: str) -> None:
        self._line.setText(path)

    def _setNameFilters(self, filters: list[str]) -> None:
        """'Weights (*.pt)' accepts what ends in '.pt'."""
        self._nameFilters = list(filters)
        globs = [glob for each in self._nameFilters for glob in re.findall(r"\*\S*?(?=[\s);]|$)", each)]
        pattern = "|".join(re.escape(glob).replace(r"\*", ".*") for glob in globs)
        self._line.setValidator(QRegularExpressionValidator(QRegularExpression(pattern or ".+"), self))

    def _tellNewPath(self, text: str) -> None:
        if self._line.hasAcceptableInput():
            self.currentPathChanged.emit(text)

    def addCurrentPathToHistory(self) -> None:
        """CTK keeps the history in the settings; the stand-in has none."""

    def browse(self) -> None:
        ask = QFileDialog.getOpenFileName if self.filters & self.Files else QFileDialog.getExistingDirectory
        path = ask(self, self.label, self.currentPath)
        if path:
            self.setCurrentPath(path)


class ctkDirectoryButton(StandIn, QPushButton):
    """A button that shows a folder and asks for another."""

    directoryChanged = Signal(str)

    def __init__(self, directory: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(directory if isinstance(directory, QWidget) else parent)
        self.setText(directory if isinstance(directory, str) else ".")
        self.clicked.connect(self.browse)

    def setDirectory(self, directory: str) -> None:
        if directory != self.text:
            self.setText(directory)
            self.directoryChanged.emit(directory)

    directory = Property(str, lambda self: self.text, setDirectory)
    caption = remembered(str, "caption", "")

    def browse(self) -> None:
        self.setDirectory(QFileDialog.getExistingDirectory(self, self.caption, self.directory) or self.directory)


class ctkCheckablePushButton(StandIn, QPushButton):
    """A button with a check box on it."""

    checkBoxControlsButtonToggleState = remembered(bool, "checkBoxControlsButtonToggleState", False)


class ctkMenuButton(StandIn, QPushButton):
    """A button with a menu at its side."""


class ctkExpandButton(StandIn, QToolButton):
    """An arrow that unfolds something."""


class ctkColorPickerButton(StandIn, QPushButton):
    """A button that shows a colour and asks for another."""

    colorChanged = Signal(QColor)
    displayColorName = remembered(bool, "displayColorName", True)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor("black")
        self.clicked.connect(lambda: self.setColor(QColorDialog.getColor(self._color, self)))

    def setColor(self, color: QColor) -> None:
        if color.isValid() and color != self._color:
            self._color = QColor(color)
            self.colorChanged.emit(self._color)

    color = Property(QColor, lambda self: QColor(self._color), setColor)


class ctkCheckableComboBox(StandIn, QComboBox):
    """A combo box whose entries can be checked."""

    checkedIndexesChanged = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model().rowsInserted.connect(self._makeCheckable)
        self.model().dataChanged.connect(lambda: self.checkedIndexesChanged.emit())

    def _makeCheckable(self, parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self.model().item(row).setCheckable(True)

    def checkableModel(self):
        return self.model()

    def checkedIndexes(self) -> list[QModelIndex]:
        rows = range(self.model().rowCount())
        return [
            self.model().index(row, 0) for row in rows if self.model().item(row).checkState() == Qt.CheckState.Checked
        ]

    def setCheckState(self, index: QModelIndex, state: Qt.CheckState) -> None:
        self.model().itemFromIndex(index).setCheckState(state)
