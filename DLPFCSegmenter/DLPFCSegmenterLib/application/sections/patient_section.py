"""The part of section 'Guide' that lays the patient on the scan: fiducials touched, the scalp swept, the tip found."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import slicer
import vtk
from slicer.util import VTKObservationMixin

from ...errors import UserError
from ...geometry.spaces import transform_points
from ...guidance.pivot import pivoted
from ...guidance.registration import Registration, Touched, register
from ...guidance.tracking import Tracked
from ...sentences import say
from ...sentences import tell as in_language
from ...sentences import tr as _
from ..nodes import coil_node, node_roles, plan_points, points_node
from ..nodes.edited_plan import volume_in_own_space, world_to_own
from ..nodes.kept_patient import Patient, keep_patient, kept_patient
from ..nodes.plan_nodes import SideNodes
from ..nodes.scalp_node import scalp_in
from ..nodes.segmentation_node import findings
from ..nodes.tool_transforms import TIP, ToolTransforms
from ..timers import Debounce
from ..widgets.guide_words import registration_lines
from ..widgets.labels import name_button, tell, warn

_PAUSE_MS = 300
_APART_MM = 2.0


class PatientSection(VTKObservationMixin):
    """Keeps what was touched and the registration, which is of the patient, while other scans are looked at.

    A scan knows in the scene the patient that was laid on it.
    side        gives the side of the plan that is aimed at
    on_changed  called when a sweep or pivot begins or ends, and after a registration
    """

    def __init__(
        self, ui, tools: ToolTransforms, side: Callable[[], SideNodes | None], on_changed: Callable[[], None]
    ) -> None:
        VTKObservationMixin.__init__(self)
        self._ui, self._tools, self._side, self._on_changed = ui, tools, side, on_changed
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._touched: dict[str, np.ndarray] = {}
        self._swept: list[np.ndarray] = []
        self._touched_at = self._touched_here_at = ""
        self._pivoting: list[np.ndarray] = []
        self._problem = ""
        self._same: tuple[tuple, bool] = ((), False)
        self._debounce = Debounce(_PAUSE_MS, self._register)
        self.registration: Registration | None = None
        for key in plan_points.FIDUCIAL_KEYS:
            ui.touchSelector.addItem(plan_points.fiducial_name(key))
        ui.touchButton.connect("clicked(bool)", lambda: self._touch())
        ui.sweepButton.connect("toggled(bool)", self._on_sweep)
        ui.pivotButton.connect("toggled(bool)", self._on_pivot)
        ui.forgetTouchedButton.connect("clicked(bool)", lambda: self._forget_touched())

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Lay the patient on this scan. What was touched was touched for the scan before."""
        if volume_node is not self._volume_node:
            self._recall(volume_node)
        self._volume_node = volume_node
        self._watch()

    def close(self) -> None:
        """Read nothing any more."""
        self._debounce.stop()
        self.removeObservers()
        self._volume_node = None

    @property
    def is_followed(self) -> bool:
        """Whether the pointer is to be read again and again."""
        return self._ui.sweepButton.checked or self._ui.pivotButton.checked

    def follow(self) -> None:
        """Note where the pointer is, if that is wanted."""
        if self._ui.sweepButton.checked:
            self._sweep_on()
        pose = self._tools.pointer().matrix if self._ui.pivotButton.checked else None
        if pose is not None:
            self._pivoting.append(pose)

    def require_planned_scan(self) -> None:
        """Raise UserError where the patient was laid on another scan than the plan's, or that has changed since."""
        self.registration.require_scan(self._fingerprint())
        self._require_unchanged()

    def describe(self) -> None:
        """Say what was touched, and the errors of the registration."""
        self._ui.forgetTouchedButton.enabled = bool(self._touched or self._swept or self.registration is not None)
        touched = ", ".join(plan_points.fiducial_name(key) for key in self._touched)
        lines = [_("Touched: {points}", points=touched)] if touched else []
        lines += [_("Swept: {count} points", count=len(self._swept))] if self._swept else []
        if self.registration is not None and self._side() is not None:
            lines += registration_lines(self.registration, self._entry_own_mm())
            lines.append(_("Guided to the {side} target", side=say(self._side().hemisphere)))
        self._say("\n".join(lines), *filter(None, (self._problem, self._how_old())))

    def _how_old(self) -> str:
        """What to keep in mind of a registration that was not made just now."""
        if self.registration is None or self._touched_at == self._touched_here_at:
            return ""
        return _(
            "Touched at {time}, before this session: it holds only if the tool on the head has not been moved"
            " since. Touch a point to check that, or start anew.", time=self._touched_at,
        )  # fmt: skip

    # what is touched

    def _pointer(self) -> Tracked:
        """Where the pointer's tip is; said where it is lost."""
        found = self._tools.tip()
        if found.matrix is None:
            self._say("", _("The pointer is lost: {lost}", lost=found.lost))
        return found

    def _touch(self) -> None:
        key = plan_points.FIDUCIAL_KEYS[self._ui.touchSelector.currentIndex]
        found = self._pointer()
        if found.matrix is None:
            return
        self._touched[key] = found.matrix[:3, 3]
        following = (self._ui.touchSelector.currentIndex + 1) % len(plan_points.FIDUCIAL_KEYS)
        self._ui.touchSelector.currentIndex = following
        self._touched_at = self._touched_here_at = moment()
        self._register()

    def _on_sweep(self, is_on: bool) -> None:
        name_button(self._ui.sweepButton, _("End the sweep") if is_on else _("Sweep"))
        if not is_on:
            self._touched_at = self._touched_here_at = moment()
            self._register()
        self._on_changed()
        if is_on:
            self._pointer()

    def _sweep_on(self) -> None:
        place = self._tools.tip().matrix
        if place is not None and (not self._swept or np.linalg.norm(place[:3, 3] - self._swept[-1]) > _APART_MM):
            self._swept.append(place[:3, 3])
            self.describe()

    def _on_pivot(self, is_on: bool) -> None:
        """Its end tells where the tip is: by the shift of the node that is chosen, or of a new one."""
        name_button(self._ui.pivotButton, _("End the pivot") if is_on else _("Pivot"))
        self._on_changed()
        if is_on:
            self._pivoting.clear()
            return
        try:
            found = pivoted(np.array(self._pivoting))
        except UserError as error:
            self._say("", in_language(str(error)))
            return
        selector, matrix = self._ui.tipTransformSelector, np.eye(4)
        matrix[:3, 3] = found.place_mm
        node = selector.currentNode() or slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode", TIP)
        node.SetMatrixTransformToParent(slicer.util.vtkMatrixFromArray(matrix))
        selector.setCurrentNode(node)
        x, y, z = found.place_mm
        self._say(
            _("The tip lies at {x:.1f}, {y:.1f}, {z:.1f} mm; it rested within {residual:.2f} mm.",
              x=x, y=y, z=z, residual=found.residual_mm)
        )  # fmt: skip

    def _forget_touched(self) -> None:
        self._touched.clear()
        self._swept.clear()
        self.registration, self._problem = None, ""
        self._keep()
        self._on_changed()

    # the registration

    def _watch(self) -> None:
        self.removeObservers()
        fiducials = self._fiducials_node()
        if fiducials is not None:
            self.addObserver(fiducials, fiducials.PointModifiedEvent, self._on_fiducials_moved)

    def _on_fiducials_moved(self, caller=None, event=None) -> None:
        """Where the head lies follows from their places in the scan: until they rest it is not known."""
        if self._touched:
            self.registration = None
            self._debounce.start()

    def _register(self) -> None:
        """Lay the patient on the scan that is shown, as far as enough was touched."""
        self.registration, self._problem = None, ""
        node, side = self._fiducials_node(), self._side()
        try:
            if side is None:
                raise UserError(_("Plan first: there is no coil to be led to."))
            if node is None:
                raise UserError(_("Place nasion, inion and tragi under Targets, Head measures."))
            self._require_unchanged()
            to_own = world_to_own(self._volume_node)
            world = {key: points_node.position_ras_mm(node, key) for key in points_node.keys(node)}
            places = {key: transform_points(to_own, place) for key, place in world.items()}
            scalp = None if side.scalp is None else scalp_in(side.scalp, to_own)
            self.registration = register(self._everything_touched(), places, self._fingerprint(), scalp)
        except UserError as error:
            self._problem = in_language(str(error))
        self._keep()
        self._watch()
        self._on_changed()

    def _recall(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Who was laid on a scan before; where that is nobody, the patient stays who they are, if there is one."""
        try:
            patient = kept_patient(volume_node)
        except UserError as error:
            self._problem = in_language(str(error))
            return
        if patient is not None:
            self._touched, self._swept = dict(patient.touched.fiducials_mm), list(patient.touched.swept_mm)
            self.registration, self._touched_at = patient.registration, patient.time
            self._problem = ""
        elif self.registration is None:
            self._touched.clear()
            self._swept.clear()

    def _keep(self) -> None:
        """The scan knows in the scene who is laid on it now."""
        if self._volume_node is None:
            return
        touched, found = self._everything_touched(), self.registration
        keep_patient(self._volume_node, found and Patient(touched, found, self._touched_at))

    def _everything_touched(self) -> Touched:
        return Touched(dict(self._touched), np.array(self._swept).reshape(-1, 3))

    def _fiducials_node(self) -> slicer.vtkMRMLMarkupsFiducialNode | None:
        return self._volume_node and node_roles.latest(node_roles.FIDUCIALS, self._volume_node, "")

    def _entry_own_mm(self) -> np.ndarray | None:
        """The planned scalp entry in the scan's own RAS mm, shape (3,)."""
        entry = coil_node.entry_ras_mm(self._side().coil)
        return None if entry is None else transform_points(world_to_own(self._volume_node), entry)

    def _fingerprint(self) -> str:
        return findings(self._side().segmentation).fingerprint

    def _require_unchanged(self) -> None:
        """Raise UserError where the node holds another scan than was planned on, or the same elsewhere."""
        node, wanted, matrix = self._volume_node, self._fingerprint(), vtk.vtkMatrix4x4()
        node.GetIJKToRASMatrix(matrix)
        grid = slicer.util.arrayFromVTKMatrix(matrix).tobytes()
        key = (node.GetID(), wanted, node.GetImageData() and node.GetImageData().GetMTime(), grid)
        if key != self._same[0]:
            self._same = key, volume_in_own_space(node).has_fingerprint(wanted)
        if not self._same[1]:
            raise UserError(
                "'{volume}' was changed or moved since it was planned on; press Segment again.", volume=node.GetName()
            )

    def _say(self, sentence: str, *warnings: str) -> None:
        tell(self._ui.guideLabel, sentence)
        warn(self._ui.guideWarningLabel, *warnings)


def moment() -> str:
    """Now, ISO 8601 with its offset from UTC."""
    return datetime.now().astimezone().isoformat(timespec="seconds")
