"""Section 'Guide': the patient laid on the scan by touched points, and the tracked coil led to the plan, live.

Nothing here knows of a tracker: transforms are nodes of the scene, whoever fills them. They are read while the section
is open and the module is shown.
"""

import time
from datetime import datetime

import numpy as np
import qt
import slicer
from slicer.util import VTKObservationMixin

from ...errors import UserError
from ...guidance.aim import Aim, AimErrors, Limits, aim_errors
from ...guidance.registration import Registration, Touched, register
from ...guidance.tracking import Guide, Sighting, ToolNames, Tracked, in_reference
from ...sentences import tell as in_language
from ...sentences import tr as _
from ...targeting.stimulation import Stimulation
from ..nodes import coil_node, node_roles, plan_points, points_node, views
from ..nodes.live_coil import LiveCoil
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.scalp_node import scalp_in
from ..nodes.segmentation_node import findings
from ..nodes.stimulation_node import add_stimulation
from ..nodes.volume_node import in_scene, parent_to_world
from ..parameters import PanelParameters
from ..timers import Debounce, Ticker
from ..widgets import bulls_eye
from ..widgets.labels import name_button, tell

_EVERY_MS = 20
_PAUSE_MS = 300
_APART_MM = 2.0
_GREEN, _ORANGE = "rgb(0,158,115)", "rgb(213,94,0)"
_TO_REFERENCE = ToolNames()
_TO_TRACKER = ToolNames("CoilToTracker", "StylusToTracker")


