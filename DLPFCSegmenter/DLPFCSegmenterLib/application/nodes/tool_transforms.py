"""The tools under a tracker as the transform nodes that are chosen for them, whoever fills these."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import slicer
import vtk
from slicer.util import VTKObservationMixin

from ...errors import UserError
from ...geometry.poses import is_rigid
from ...guidance.tracking import Sighting, ToolNames, Tracked, in_reference
from ...sentences import say

_TO_REFERENCE = ToolNames()
TIP, FACE = "StylusTipToStylus", "CoilFaceToCoil"
_TOGETHER_S = 0.005
"""Transforms that are told within this are of one moment."""


class ToolTransforms(VTKObservationMixin):
    """Notes when a transform was told last: one that is not told any more is no position.

    on_chosen  called when another node is chosen
    on_told    called when coil and head are told anew, with the time of `time.monotonic`
    """

    def __init__(self, ui, on_chosen: Callable[[], None], on_told: Callable[[float], None]) -> None:
        VTKObservationMixin.__init__(self)
        self._ui, self._on_chosen, self._told = ui, on_chosen, on_told
        self._heard_s: dict[str, float] = {}
        self._moved: dict[str, int] = {}
        self._tools = (ui.coilTransformSelector, ui.stylusTransformSelector, ui.referenceTransformSelector)
        self._selectors = (*self._tools, ui.tipTransformSelector, ui.faceTransformSelector)
        for selector in self._selectors:
            selector.connect("currentNodeChanged(vtkMRMLNode*)", lambda *_node: self._on_chosen())
        named = (*self._tools[:2], *self._selectors[3:])
        self._named = tuple(zip(named, (*_TO_REFERENCE.all[:2], TIP, FACE), strict=True))
        for selector, name in self._named:
            selector.connect("nodeAdded(vtkMRMLNode*)", partial(_choose, selector, name))

    def choose_named(self) -> None:
        """Choose the nodes of the known names where none is chosen."""
        for selector, name in self._named:
            _choose(selector, name)

    def watch(self) -> None:
        """Note from now on when the chosen transforms are told."""
        self.removeObservers()
        for node in filter(None, self._nodes()[:3]):
            self.addObserver(node, slicer.vtkMRMLTransformNode.TransformModifiedEvent, self._on_told)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.NodeAboutToBeRemovedEvent, self._on_node_leaving)

    def coil(self) -> slicer.vtkMRMLTransformNode | None:
        """The transform that is chosen for the coil."""
        return self._tools[0].currentNode()

    def names(self) -> ToolNames:
        """Each tool's transform leads where its own name says."""
        coil, stylus, reference = (
            (None if node is None else node.GetName()) for node in (tool.currentNode() for tool in self._tools)
        )
        return ToolNames(f"CoilTo{_frame_of(coil, reference)}", f"StylusTo{_frame_of(stylus, reference)}")

    def seen(self, names: ToolNames) -> dict[str, Sighting]:
        """What the chosen nodes hold, under the names of `names`."""
        seen, now = {}, time.monotonic()
        for name, node in zip(names.all, self._nodes(), strict=False):
            if node is not None:
                heard = now if self._ui.movedByHandCheckBox.checked else self._heard_s.get(node.GetID(), -np.inf)
                seen[name] = Sighting(self._matrix_of(node), heard, node.GetAttribute("TransformStatus") or "")
        return seen

    def pointer(self) -> Tracked:
        """The pointer in the frame of the tool on the head."""
        names = self.names()
        return in_reference(names.stylus, names, self.seen(names), time.monotonic())

    def tip(self) -> Tracked:
        """The pointer's tip there."""
        found, tip = self.pointer(), self._ui.tipTransformSelector.currentNode()
        if found.matrix is None or tip is None:
            return found
        matrix = self._matrix_of(tip)
        return Tracked(found.matrix @ matrix) if is_rigid(matrix) else Tracked(None, say("its tip is no place in mm"))

    def calibration(self) -> np.ndarray:
        """4x4, the coil's own axes to those of its marker. Raises UserError for no rotation and shift."""
        node = self._ui.faceTransformSelector.currentNode()
        matrix = np.eye(4) if node is None else self._matrix_of(node)
        if not is_rigid(matrix):
            raise UserError("{path}: is no rotation and shift in mm; calibrate the coil again.", path=node.GetName())
        return matrix

    def _nodes(self) -> list[slicer.vtkMRMLTransformNode | None]:
        return [selector.currentNode() for selector in self._selectors]

    def _matrix_of(self, node: slicer.vtkMRMLTransformNode) -> np.ndarray:
        """4x4, from a tool to the frame that its name leads to; NaN where a transform bends it.

        A transform above the node counts, up to one that leads on from that frame, or is another tool's: the tip's
        stands under the pointer's, the coil's maybe under that of the head.
        """
        _name, to, frame = node.GetName().rpartition("To")
        goal, chosen = node.GetParentTransformNode(), self._nodes()
        while goal is not None and goal not in chosen and not (to and goal.GetName().startswith(f"{frame}To")):
            goal = goal.GetParentTransformNode()
        if not node.IsTransformToNodeLinear(goal):
            return np.full((4, 4), np.nan)
        matrix = vtk.vtkMatrix4x4()
        node.GetMatrixTransformToNode(goal, matrix)
        return slicer.util.arrayFromVTKMatrix(matrix)

    def _on_told(self, caller, event) -> None:
        """Once coil and head are told anew: their number comes before whatever else the loop has to do."""
        if not self._is_told_itself(caller):
            return
        now = self._heard_s[caller.GetID()] = time.monotonic()
        coil, _stylus, reference = self._nodes()[:3]
        heard = [self._heard_s.get(node.GetID(), -np.inf) for node in (coil, reference) if node is not None]
        if now - min(heard, default=now) < _TOGETHER_S:
            self._told(now)

    def _is_told_itself(self, node: slicer.vtkMRMLTransformNode) -> bool:
        """Not for a transform above it, which may be told while the tool is not seen."""
        own = node.GetTransformToParent()
        moved, before = own and own.GetMTime(), self._moved.get(node.GetID())
        self._moved[node.GetID()] = moved
        return moved != before

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _on_node_leaving(self, caller, event, node) -> None:
        """A transform goes: the list would choose its neighbour, which may be another tool."""
        for selector in self._selectors:
            if selector.currentNode() is node:
                selector.setCurrentNode(None)


def _frame_of(name: str | None, reference: str | None) -> str:
    """'Reference' or 'Tracker'; of a name that tells neither by whether the head's own transform is chosen."""
    head, _to, room = (reference or _TO_REFERENCE.reference).rpartition("To")
    if name and room and name.endswith(f"To{room}"):
        return "Tracker"
    is_chained = reference is None or (name and head and name.endswith(f"To{head}"))
    return "Reference" if is_chained else "Tracker"


def _choose(selector, name: str, added=None) -> None:
    """The node of that name, where none is chosen; it may come later than the scan, as a tracker's does."""
    if selector.currentNode() is None:
        selector.setCurrentNode(slicer.mrmlScene.GetFirstNodeByName(name))
