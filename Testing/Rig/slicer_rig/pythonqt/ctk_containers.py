"""CTK widgets that hold others, and message boxes."""

from __future__ import annotations

from PySide6.QtCore import Property, QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QGroupBox,
    QMessageBox,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from .stand_in import StandIn, remembered

_HEADER_HEIGHT_PX = 26


class ctkCollapsibleButton(StandIn, QAbstractButton):
    """A section with a header; a click on the header folds it."""

    contentsCollapsed = Signal(bool)

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text if isinstance(text, QWidget) else parent)
        self.setText(text if isinstance(text, str) else "")
        self.setCheckable(True)
        self.setChecked(True)
        self.setContentsMargins(0, _HEADER_HEIGHT_PX, 0, 0)
        self.toggled.connect(self._showContents)

    def _isCollapsed(self) -> bool:
        return not self.isChecked()

    def setCollapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    collapsed = Property(bool, _isCollapsed, setCollapsed)

    def _showContents(self, shown: bool) -> None:
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.setVisible(shown)
        self.setMaximumHeight(16777215 if shown else _HEADER_HEIGHT_PX)
        self.updateGeometry()
        self.contentsCollapsed.emit(not shown)

    def childEvent(self, event: QEvent) -> None:
        child = event.child()
        if event.added() and isinstance(child, QObject) and child.isWidgetType() and self._isCollapsed():
            child.hide()

    def sizeHint(self):
        hint = QWidget.sizeHint(self)
        return hint.expandedTo(self.fontMetrics().size(0, self.text + "      ")).expandedTo(self.minimumSize)

    def hitButton(self, position) -> bool:
        return position.y() < _HEADER_HEIGHT_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QPainter(self), QStyleOptionButton()
        option.initFrom(self)
        option.rect = QRect(0, 0, self.width, _HEADER_HEIGHT_PX - 2)
        option.text = ("\u25be " if self.isChecked() else "\u25b8 ") + self.text
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        painter.end()


class ctkCollapsibleGroupBox(StandIn, QGroupBox):
    """A group box whose check mark folds it."""

    def __init__(self, title: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(title if isinstance(title, QWidget) else parent)
        self.setTitle(title if isinstance(title, str) else "")
        self.setCheckable(True)
        self.toggled.connect(self._showContents)

    def _isCollapsed(self) -> bool:
        return not self.isChecked()

    def setCollapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    collapsed = Property(bool, _isCollapsed, setCollapsed)
    collapsedHeight = remembered(int, "collapsedHeight", 14)

    def _showContents(self, shown: bool) -> None:
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            child.setVisible(shown)


class ctkMessageBox(StandIn, QMessageBox):
    """A message box that can be told not to come again."""

    dontShowAgainVisible = remembered(bool, "dontShowAgainVisible", False)
    dontShowAgain = remembered(bool, "dontShowAgain", False)
    dontShowAgainSettingsKey = remembered(str, "dontShowAgainSettingsKey", "")


class ctkWidgetsUtils(StandIn):
    """CTK's helpers for widgets."""

    @staticmethod
    def grabWidget(widget: QWidget, rectangle: QRect | None = None) -> QPixmap:
        """The picture of a widget as it is on the screen."""
        return (widget.grab(rectangle) if rectangle else widget.grab()).toImage()