class GuideSection(VTKObservationMixin):
    """Keeps what was touched and the registration, which is of the patient, while other scans are looked at."""

    def __init__(self, ui) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._sides: list[SideNodes] = []
        self._wanted: tuple[str, ...] = ()
        self._heard_s: dict[str, float] = {}
        self._touched: dict[str, np.ndarray] = {}
        self._swept: list[np.ndarray] = []
        self._registration: Registration | None = None
        self._problem, self._was_in_place = "", False
        self._coil = LiveCoil()
        self._ticker = Ticker(_EVERY_MS, self._tick)
        self._debounce = Debounce(_PAUSE_MS, self._register)
        self._selectors = (ui.coilTransformSelector, ui.stylusTransformSelector, ui.referenceTransformSelector)
        for selector in self._selectors:
            selector.connect("currentNodeChanged(vtkMRMLNode*)", self._watch)
        for key in plan_points.FIDUCIAL_KEYS:
            ui.touchSelector.addItem(plan_points.fiducial_name(key))
        ui.touchButton.connect("clicked(bool)", lambda: self._touch())
        ui.sweepButton.connect("toggled(bool)", self._on_sweep)
        ui.forgetTouchedButton.connect("clicked(bool)", lambda: self._forget_touched())
        ui.sampleButton.connect("clicked(bool)", lambda: self._sample())
        ui.fromBehindButton.connect("clicked(bool)", lambda: self._look_from_behind())
        ui.guideCollapsibleButton.connect("contentsCollapsed(bool)", lambda: self._show_state())
        self._show_state()

    def set_choices(self, parameters: PanelParameters) -> None:
        """Guide to the side that is chosen, where the plan has both."""
        self._wanted = parameters.hemisphere.sides
        self._show_state()

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Guide to the newest plan of a scan. What was touched was touched for the scan before."""
        if volume_node is not self._volume_node and self._registration is None:
            self._touched.clear()
            self._swept.clear()
        self._volume_node = volume_node
        self._sides = [side for side in latest_sides(volume_node) if side.coil is not None]
        for selector, name in zip(self._selectors, _TO_REFERENCE.all[:2], strict=False):
            if selector.currentNode() is None:
                selector.setCurrentNode(slicer.mrmlScene.GetFirstNodeByName(name))
        self._watch()

    def close(self) -> None:
        """Read and draw nothing any more."""
        self._ticker.stop()
        self._debounce.stop()
        self._coil.remove()
        self.removeObservers()
        self._volume_node, self._sides = None, []

    # the transforms

    def _watch(self, node=None) -> None:
        """Note when a transform was told last: one that is not told any more is no position."""
        self.removeObservers()
        for node in filter(None, (selector.currentNode() for selector in self._selectors)):
            self.addObserver(node, slicer.vtkMRMLTransformNode.TransformModifiedEvent, self._on_told)
        fiducials = self._fiducials_node()
        if fiducials is not None:
            self.addObserver(fiducials, fiducials.PointModifiedEvent, self._on_fiducials_moved)
        self._show_state()

    def _on_told(self, caller, event) -> None:
        self._heard_s[caller.GetID()] = time.monotonic()

    def _seen(self, names: ToolNames) -> dict[str, Sighting]:
        """What the chosen nodes hold, under the names of `names`."""
        seen, now = {}, time.monotonic()
        for name, selector in zip(names.all, self._selectors, strict=True):
            node = selector.currentNode()
            if node is not None:
                heard = now if self._ui.movedByHandCheckBox.checked else self._heard_s.get(node.GetID(), -np.inf)
                matrix = slicer.util.arrayFromTransformMatrix(node)
                seen[name] = Sighting(matrix, heard, node.GetAttribute("TransformStatus") or "")
        return seen

    def _names(self) -> ToolNames:
        """With a reference the tools lead to the tracker, unless the coil's own name says otherwise."""
        coil, reference = self._selectors[0].currentNode(), self._selectors[2].currentNode()
        is_chained = reference is None or (coil is not None and coil.GetName().endswith("ToReference"))
        return _TO_REFERENCE if is_chained else _TO_TRACKER

    def _pointer(self) -> Tracked:
        names = self._names()
        return in_reference(names.stylus, names, self._seen(names), time.monotonic())

    # the registration

    def _touch(self) -> None:
        key = plan_points.FIDUCIAL_KEYS[self._ui.touchSelector.currentIndex]
        found = self._pointer()
        if found.matrix is None:
            self._say(_("The pointer is lost: {lost}", lost=found.lost))
            return
        self._touched[key] = found.matrix[:3, 3]
        following = (self._ui.touchSelector.currentIndex + 1) % len(plan_points.FIDUCIAL_KEYS)
        self._ui.touchSelector.currentIndex = following
        self._register()

    def _on_sweep(self, is_on: bool) -> None:
        name_button(self._ui.sweepButton, _("End the sweep") if is_on else _("Sweep"))
        if not is_on:
            self._register()
        self._show_state()

    def _forget_touched(self) -> None:
        self._touched.clear()
        self._swept.clear()
        self._registration, self._problem = None, ""
        self._show_state()

    def _fiducials_node(self) -> slicer.vtkMRMLMarkupsFiducialNode | None:
        return self._volume_node and node_roles.latest(node_roles.FIDUCIALS, self._volume_node, "")

    def _on_fiducials_moved(self, caller=None, event=None) -> None:
        """Where the head lies follows from their places in the scan: until they rest it is not known."""
        if self._touched:
            self._registration = None
            self._debounce.start()

    def _register(self) -> None:
        """Lay the patient on the scan that is shown, as far as enough was touched."""
        self._registration, self._problem = None, ""
        node, side = self._fiducials_node(), self._side()
        try:
            if side is None:
                raise UserError(_("Plan first: there is no coil to be led to."))
            if node is None:
                raise UserError(_("Place nasion, inion and tragi under Targets, Head measures."))
            to_own = np.linalg.inv(parent_to_world(self._volume_node))
            world = {key: points_node.position_ras_mm(node, key) for key in points_node.keys(node)}
            places = {key: to_own[:3, :3] @ place + to_own[:3, 3] for key, place in world.items()}
            scalp = None if side.scalp is None else scalp_in(side.scalp, to_own)
            touched = Touched(self._touched, np.array(self._swept).reshape(-1, 3))
            self._registration = register(touched, places, self._fingerprint(), scalp)
        except UserError as error:
            self._problem = in_language(str(error))
        self._watch()

    def _side(self) -> SideNodes | None:
        """The side that is aimed at."""
        wanted = [side for side in self._sides if side.hemisphere in self._wanted]
        return next(iter(wanted or self._sides), None)

    def _fingerprint(self) -> str:
        return findings(self._side().segmentation).fingerprint

    # live

    def _tick(self) -> None:
        if self._ui.sweepButton.checked:
            self._sweep_on()
        try:
            pose, errors = self._now()
        except UserError as error:
            self._show_lost(in_language(str(error)))
            return
        within = errors.within(self._limits())
        in_place = all(within.values())
        self._coil.show(pose, in_place)
        if in_place and not self._was_in_place and self._ui.guideSoundCheckBox.checked:
            qt.QApplication.beep()
        self._was_in_place = in_place
        self._ui.aimLabel.text = _in_large_type(errors, within)
        bulls_eye.draw(self._ui.bullsEyeLabel, errors, self._limits())

    def _sweep_on(self) -> None:
        place = self._pointer().matrix
        if place is not None and (not self._swept or np.linalg.norm(place[:3, 3] - self._swept[-1]) > _APART_MM):
            self._swept.append(place[:3, 3])
            self._show_registration()

    def _now(self) -> tuple[np.ndarray, AimErrors]:
        """The coil's pose, world RAS mm, and its errors. Raises UserError where there are none."""
        if self._registration is None:
            raise UserError(_("Touch the fiducials and sweep the scalp first."))
        side = self._side()
        if (
            side is None
            or not (in_scene(side.coil) and in_scene(self._volume_node))
            or coil_node.pose_ras_mm(side.coil) is None
        ):
            raise UserError(_("There is no planned coil any more."))
        self._registration.require_scan(self._fingerprint())
        names = self._names()
        guide = Guide(self._registration.mri_from_reference, names)
        found = guide.coil_in_mri(self._seen(names), time.monotonic())
        if found.matrix is None:
            raise UserError(_("LOST: {lost}", lost=found.lost))
        pose = parent_to_world(self._volume_node) @ found.matrix
        planned = coil_node.pose_ras_mm(side.coil)
        aim = Aim(side.hemisphere, planned, coil_node.entry_ras_mm(side.coil), self._registration.fingerprint)
        return pose, aim_errors(aim, pose)

    def _show_lost(self, sentence: str) -> None:
        self._coil.hide()
        self._was_in_place = False
        self._ui.aimLabel.text = sentence
        bulls_eye.draw(self._ui.bullsEyeLabel, None, self._limits())

    def _limits(self) -> Limits:
        return Limits(self._ui.limitMmSpinBox.value, self._ui.limitDegreesSpinBox.value)

    def _sample(self) -> None:
        try:
            pose, _errors = self._now()
        except UserError as error:
            self._say(in_language(str(error)))
            return
        to_world = parent_to_world(self._volume_node)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        held = Stimulation(self._side().hemisphere, np.linalg.inv(to_world) @ pose, now)
        self._say(_("Kept: {label}; Export writes it.", label=add_stimulation(self._volume_node, held, to_world)))

    def _look_from_behind(self) -> None:
        side = self._side()
        pose = side and coil_node.pose_ras_mm(side.coil)
        if pose is not None:
            views.look_along(pose)

    # what is said

    def _show_state(self) -> None:
        is_open = not self._ui.guideCollapsibleButton.collapsed
        is_wanted = self._selectors[0].currentNode() is not None or self._ui.sweepButton.checked
        self._ui.sampleButton.enabled = self._ui.fromBehindButton.enabled = bool(self._sides)
        self._show_registration()
        if is_open and is_wanted and self._sides and self._volume_node is not None:
            self._ticker.start()
            return
        self._ticker.stop()
        self._coil.hide()
        self._ui.aimLabel.text = ""
        self._ui.bullsEyeLabel.clear()

    def _show_registration(self) -> None:
        touched = ", ".join(plan_points.fiducial_name(key) for key in self._touched)
        lines = [_("Touched: {points}", points=touched)] if touched else []
        lines += [_("Swept: {count} points", count=len(self._swept))] if self._swept else []
        if self._registration is not None and self._side() is not None:
            lines += self._lines_of(self._registration)
        self._say("\n".join([*lines, *filter(None, [self._problem])]))

    def _lines_of(self, found: Registration) -> list[str]:
        """The errors of a registration: of each point, left out of the fit, of the sweep, and at the entry."""
        each = [f"{plan_points.fiducial_name(key)} {away:.1f}" for key, away in found.residual_mm.items()]
        lines = [_("Registered: fiducials {fre:.1f} mm ({each})", fre=found.fre_mm, each=", ".join(each))]
        if found.left_out_mm:
            largest = max(found.left_out_mm.values())
            lines.append(_("Left out of the fit, one is off by {away:.1f} mm at most", away=largest))
        if found.swept_rms_mm is not None:
            lines.append(_("Sweep: {rms:.1f} mm from the scalp", rms=found.swept_rms_mm))
        entry = coil_node.entry_ras_mm(self._side().coil)
        if entry is not None:
            own = np.linalg.inv(parent_to_world(self._volume_node)) @ np.append(entry, 1.0)
            lines.append(_("Expect the entry to be off by {away:.1f} mm at least", away=found.error_at_mm(own[:3])))
        return lines

    def _say(self, sentence: str) -> None:
        tell(self._ui.guideLabel, sentence)


def _in_large_type(errors: AimErrors, within: dict[str, bool]) -> str:
    """Each number on a line of its own, green within its limit."""
    lines = {
        "in_plane": _("In plane {away:.1f} mm", away=errors.in_plane_mm),
        "height": _("Height {height:.1f} of {planned:.1f} mm", height=errors.height_mm, planned=errors.planned_mm),
        "handle": _("Handle {angle:+.1f}°", angle=errors.handle_deg),
        "tilt": _("Tilt {angle:.1f}°", angle=errors.tilt_deg),
    }
    coloured = (
        f'<span style="color:{_GREEN if within[name] else _ORANGE}">{text}</span>' for name, text in lines.items()
    )
    return "<br>".join(coloured)
