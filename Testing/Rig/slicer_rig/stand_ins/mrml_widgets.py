"""qMRML widgets, bound to the real MRML scene."""

from __future__ import annotations

from typing import Any

import shiboken6
import slicer
import vtk
from PySide6.QtCore import Property, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from ..pythonqt import ctk_values
from ..pythonqt.stand_in import StandIn, fill, remembered


class qMRMLWidget(StandIn, QWidget):
    """A widget that knows the scene and passes it on."""

    mrmlSceneChanged = Signal(object)
    SLICER_SIGNALS = {"mrmlSceneChanged(vtkMRMLScene*)": "mrmlSceneChanged"}

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = None

    def mrmlScene(self) -> slicer.vtkMRMLScene | None:
        return self._scene

    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        if scene is not self._scene:
            self._scene = scene
            self.mrmlSceneChanged.emit(scene)


class qMRMLNodeComboBox(StandIn, QWidget):
    """Chooses one node of the given classes.

    As in Slicer: without 'None' among the choices the first node that appears is chosen, and when the
    chosen node is about to leave the scene its neighbour in the list takes its place, whatever that is: the next
    one, else the one before, which may be 'None'.
    """

    currentNodeChanged = Signal(object)
    currentNodeIDChanged = Signal(str)
    _hasNodeChanged = Signal(bool)
    nodeActivated = Signal(object)
    nodeAdded = Signal(object)
    nodeAddedByUser = Signal(object)
    SLICER_SIGNALS = {
        "currentNodeChanged(vtkMRMLNode*)": "currentNodeChanged",
        "currentNodeChanged(bool)": "_hasNodeChanged",
        "nodeActivated(vtkMRMLNode*)": "nodeActivated",
        "nodeAdded(vtkMRMLNode*)": "nodeAdded",
        "nodeAddedByUser(vtkMRMLNode*)": "nodeAddedByUser",
    }

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene, self._nodes, self._current = None, [], None
        self._nodeTypes, self._noneEnabled, self._attributes = [], False, []
        self._sceneTags: list[int] = []
        self._nodeTag: tuple[Any, int] | None = None
        self._rows: list[str] = []
        self._comboBox = QComboBox(self)
        fill(self, QHBoxLayout(), self._comboBox)
        self._comboBox.activated.connect(self._activate)

    # properties
    def _setNodeTypes(self, class_names: Any) -> None:
        self._nodeTypes = list(class_names)
        self._refresh()

    def _setNoneEnabled(self, enabled: bool) -> None:
        self._noneEnabled = bool(enabled)
        self._refresh()

    def setCurrentNodeID(self, node_id: str) -> None:
        self.setCurrentNode(self._scene.GetNodeByID(node_id) if self._scene and node_id else None)

    nodeTypes = Property("QStringList", lambda self: self._nodeTypes, _setNodeTypes)
    noneEnabled = Property(bool, lambda self: self._noneEnabled, _setNoneEnabled)
    currentNodeID = Property(str, lambda self: self._current.GetID() if self._current else "", setCurrentNodeID)
    noneDisplay = remembered(str, "noneDisplay", "None")
    showHidden = remembered(bool, "showHidden", False)
    showChildNodeTypes = remembered(bool, "showChildNodeTypes", True)
    hideChildNodeTypes = remembered("QStringList", "hideChildNodeTypes", [])
    addEnabled = remembered(bool, "addEnabled", True)
    removeEnabled = remembered(bool, "removeEnabled", True)
    editEnabled = remembered(bool, "editEnabled", False)
    renameEnabled = remembered(bool, "renameEnabled", False)
    baseName = remembered(str, "baseName", "")
    selectNodeUponCreation = remembered(bool, "selectNodeUponCreation", True)
    interactionNodeSingletonTag = remembered(str, "interactionNodeSingletonTag", "")

    # the scene
    def mrmlScene(self) -> slicer.vtkMRMLScene | None:
        return self._scene

    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        if scene is self._scene:
            return
        for tag in self._sceneTags:
            self._scene.RemoveObserver(tag)
        self._scene = scene
        events = (scene.NodeAddedEvent, scene.NodeRemovedEvent, scene.EndBatchProcessEvent) if scene else ()
        self._sceneTags = [scene.AddObserver(event, self._onSceneChanged) for event in events]
        if scene:
            self._sceneTags.append(scene.AddObserver(scene.NodeAboutToBeRemovedEvent, self._onNodeLeaving, -10.0))
        self._refresh()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeLeaving(self, scene: slicer.vtkMRMLScene, event: str, node: slicer.vtkMRMLNode) -> None:
        if not shiboken6.isValid(self) or scene.IsBatchProcessing() or node not in self._nodes:
            return
        place = self._nodes.index(node)
        self._nodes.remove(node)
        if node is self._current:
            rows = [None] * self._noneEnabled + self._nodes
            self.setCurrentNode(rows[min(place + self._noneEnabled, len(rows) - 1)] if rows else None)
        self._fillComboBox()

    def _onSceneChanged(self, scene: slicer.vtkMRMLScene, event: str) -> None:
        if not shiboken6.isValid(self):  # Qt deleted the widget; its Python half still observes
            for tag in self._sceneTags:
                scene.RemoveObserver(tag)
        elif not scene.IsBatchProcessing():
            self._refresh()

    def addAttribute(self, node_type: str, name: str, value: Any = None) -> None:
        self._attributes.append((node_type, name, value))
        self._refresh()

    def _offered(self) -> list[slicer.vtkMRMLNode]:
        """The nodes of the scene that can be chosen, oldest first; asked at every node that comes or goes."""
        if not self._scene:
            return []
        hidden_too, children_too, types = self.showHidden, self.showChildNodeTypes, self._nodeTypes
        of_type = (node for node in self._ofTypes() if children_too or node.GetClassName() in types)
        return [node for node in of_type if (hidden_too or not node.GetHideFromEditors()) and self._isWanted(node)]

    def _ofTypes(self) -> list[slicer.vtkMRMLNode]:
        """The scene's nodes of the types asked for and of those derived from them, in the scene's order."""
        alone = self._nodeTypes[0] if len(self._nodeTypes) == 1 else ""
        if alone:
            return slicer.util.getNodesByClass(alone, self._scene)  # which lets go of VTK's list of them
        found = self._scene.GetNodes()
        nodes = [found.GetItemAsObject(number) for number in range(found.GetNumberOfItems())]
        return [node for node in nodes if any(map(node.IsA, self._nodeTypes))]

    def _isWanted(self, node: slicer.vtkMRMLNode) -> bool:
        """Whether the node has the attributes that are asked of its class."""
        wanted = [(name, value) for node_type, name, value in self._attributes if node.IsA(node_type)]
        return all(
            node.GetAttribute(name) == value if value is not None else node.GetAttribute(name) for name, value in wanted
        )

    # the list
    def _refresh(self) -> None:
        place = self._nodes.index(self._current) if self._current in self._nodes else 0
        before = self._nodes
        self._nodes = self._offered()
        self._fillComboBox()
        for node in self._nodes:
            if node not in before:
                self.nodeAdded.emit(node)
        if self._current not in self._nodes and (self._current is not None or not before):
            self._chooseInstead(place)

    def _chooseInstead(self, place: int) -> None:
        if self._noneEnabled or not self._nodes:
            self.setCurrentNode(None)
        else:
            self.setCurrentNode(self._nodes[min(place, len(self._nodes) - 1)])

    def _fillComboBox(self) -> None:
        rows = [self.noneDisplay] * self._noneEnabled + [node.GetName() or "" for node in self._nodes]
        self._comboBox.blockSignals(True)
        if rows != self._rows:
            self._comboBox.clear()
            self._comboBox.addItems(rows)
            self._rows = rows
        row = self._nodes.index(self._current) if self._current in self._nodes else -1
        self._comboBox.setCurrentIndex(row + self._noneEnabled)
        self._comboBox.blockSignals(False)

    # the choice
    def currentNode(self) -> slicer.vtkMRMLNode | None:
        return self._current

    def setCurrentNode(self, node: slicer.vtkMRMLNode | None) -> None:
        chosen = node if node in self._nodes else None
        if chosen is self._current:
            return
        self._followName(chosen)
        self._current = chosen
        self._fillComboBox()
        self.currentNodeChanged.emit(chosen)
        self._hasNodeChanged.emit(chosen is not None)
        self.currentNodeIDChanged.emit(self.currentNodeID)

    def _followName(self, node: slicer.vtkMRMLNode | None) -> None:
        if self._nodeTag:
            self._nodeTag[0].RemoveObserver(self._nodeTag[1])
        self._nodeTag = (
            (node, node.AddObserver(vtk.vtkCommand.ModifiedEvent, lambda *_: self._fillComboBox())) if node else None
        )

    def setCurrentNodeIndex(self, index: int) -> None:
        self.setCurrentNode(self.nodeFromIndex(index))

    def _activate(self, row: int) -> None:
        index = row - self._noneEnabled
        self.setCurrentNode(self._nodes[index] if index >= 0 else None)
        self.nodeActivated.emit(self._current)

    def nodeCount(self) -> int:
        return len(self._nodes)

    def nodeFromIndex(self, index: int) -> slicer.vtkMRMLNode | None:
        return self._nodes[index] if 0 <= index < len(self._nodes) else None

    def addNode(self, class_name: str | None = None) -> slicer.vtkMRMLNode:
        class_name = class_name or self._nodeTypes[0]
        node = self._scene.AddNewNodeByClass(
            class_name, self._scene.GenerateUniqueName(self.baseName or class_name[7:-4])
        )
        if self.selectNodeUponCreation:
            self.setCurrentNode(node)
        self.nodeAddedByUser.emit(node)
        return node

    def removeCurrentNode(self) -> None:
        self._scene.RemoveNode(self._current)


class qMRMLSliderWidget(ctk_values.ctkSliderWidget):
    """A slider that knows the scene's units; the stand-in leaves the units to `suffix`."""

    quantity = remembered(str, "quantity", "")

    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        """The units of the scene are not used."""


class qMRMLSpinBox(ctk_values.ctkDoubleSpinBox):
    """A spin box that knows the scene's units; the stand-in leaves the units to `suffix`."""

    quantity = remembered(str, "quantity", "")

    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        """The units of the scene are not used."""


class qMRMLRangeWidget(ctk_values.ctkRangeWidget):
    """A range that knows the scene's units."""

    def setMRMLScene(self, scene: slicer.vtkMRMLScene | None) -> None:
        """The units of the scene are not used."""
