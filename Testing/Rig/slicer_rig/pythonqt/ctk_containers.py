"""CTK widgets that hold others, and message boxes."""

from __future__ import annotations

from PySide6.QtCore import Property, QChildEvent, QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGroupBox,
    QMessageBox,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionGroupBox,
    QWidget,
)

from .stand_in import StandIn, remembered

_HEADER_HEIGHT_PX = 26
_ANY_HEIGHT_PX = 16777215
"""Qt's own limit, which it does not give to Python."""


_VISIBLE = "visibilityToParent"
"""CTK's own name for it: whether somebody wants to see a child, folded or not."""


class Collapsible(StandIn):
    """A checkable widget that shows its children only while it is checked; who hides one himself finds it hidden."""

    def _initCollapsible(self) -> None:
        self._isForcing = False
        self.setCheckable(True)
        self.setChecked(True)
        self.toggled.connect(lambda checked: self.updateContents())

    def setCollapsed(self, collapsed: bool) -> None:
        self.setChecked(not collapsed)

    def updateContents(self) -> None:
        """Shows or hides the children; to be called when children were added to a folded widget."""
        for child in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            self._updateChild(child)
        self.updateGeometry()

    def _updateChild(self, child: QWidget) -> None:
        self._isForcing, is_hidden = True, child.property(_VISIBLE) is False
        child.setVisible(self.isChecked() and not is_hidden)
        if not is_hidden:
            child.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)  # to hear of it being hidden
        self._isForcing = False

    def childEvent(self, event: QChildEvent) -> None:
        if event.type() == QEvent.Type.ChildAdded and isinstance(event.child(), QWidget):
            event.child().installEventFilter(self)
        super().childEvent(event)

    def eventFilter(self, child: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent) and not self._isForcing:
            child.setProperty(_VISIBLE, kind == QEvent.Type.ShowToParent)
            if not self.isChecked():
                self._updateChild(child)
        return False


class ctkCollapsibleButton(Collapsible, QAbstractButton):
    """A section with a header; a click on the header folds it."""

    contentsCollapsed = Signal(bool)

    def __init__(self, text: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text if isinstance(text, QWidget) else parent)
        self.setText(text if isinstance(text, str) else "")
        self.setContentsMargins(0, _HEADER_HEIGHT_PX, 0, 0)
        # As CTK has it; a button's own would cut lines that are wrapped off its end.
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        self._initCollapsible()
        self.toggled.connect(lambda checked: self.contentsCollapsed.emit(not checked))

    collapsed = Property(bool, lambda self: not self.isChecked(), Collapsible.setCollapsed)

    def updateContents(self) -> None:
        """Folded, only the header is left."""
        super().updateContents()
        self.setMaximumHeight(_ANY_HEIGHT_PX if self.isChecked() else _HEADER_HEIGHT_PX)

    def sizeHint(self) -> QSize:
        return QWidget.sizeHint(self).expandedTo(self._header()) if self.isChecked() else self._header()

    def minimumSizeHint(self) -> QSize:
        return QWidget.minimumSizeHint(self).expandedTo(self._header()) if self.isChecked() else self._header()

    def _header(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text) + 40, _HEADER_HEIGHT_PX)

    def hitButton(self, position: QPoint) -> bool:
        return position.y() < _HEADER_HEIGHT_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QPainter(self), QStyleOptionButton()
        option.initFrom(self)
        option.rect = QRect(0, 0, self.width, _HEADER_HEIGHT_PX - 2)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        arrow = "\u25be" if self.isChecked() else "\u25b8"
        painter.drawText(option.rect.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, f"{arrow}  {self.text}")
        painter.end()


class ctkCollapsibleGroupBox(Collapsible, QGroupBox):
    """A group box that its arrow folds, which stands where another one has a check mark."""

    def __init__(self, title: str | QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(title if isinstance(title, QWidget) else parent)
        self.setTitle(title if isinstance(title, str) else "")
        self._initCollapsible()

    def updateContents(self) -> None:
        """Folded, only the title is left."""
        super().updateContents()
        self.setFlat(not self.isChecked())
        self.setMaximumHeight(_ANY_HEIGHT_PX if self.isChecked() else self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        option, painter, style = QStyleOptionGroupBox(), QPainter(self), self.style()
        self.initStyleOption(option)
        mark = QStyle.SubControl.SC_GroupBoxCheckBox
        option.rect = style.subControlRect(QStyle.ComplexControl.CC_GroupBox, option, mark, self)
        painter.fillRect(option.rect, self.palette.window())
        element = QStyle.PrimitiveElement
        arrow = element.PE_IndicatorArrowDown if self.isChecked() else element.PE_IndicatorArrowRight
        style.drawPrimitive(arrow, option, painter, self)
        painter.end()

    collapsed = Property(bool, lambda self: not self.isChecked(), Collapsible.setCollapsed)
    collapsedHeight = remembered(int, "collapsedHeight", 14)


class ctkMessageBox(StandIn, QMessageBox):
    """A message box that can be told not to come again."""

    dontShowAgainVisible = remembered(bool, "dontShowAgainVisible", False)
    dontShowAgain = remembered(bool, "dontShowAgain", False)
    dontShowAgainSettingsKey = remembered(str, "dontShowAgainSettingsKey", "")


class ctkWidgetsUtils(StandIn):
    """CTK's helpers for widgets."""

    @staticmethod
    def grabWidget(widget: QWidget, rectangle: QRect | None = None) -> QImage:
        """The picture of a widget as it is on the screen."""
        return (widget.grab(rectangle) if rectangle else widget.grab()).toImage()
