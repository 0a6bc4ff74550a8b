"""Slicer's Segment Editor inside the panel, with the few effects that correct a mask."""

from collections.abc import Iterator
from contextlib import contextmanager

import slicer

EFFECTS = ("Paint", "Erase", "Islands", "Smoothing")

_SINGLETON = "DLPFCSegmenter"
_UNDO_STEPS = 20


class MaskEditor:
    """One mask at a time. Only between `work` and `rest` it is bound to a mask that is chosen anew, and mouse and keys
    reach the effects: Slicer's editor changes the views as soon as it has a mask, seen or not.

    frame  the widget that the editor is put into
    """

    def __init__(self, frame) -> None:
        self._editor = slicer.qMRMLSegmentEditorWidget()
        self._editor.maximumNumberOfUndoStates = _UNDO_STEPS
        self._editor.setEffectNameOrder(EFFECTS)
        self._editor.effectColumnCount = 2  # as wide as the panel
        self._editor.unorderedEffectsVisible = False
        self._editor.segmentationNodeSelectorVisible = False
        self._editor.sourceVolumeNodeSelectorVisible = False
        self._editor.switchToSegmentationsButtonVisible = False
        self._editor.addRemoveSegmentButtonsVisible = False
        self._editor.specifyGeometryButtonVisible = False
        self._editor.maskingSectionVisible = False
        self._editor.autoShowSourceVolumeNode = False  # it would put the scan into every view and take overlays off
        self._wanted: tuple[slicer.vtkMRMLSegmentationNode, slicer.vtkMRMLScalarVolumeNode] | None = None
        self._is_working = False
        frame.layout().addWidget(self._editor)

    def open(self) -> None:
        """The user came to the module, or the scene is another one."""
        with _labels_kept():
            self._editor.setMRMLSegmentEditorNode(_editor_node())  # before the scene: it keeps the first choices
            self._editor.setMRMLScene(slicer.mrmlScene)
            self._editor.updateWidgetFromMRML()

    def edit(self, node: slicer.vtkMRMLSegmentationNode, volume_node: slicer.vtkMRMLScalarVolumeNode) -> None:
        """Let the user correct this mask on this scan; what can be undone is kept while it stays the same."""
        self._wanted = (node, volume_node)
        if (self._editor.segmentationNode(), self._editor.sourceVolumeNode()) == self._wanted:
            return
        if not self._is_working:
            self._editor.setSegmentationNode(None)
            return
        with _labels_kept():
            self._editor.setSegmentationNode(node)
            self._editor.setSourceVolumeNode(volume_node)
            self._editor.setCurrentSegmentID(node.GetSegmentation().GetNthSegmentID(0))

    def let_go(self) -> None:
        """There is no mask to correct."""
        self._wanted = None
        self._editor.setSegmentationNode(None)

    def work(self) -> None:
        """The user sees the editor."""
        self._is_working = True
        if self._wanted is not None:
            self.edit(*self._wanted)
        self._editor.setupViewObservations()
        self._editor.installKeyboardShortcuts()

    def rest(self) -> None:
        """The user does not see the editor any more."""
        self._is_working = False
        self._editor.setActiveEffect(None)
        self._editor.uninstallKeyboardShortcuts()
        self._editor.removeViewObservations()


@contextmanager
def _labels_kept() -> Iterator[None]:
    """Leave the label layers of the slice views as they are: the editor empties them when it is given a mask."""
    views = [(view, view.GetLabelVolumeID()) for view in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")]
    yield
    for view, label in views:
        view.SetLabelVolumeID(label)


def _editor_node() -> slicer.vtkMRMLSegmentEditorNode:
    """The scene's node with the editor's choices, apart from those of Slicer's own Segment Editor module."""
    node = slicer.mrmlScene.GetSingletonNode(_SINGLETON, "vtkMRMLSegmentEditorNode")
    if node is None:
        node = slicer.mrmlScene.CreateNodeByClass("vtkMRMLSegmentEditorNode")
        node.UnRegister(None)  # the wrapper holds the reference that CreateNodeByClass gave away
        node.SetSingletonTag(_SINGLETON)
        node = slicer.mrmlScene.AddNode(node)
    return node
