"""Section 'Guide': the patient laid on the scan by touched points, and the tracked coil led to the plan, live.

Nothing here knows of a tracker: transforms are nodes of the scene, whoever fills them. They are read while the section
is open and the module is shown.
"""

import time
from datetime import datetime
from functools import partial

import numpy as np
import qt
import slicer
from slicer.util import VTKObservationMixin

from ...errors import UserError
from ...geometry.poses import is_rigid
from ...geometry.spaces import transform_points
from ...guidance.aim import Aim, AimErrors, Limits, aim_errors
from ...guidance.pivot import pivoted
from ...guidance.registration import Registration, Touched, register
from ...guidance.tracking import Guide, Sighting, ToolNames, Tracked, in_reference
from ...sentences import tell as in_language
from ...sentences import tr as _
from ...targeting.stimulation import Stimulation
from ..nodes import coil_node, node_roles, plan_points, points_node, views
from ..nodes.kept_patient import Patient, keep_patient, kept_patient
from ..nodes.live_coil import LiveCoil
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.scalp_node import scalp_in
from ..nodes.segmentation_node import findings
from ..nodes.stimulation_node import add_stimulation
from ..nodes.volume_node import in_scene, parent_to_world
from ..parameters import PanelParameters
from ..timers import Debounce, Pace, Ticker
from ..widgets import bulls_eye
from ..widgets.guide_words import in_large_type, registration_lines
from ..widgets.labels import name_button, tell

_EVERY_MS = 20
_LEAST_S = 0.01
"""From one number to the next, however often transforms are told."""
_TOGETHER_S = 0.005
"""Transforms that are told within this are of one moment."""
_PICTURE_S = 0.03
_PAUSE_MS = 300
_APART_MM = 2.0
_TO_REFERENCE = ToolNames()
_TIP, _FACE = "StylusTipToStylus", "CoilFaceToCoil"


