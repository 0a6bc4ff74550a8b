"""Section 'Correct': the mask edited by hand, the target that follows it, and the correction saved."""

from collections.abc import Callable

import slicer
from slicer.util import VTKObservationMixin

from ...sentences import tr as _
from ...targeting.point import TARGET
from ..jobs.correction_save import CorrectionSave
from ..jobs.job import StartJob
from ..nodes import plan_points, points_node
from ..nodes.live_rule import LiveRule
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.segmentation_node import doubtful_places_ras_mm
from ..widgets.mask_editor import MaskEditor

_MASK_EVENTS = (
    slicer.vtkSegmentation.SourceRepresentationModified,
    slicer.vtkSegmentation.SegmentModified,  # all that undo and redo tell
    slicer.vtkSegmentation.SegmentRemoved,
)


class CorrectSection(VTKObservationMixin):
    """Keeps the target in step with the mask, unless a person has moved the target.

    rule        puts everything that follows the mask where it belongs
    on_changed  told whenever a mask or a target has become another one
    """

    def __init__(self, ui, start_job: StartJob, rule: LiveRule, on_changed: Callable[[], None]) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._rule = rule
        self._on_changed = on_changed
        self._editor = MaskEditor(ui.editorFrame)
        self._save = CorrectionSave(ui, start_job, self._describe)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._looked_at: tuple[slicer.vtkMRMLSegmentationNode | None, int] = (None, -1)
        ui.correctSideSelector.connect("currentIndexChanged(int)", lambda: self._edit_side())
        ui.editGroupBox.connect("toggled(bool)", self._on_folded)
        ui.uncertainButton.connect("clicked(bool)", lambda: self._show_next_uncertain_slice())
        ui.followMaskButton.connect("clicked(bool)", lambda: self._follow_mask_again())
        ui.saveCorrectionButton.connect("clicked(bool)", lambda: self._save.start(self._volume_node))

    def open(self) -> None:
        """The user came to the module, or the scene is another one."""
        self._editor.open()
        self._on_folded(self._ui.editGroupBox.checked)

    def close(self) -> None:
        """Watch nothing any more."""
        self.removeObservers()
        self._editor.rest()
        self._volume_node, self._looked_at = None, (None, -1)

    def forget_scene(self) -> None:
        """The nodes are about to go."""
        self._save.abandon()
        self._editor.let_go()

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Offer the newest masks of a scan."""
        self.removeObservers()
        self._volume_node = volume_node
        sides = latest_sides(volume_node)
        for side in sides:
            self._watch(side)
        self._list_sides(sides)
        self._edit_side()

    def _watch(self, side: SideNodes) -> None:
        for event in _MASK_EVENTS:
            self.addObserver(side.segmentation.GetSegmentation(), event, self._on_mask_changed)
        if side.target is not None:
            for event in (side.target.PointModifiedEvent, side.target.PointRemovedEvent):
                self.addObserver(side.target, event, self._on_target_moved)

    def _list_sides(self, sides: list[SideNodes]) -> None:
        """Left and right, where there are both; the choice stays where it can."""
        selector, chosen = self._ui.correctSideSelector, self._ui.correctSideSelector.currentText
        names = [_name(side.hemisphere) for side in sides]
        was_blocked = selector.blockSignals(True)
        selector.clear()
        selector.addItems(names)
        selector.currentIndex = names.index(chosen) if chosen in names else 0
        selector.blockSignals(was_blocked)
        for widget in (selector, self._ui.correctSideLabel):
            widget.visible = len(names) > 1

    def _chosen_side(self) -> SideNodes | None:
        for side in latest_sides(self._volume_node):
            if _name(side.hemisphere) == self._ui.correctSideSelector.currentText:
                return side
        return None

    def _on_folded(self, unfolded: bool) -> None:
        if unfolded:
            self._editor.work()
        else:
            self._editor.rest()

    def _edit_side(self) -> None:
        side = self._chosen_side()
        if side is None or side.segmentation is not self._looked_at[0]:
            self._looked_at = (side and side.segmentation, -1)
            self._ui.uncertainLabel.text = ""
        if side is None:
            self._editor.let_go()
        else:
            self._editor.edit(side.segmentation, self._volume_node)
        self._describe()

    def _on_mask_changed(self, caller=None, event=None) -> None:
        for side in latest_sides(self._volume_node):
            if side.segmentation.GetSegmentation() is caller:
                self._rule.keep_up(side)
        self._describe()
        self._on_changed()

    def _on_target_moved(self, caller=None, event=None) -> None:
        self._describe()

    def _follow_mask_again(self) -> None:
        side = self._chosen_side()
        plan_points.give_back(side.target, TARGET)
        self._rule.keep_up(side)
        self._describe()
        self._on_changed()

    def _show_next_uncertain_slice(self) -> None:
        segmentation, before = self._looked_at
        places_ras_mm = doubtful_places_ras_mm(segmentation)
        number = (before + 1) % len(places_ras_mm)
        self._looked_at = (segmentation, number)
        place = places_ras_mm[number]
        slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *place)
        self._ui.uncertainLabel.text = _(
            "{number} of {total}, at S {height:.0f} mm", number=number + 1, total=len(places_ras_mm), height=place[2]
        )

    def _describe(self) -> None:
        side = self._chosen_side()
        target = None if side is None else side.target
        self._ui.correctLabel.text = _state_of_target(side)
        self._ui.editGroupBox.enabled = side is not None
        self._ui.saveCorrectionButton.enabled = side is not None and not self._save.is_running
        self._ui.uncertainButton.enabled = side is not None and len(doubtful_places_ras_mm(side.segmentation)) > 0
        self._ui.followMaskButton.enabled = target is not None and not plan_points.is_automatic(target, TARGET)


def _name(hemisphere: str) -> str:
    return {"left": _("Left"), "right": _("Right")}[hemisphere]


def _state_of_target(side: SideNodes | None) -> str:
    if side is None:
        return _("There is no mask to correct yet: press Segment.")
    if side.target is None or points_node.position_ras_mm(side.target, TARGET) is None:
        return _("The target was deleted.")
    if not plan_points.is_automatic(side.target, TARGET):
        return _("The target was moved by hand: it stays where it is while the mask is edited.")
    if side.target_ras_mm() is None:
        return _("The mask is empty, so there is no target.")
    return _("The target follows the mask.")
