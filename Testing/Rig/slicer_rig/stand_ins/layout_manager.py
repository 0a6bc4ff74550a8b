"""`slicer.app.layoutManager()`: the slice and 3-D views as nodes and logics, without windows on a screen."""

from __future__ import annotations

import slicer
import vtk

from .scene import SceneAndLogics

_ORIENTATIONS = {"Red": "Axial", "Yellow": "Sagittal", "Green": "Coronal"}


class SliceWidget:
    """One slice view: its node and its logic are Slicer's own."""

    def __init__(self, logic: slicer.vtkMRMLSliceLogic) -> None:
        self._logic = logic

    def sliceLogic(self) -> slicer.vtkMRMLSliceLogic:
        return self._logic

    def mrmlSliceNode(self) -> slicer.vtkMRMLSliceNode:
        return self._logic.GetSliceNode()

    def mrmlSliceCompositeNode(self) -> slicer.vtkMRMLSliceCompositeNode:
        return self._logic.GetSliceCompositeNode()


class ThreeDView:
    """The 3-D view as far as a module turns and resets it."""

    def __init__(self, node: slicer.vtkMRMLViewNode) -> None:
        self._node = node

    def mrmlViewNode(self) -> slicer.vtkMRMLViewNode:
        return self._node

    def resetFocalPoint(self) -> None:
        """There is no camera until a picture is drawn; that one looks at everything."""

    def resetCamera(self) -> None:
        """See `resetFocalPoint`."""

    def forceRender(self) -> None:
        """Pictures are drawn on request, by `slicer_rig.views`."""


class ThreeDWidget:
    """Holds the 3-D view."""

    def __init__(self, node: slicer.vtkMRMLViewNode) -> None:
        self._view = ThreeDView(node)

    def threeDView(self) -> ThreeDView:
        return self._view

    def mrmlViewNode(self) -> slicer.vtkMRMLViewNode:
        return self._view.mrmlViewNode()


class LayoutManager:
    """The conventional layout: three slice views and one in 3-D, which outlive the closing of a scene."""

    def __init__(self, parts: SceneAndLogics) -> None:
        self._parts = parts
        self._logics = vtk.vtkCollection()
        self._slices = {name: self._addSlice(name) for name in _ORIENTATIONS}
        parts.application_logic.SetSliceLogics(self._logics)
        self._threeD = ThreeDWidget(self._addViewNode())
        self.layout = slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView

    def _addSlice(self, name: str) -> SliceWidget:
        logic = slicer.vtkMRMLSliceLogic()
        logic.SetMRMLApplicationLogic(self._parts.application_logic)
        logic.SetMRMLScene(self._parts.scene)
        node = logic.AddSliceNode(name)
        node.SetOrientation(_ORIENTATIONS[name])
        node.SetLayoutColor(getattr(node, f"Get{name}Color")())
        self._logics.AddItem(logic)
        return SliceWidget(logic)

    def _addViewNode(self) -> slicer.vtkMRMLViewNode:
        node = slicer.vtkMRMLViewNode()
        node.SetName("View1")
        node.SetLayoutName("1")
        node.SetSingletonTag("1")
        return self._parts.scene.AddNode(node)

    def sliceViewNames(self) -> tuple[str, ...]:
        return tuple(self._slices)

    def sliceWidget(self, name: str) -> SliceWidget | None:
        return self._slices.get(name)

    def mrmlSliceLogics(self) -> vtk.vtkCollection:
        return self._logics

    def threeDWidget(self, index: int | str) -> ThreeDWidget | None:
        return self._threeD if index in (0, "1", "View1") else None

    @property
    def threeDViewCount(self) -> int:
        return 1

    def setLayout(self, layout: int) -> None:
        self.layout = layout

    def resetSliceViews(self) -> None:
        for widget in self._slices.values():
            widget.sliceLogic().FitSliceToBackground()

    def resetThreeDViews(self) -> None:
        self._threeD.threeDView().resetFocalPoint()