class GuideSection(VTKObservationMixin):
    """Keeps what was touched and the registration, which is of the patient, while other scans are looked at.

    A scan knows in the scene the patient that was laid on it.
    """

    def __init__(self, ui) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._sides: list[SideNodes] = []
        self._wanted: tuple[str, ...] = ()
        self._heard_s: dict[str, float] = {}
        self._at_once_s = -np.inf
        self._touched: dict[str, np.ndarray] = {}
        self._swept: list[np.ndarray] = []
        self._registration: Registration | None = None
        self._touched_at = self._touched_here_at = ""
        self._pivoting: list[np.ndarray] = []
        self._problem, self._was_in_place = "", False
        self._coil = LiveCoil()
        self._pace = Pace(_PICTURE_S)
        self._ticker = Ticker(_EVERY_MS, self._tick)
        self._debounce = Debounce(_PAUSE_MS, self._register)
        self._selectors = (ui.coilTransformSelector, ui.stylusTransformSelector, ui.referenceTransformSelector)
        for selector in self._selectors:
            selector.connect("currentNodeChanged(vtkMRMLNode*)", self._watch)
        transforms = (*self._selectors[:2], ui.tipTransformSelector, ui.faceTransformSelector)
        self._named = tuple(zip(transforms, (*_TO_REFERENCE.all[:2], _TIP, _FACE), strict=True))
        for selector, name in self._named:
            selector.connect("nodeAdded(vtkMRMLNode*)", partial(_choose, selector, name))
        for key in plan_points.FIDUCIAL_KEYS:
            ui.touchSelector.addItem(plan_points.fiducial_name(key))
        ui.touchButton.connect("clicked(bool)", lambda: self._touch())
        ui.sweepButton.connect("toggled(bool)", self._on_sweep)
        ui.pivotButton.connect("toggled(bool)", self._on_pivot)
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
        if volume_node is not self._volume_node:
            self._recall(volume_node)
        self._volume_node = volume_node
        self._sides = [side for side in latest_sides(volume_node) if side.coil is not None]
        for selector, name in self._named:
            _choose(selector, name)
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
        """Once coil and head are told anew: their number comes before whatever else the loop has to do."""
        now = self._heard_s[caller.GetID()] = time.monotonic()
        coil, _stylus, reference = (selector.currentNode() for selector in self._selectors)
        heard = [self._heard_s.get(node.GetID(), -np.inf) for node in (coil, reference) if node is not None]
        if self._ticker.is_on and now - min(heard, default=now) < _TOGETHER_S and now - self._at_once_s >= _LEAST_S:
            self._at_once_s = now
            self._tick()

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
        """Each tool's transform leads where its own name says."""
        coil, stylus = (self._frame_of(selector.currentNode()) for selector in self._selectors[:2])
        return ToolNames(f"CoilTo{coil}", f"StylusTo{stylus}")

    def _frame_of(self, node: slicer.vtkMRMLTransformNode | None) -> str:
        """'Reference' or 'Tracker'; of a name that tells neither by whether the head's own transform is chosen."""
        reference = self._selectors[2].currentNode()
        head, _to, room = (_TO_REFERENCE.reference if reference is None else reference.GetName()).rpartition("To")
        name = "" if node is None else node.GetName()
        if room and name.endswith(f"To{room}"):
            return "Tracker"
        is_chained = reference is None or (head and name.endswith(f"To{head}"))
        return "Reference" if is_chained else "Tracker"

    def _pointer(self) -> Tracked:
        names = self._names()
        return in_reference(names.stylus, names, self._seen(names), time.monotonic())

    def _tip(self) -> Tracked:
        found, tip = self._pointer(), self._ui.tipTransformSelector.currentNode()
        if found.matrix is None or tip is None:
            return found
        return Tracked(found.matrix @ slicer.util.arrayFromTransformMatrix(tip))

    def _on_pivot(self, is_on: bool) -> None:
        """Its end tells where the tip is: by the shift of the node that is chosen, or of a new one."""
        name_button(self._ui.pivotButton, _("End the pivot") if is_on else _("Pivot"))
        self._show_state()
        if is_on:
            self._pivoting.clear()
            return
        try:
            found = pivoted(np.array(self._pivoting))
        except UserError as error:
            self._say(in_language(str(error)))
            return
        selector, matrix = self._ui.tipTransformSelector, np.eye(4)
        matrix[:3, 3] = found.place_mm
        node = selector.currentNode() or slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", _TIP)
        node.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
        selector.setCurrentNode(node)
        x, y, z = found.place_mm
        self._say(
            _("The tip lies at {x:.1f}, {y:.1f}, {z:.1f} mm; it rested within {residual:.2f} mm.",
              x=x, y=y, z=z, residual=found.residual_mm)
        )  # fmt: skip

    # the registration

    def _recall(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Who was laid on a scan before; where that is nobody, the patient stays who they are, if there is one."""
        try:
            patient = kept_patient(volume_node)
        except UserError as error:
            self._problem = in_language(str(error))
            return
        if patient is not None:
            self._touched, self._swept = dict(patient.touched.fiducials_mm), list(patient.touched.swept_mm)
            self._registration, self._touched_at = patient.registration, patient.time
            self._problem = ""
        elif self._registration is None:
            self._touched.clear()
            self._swept.clear()

    def _touch(self) -> None:
        key = plan_points.FIDUCIAL_KEYS[self._ui.touchSelector.currentIndex]
        found = self._tip()
        if found.matrix is None:
            self._say(_("The pointer is lost: {lost}", lost=found.lost))
            return
        self._touched[key] = found.matrix[:3, 3]
        following = (self._ui.touchSelector.currentIndex + 1) % len(plan_points.FIDUCIAL_KEYS)
        self._ui.touchSelector.currentIndex = following
        self._touched_at = self._touched_here_at = _moment()
        self._register()

    def _on_sweep(self, is_on: bool) -> None:
        name_button(self._ui.sweepButton, _("End the sweep") if is_on else _("Sweep"))
        if not is_on:
            self._touched_at = self._touched_here_at = _moment()
            self._register()
        self._show_state()

    def _forget_touched(self) -> None:
        self._touched.clear()
        self._swept.clear()
        self._registration, self._problem = None, ""
        self._keep()
        self._show_state()

    def _keep(self) -> None:
        """The scan knows in the scene who is laid on it now."""
        if self._volume_node is None:
            return
        touched, found = self._everything_touched(), self._registration
        keep_patient(self._volume_node, found and Patient(touched, found, self._touched_at))

    def _everything_touched(self) -> Touched:
        return Touched(dict(self._touched), np.array(self._swept).reshape(-1, 3))

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
            self._registration = register(self._everything_touched(), places, self._fingerprint(), scalp)
        except UserError as error:
            self._problem = in_language(str(error))
        self._keep()
        self._watch()

    def _side(self) -> SideNodes | None:
        """The side that is aimed at."""
        wanted = [side for side in self._sides if side.hemisphere in self._wanted]
        return next(iter(wanted or self._sides), None)

    def _entry_own_mm(self) -> np.ndarray | None:
        """The planned scalp entry in the scan's own RAS mm, shape (3,)."""
        entry = coil_node.entry_ras_mm(self._side().coil)
        return None if entry is None else transform_points(np.linalg.inv(parent_to_world(self._volume_node)), entry)

    def _fingerprint(self) -> str:
        return findings(self._side().segmentation).fingerprint

    # live

    def _tick(self) -> None:
        picture_is_due = self._pace.turn(time.monotonic())
        if self._ui.sweepButton.checked:
            self._sweep_on()
        if self._ui.pivotButton.checked and self._pointer().matrix is not None:
            self._pivoting.append(self._pointer().matrix)
        try:
            pose, errors = self._now()
        except UserError as error:
            self._show_lost(in_language(str(error)))
            return
        within = errors.within(self._limits())
        in_place = all(within.values())
        if picture_is_due or not self._coil.is_shown:
            self._coil.show(pose, in_place)
        if in_place and not self._was_in_place and self._ui.guideSoundCheckBox.checked:
            qt.QApplication.beep()
        self._was_in_place = in_place
        self._say_aim(in_large_type(errors, within))
        bulls_eye.draw(self._ui.bullsEyeLabel, errors, self._limits())

    def _sweep_on(self) -> None:
        place = self._tip().matrix
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
        guide = Guide(self._registration.mri_from_reference, names, self._calibration())
        found = guide.coil_in_mri(self._seen(names), time.monotonic())
        if found.matrix is None:
            raise UserError(_("LOST: {lost}", lost=found.lost))
        pose = parent_to_world(self._volume_node) @ found.matrix
        planned = coil_node.pose_ras_mm(side.coil)
        aim = Aim(side.hemisphere, planned, coil_node.entry_ras_mm(side.coil), self._registration.fingerprint)
        return pose, aim_errors(aim, pose)

    def _calibration(self) -> np.ndarray:
        node = self._ui.faceTransformSelector.currentNode()
        matrix = np.eye(4) if node is None else slicer.util.arrayFromTransformMatrix(node)
        if not is_rigid(matrix):
            raise UserError("{path}: is no rotation and shift in mm; calibrate the coil again.", path=node.GetName())
        return matrix

    def _show_lost(self, sentence: str) -> None:
        self._coil.hide()
        self._was_in_place = False
        self._say_aim(sentence)
        bulls_eye.draw(self._ui.bullsEyeLabel, None, self._limits())

    def _say_aim(self, text: str) -> None:
        """Painted at once, not after the views."""
        if self._ui.aimLabel.text != text:
            self._ui.aimLabel.text = text
            self._ui.aimLabel.repaint()

    def _limits(self) -> Limits:
        return Limits(self._ui.limitMmSpinBox.value, self._ui.limitDegreesSpinBox.value)

    def _sample(self) -> None:
        try:
            pose, _errors = self._now()
        except UserError as error:
            self._say(in_language(str(error)))
            return
        to_world = parent_to_world(self._volume_node)
        held = Stimulation(self._side().hemisphere, np.linalg.inv(to_world) @ pose, _moment())
        self._say(_("Kept: {label}; Export writes it.", label=add_stimulation(self._volume_node, held, to_world)))

    def _look_from_behind(self) -> None:
        side = self._side()
        pose = side and coil_node.pose_ras_mm(side.coil)
        if pose is not None:
            views.look_along(pose)

    # what is said

    def _show_state(self) -> None:
        is_open = not self._ui.guideCollapsibleButton.collapsed
        is_followed = self._ui.sweepButton.checked or self._ui.pivotButton.checked
        is_wanted = self._selectors[0].currentNode() is not None or is_followed
        for button in (self._ui.sampleButton, self._ui.fromBehindButton, self._ui.pivotButton):
            button.enabled = bool(self._sides)
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
            lines += registration_lines(self._registration, self._entry_own_mm())
            if self._touched_at != self._touched_here_at:
                lines.append(_(
                    "Touched at {time}, before this session: it holds only if the tool on the head has not been moved"
                    " since. Touch a point to check that, or start anew.", time=self._touched_at,
                ))  # fmt: skip
        self._say("\n".join([*lines, *filter(None, [self._problem])]))

    def _say(self, sentence: str) -> None:
        tell(self._ui.guideLabel, sentence)


def _choose(selector, name: str, added=None) -> None:
    """The node of that name, where none is chosen; it may come later than the scan, as a tracker's does."""
    if selector.currentNode() is None:
        selector.setCurrentNode(slicer.mrmlScene.GetFirstNodeByName(name))


def _moment() -> str:
    """Now, ISO 8601 with its offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
