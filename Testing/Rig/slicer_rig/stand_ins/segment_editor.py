"""`slicer.qMRMLSegmentEditorWidget`, small: Slicer's own editor logic and undo, no effects in the views."""

from __future__ import annotations

from functools import partial
from typing import Any

import shiboken6
import slicer
from PySide6.QtCore import Property, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from ..pythonqt.stand_in import remembered
from .mrml_widgets import qMRMLNodeComboBox, qMRMLWidget

_SEGMENTS_PX = 70
_EFFECTS = ("Paint", "Draw", "Erase", "Islands", "Smoothing", "Margin", "Threshold", "Scissors")


def _let_go(logic: slicer.vtkSlicerSegmentEditorLogic, _widget: object = None) -> None:
    """When Qt deletes the widget: a logic that still holds its node crashes the next editor of that node."""
    logic.SetSegmentEditorNode(None)
    logic.SetMRMLScene(None)


class qMRMLSegmentEditorWidget(qMRMLWidget):
    """Chooses segmentation, volume, segment and effect, kept in the editor node; undoes and redoes."""

    currentSegmentIDChanged = Signal(str)
    segmentationNodeChanged = Signal(object)
    sourceVolumeNodeChanged = Signal(object)
    SLICER_SIGNALS = qMRMLWidget.SLICER_SIGNALS | {
        "segmentationNodeChanged(vtkMRMLSegmentationNode*)": "segmentationNodeChanged",
        "sourceVolumeNodeChanged(vtkMRMLVolumeNode*)": "sourceVolumeNodeChanged",
    }

    switchToSegmentationsButtonVisible = remembered(bool, "switchToSegmentationsButtonVisible", True)
    addRemoveSegmentButtonsVisible = remembered(bool, "addRemoveSegmentButtonsVisible", True)
    specifyGeometryButtonVisible = remembered(bool, "specifyGeometryButtonVisible", True)
    show3DButtonVisible = remembered(bool, "show3DButtonVisible", True)
    maskingSectionVisible = remembered(bool, "maskingSectionVisible", True)
    autoShowSourceVolumeNode = remembered(bool, "autoShowSourceVolumeNode", True)
    jumpToSelectedSegmentEnabled = remembered(bool, "jumpToSelectedSegmentEnabled", False)
    defaultTerminologyEntry = remembered(str, "defaultTerminologyEntry", "")
    defaultTerminologyEntrySettingsKey = remembered(str, "defaultTerminologyEntrySettingsKey", "")
    effectColumnCount = remembered(int, "effectColumnCount", 2)
    readOnly = remembered(bool, "readOnly", False)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._logic = slicer.vtkSlicerSegmentEditorLogic()
        self._effectOrder, self._node, self._nodeTag = list(_EFFECTS), None, None
        self._undoAllowed = self._unorderedEffectsVisible = True
        self._shown: tuple[Any, Any, str] = (None, None, "")
        self._build()
        changed = self._logic.SegmentationHistoryChangedEvent
        self._historyTag = self._logic.AddObserver(changed, lambda *_: self._onHistoryChanged())
        self.destroyed.connect(partial(_let_go, self._logic))

    # the widgets
    def _build(self) -> None:
        layout = QVBoxLayout(self)
        self._segmentations, self._volumes = qMRMLNodeComboBox(self), qMRMLNodeComboBox(self)
        self._segmentations.nodeTypes, self._volumes.nodeTypes = (
            ["vtkMRMLSegmentationNode"],
            ["vtkMRMLScalarVolumeNode"],
        )
        self._segmentations.noneEnabled = self._volumes.noneEnabled = True
        self._segments = QListWidget(self)
        self._segments.setMaximumHeight(_SEGMENTS_PX)
        for widget in (self._segmentations, self._volumes, self._segments):
            layout.addWidget(widget)
        layout.addLayout(self._effectRows())
        layout.addLayout(self._undoRow())
        self._segmentations.currentNodeChanged.connect(self._chooseSegmentation)
        self._volumes.currentNodeChanged.connect(self._chooseVolume)
        self._segments.currentRowChanged.connect(self._chooseRow)

    def _effectRows(self) -> QGridLayout:
        rows, self._effectButtons = QGridLayout(), QButtonGroup(self)
        for number, name in enumerate(_EFFECTS):
            button = QPushButton(name, self)
            button.setCheckable(True)
            button.clicked.connect(lambda checked, name=name: self.setActiveEffectByName(name if checked else ""))
            self._effectButtons.addButton(button)
            rows.addWidget(button, *divmod(number, self.effectColumnCount))
        return rows

    def _undoRow(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._undoButton, self._redoButton = QPushButton("Undo", self), QPushButton("Redo", self)
        self._undoButton.clicked.connect(self.undo)
        self._redoButton.clicked.connect(self.redo)
        row.addWidget(self._undoButton)
        row.addWidget(self._redoButton)
        return row

    segmentationNodeSelectorVisible = Property(
        bool,
        lambda self: self._segmentations.isVisible(),
        lambda self, shown: self._segmentations.setVisible(shown),
    )
    sourceVolumeNodeSelectorVisible = Property(
        bool, lambda self: self._volumes.isVisible(), lambda self, shown: self._volumes.setVisible(shown)
    )

    # the scene and the editor node
    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        super().setMRMLScene(scene)
        self._logic.SetMRMLScene(scene)
        self._segmentations.setMRMLScene(scene)
        self._volumes.setMRMLScene(scene)

    def mrmlSegmentEditorNode(self) -> slicer.vtkMRMLSegmentEditorNode | None:
        return self._node

    def setMRMLSegmentEditorNode(self, node: slicer.vtkMRMLSegmentEditorNode | None) -> None:
        if node is self._node:
            return
        if self._node is not None:
            self._node.RemoveObserver(self._nodeTag)
        self._node = node
        self._logic.SetSegmentEditorNode(node)
        self._nodeTag = node.AddObserver("ModifiedEvent", self._onNodeModified) if node else None
        self.updateWidgetFromMRML()

    def _onNodeModified(self, node: slicer.vtkMRMLSegmentEditorNode, event: str) -> None:
        if shiboken6.isValid(self):
            self.updateWidgetFromMRML()
        else:  # Qt deleted the widget; its Python half still observes
            node.RemoveObserver(self._nodeTag)

    def updateWidgetFromMRML(self) -> None:
        """Shows what the editor node says and tells what is new."""
        shown = (self.segmentationNode(), self.sourceVolumeNode(), self.currentSegmentID())
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        self._changeViews(before, shown)
        self._segmentations.setCurrentNode(shown[0])
        self._volumes.setCurrentNode(shown[1])
        self._listSegments()
        for signal, old, new in zip(
            (self.segmentationNodeChanged, self.sourceVolumeNodeChanged, self.currentSegmentIDChanged),
            before,
            shown,
            strict=True,
        ):
            if old != new:
                signal.emit(new)

    def _changeViews(self, before: tuple, shown: tuple) -> None:
        """As in Slicer, whether the editor is seen or not: a new mask empties the label layers; a new source volume
        takes the place of what a view shows, and its overlay's.
        """
        for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
            if shown[0] is not None and shown[0] is not before[0]:
                view.SetLabelVolumeID(None)
            source = shown[1]
            if shown[0] is None or source is None or source is before[1] or not self.autoShowSourceVolumeNode:
                continue
            if source.GetID() not in (view.GetBackgroundVolumeID(), view.GetForegroundVolumeID()):
                view.SetBackgroundVolumeID(source.GetID())
                view.SetForegroundVolumeID(None)
                view.SetLabelVolumeID(None)

    def _listSegments(self) -> None:
        segmentation = self._segmentation()
        self._segments.blockSignals(True)
        self._segments.clear()
        ids = segmentation.GetSegmentIDs() if segmentation else ()
        self._segments.addItems([segmentation.GetSegment(segment_id).GetName() for segment_id in ids])
        self._segments.setCurrentRow(list(ids).index(self.currentSegmentID()) if self.currentSegmentID() in ids else -1)
        self._segments.blockSignals(False)

    def _segmentation(self) -> slicer.vtkSegmentation | None:
        node = self.segmentationNode()
        return node.GetSegmentation() if node else None

    # the choices
    def segmentationNode(self) -> slicer.vtkMRMLSegmentationNode | None:
        return self._node.GetSegmentationNode() if self._node else None

    def segmentationNodeID(self) -> str:
        return self.segmentationNode().GetID() if self.segmentationNode() else ""

    def setSegmentationNode(self, node: slicer.vtkMRMLSegmentationNode | None) -> None:
        """Also chooses the first segment and the volume that it refers to; no effect is active any more."""
        if node is self.segmentationNode():
            return
        self._logic.SetSegmentationNode(node)
        if node is not None and node.GetSegmentation().GetNumberOfSegments():
            self.setCurrentSegmentID(node.GetSegmentation().GetNthSegmentID(0))
        if node is not None:
            self.setSourceVolumeNode(node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole()))
        self.setActiveEffect(None)
        self.updateWidgetFromMRML()

    def sourceVolumeNode(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        return self._node.GetSourceVolumeNode() if self._node else None

    def sourceVolumeNodeID(self) -> str:
        return self.sourceVolumeNode().GetID() if self.sourceVolumeNode() else ""

    def setSourceVolumeNode(self, node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        self._logic.SetSourceVolumeNode(node)
        self.updateWidgetFromMRML()

    def currentSegmentID(self) -> str:
        return (self._node.GetSelectedSegmentID() if self._node else None) or ""

    def setCurrentSegmentID(self, segment_id: str) -> None:
        self._logic.SetCurrentSegmentID(segment_id)
        self.updateWidgetFromMRML()

    def _chooseSegmentation(self, node: slicer.vtkMRMLSegmentationNode | None) -> None:
        if self._node is not None and node is not self.segmentationNode():
            self.setSegmentationNode(node)

    def _chooseVolume(self, node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        if self._node is not None and node is not self.sourceVolumeNode():
            self.setSourceVolumeNode(node)

    def _chooseRow(self, row: int) -> None:
        if row >= 0:
            self.setCurrentSegmentID(self._segmentation().GetNthSegmentID(row))

    # effects
    def availableEffectNames(self) -> list[str]:
        return list(_EFFECTS)

    def effectNameOrder(self) -> list[str]:
        return self._effectOrder

    def setEffectNameOrder(self, names: list[str]) -> None:
        self._effectOrder = list(names)
        self._showEffects()

    def _setUnorderedEffectsVisible(self, visible: bool) -> None:
        self._unorderedEffectsVisible = visible
        self._showEffects()

    unorderedEffectsVisible = Property(bool, lambda self: self._unorderedEffectsVisible, _setUnorderedEffectsVisible)

    def _showEffects(self) -> None:
        for button in self._effectButtons.buttons():
            button.setVisible(self._unorderedEffectsVisible or button.text in self._effectOrder)

    def setActiveEffect(self, effect: None) -> None:
        """Only None can be given: the stand-in has no effects as objects."""
        self.setActiveEffectByName("")

    def setActiveEffectByName(self, name: str) -> None:
        """Only the choice is kept: the stand-in has no effect that would answer to the mouse."""
        if self._node is not None:
            self._node.SetActiveEffectName(name if name in _EFFECTS else "")
        for button in self._effectButtons.buttons():
            button.setChecked(button.text == name)

    def setupViewObservations(self) -> None:
        """There are no views whose mouse events an effect would need."""

    def removeViewObservations(self) -> None:
        """See `setupViewObservations`."""

    def installKeyboardShortcuts(self, parent: QWidget | None = None) -> None:
        """Without effects there is nothing to reach by a key."""

    def uninstallKeyboardShortcuts(self) -> None:
        """See `installKeyboardShortcuts`."""

    # undo
    def _setUndoEnabled(self, enabled: bool) -> None:
        self._undoAllowed = enabled
        self._undoButton.setVisible(enabled)
        self._redoButton.setVisible(enabled)
        if not enabled:
            self._logic.ClearUndoState()

    undoEnabled = Property(bool, lambda self: self._undoAllowed, _setUndoEnabled)
    maximumNumberOfUndoStates = Property(
        int,
        lambda self: self._logic.GetMaximumNumberOfUndoStates(),
        lambda self, number: self._logic.SetMaximumNumberOfUndoStates(number),
    )

    def saveStateForUndo(self) -> None:
        if self._undoAllowed:
            self._logic.SaveStateForUndo()

    def undo(self) -> None:
        self._logic.Undo()

    def redo(self) -> None:
        self._logic.Redo()

    def _onHistoryChanged(self) -> None:
        if shiboken6.isValid(self):
            self._showUndo()
        else:  # Qt deleted the widget; its Python half still observes
            self._logic.RemoveObserver(self._historyTag)

    def _showUndo(self) -> None:
        self._undoButton.setEnabled(self._logic.CanUndo())
        self._redoButton.setEnabled(self._logic.CanRedo())
