"""Section 'Guide': the tracked coil led to the plan, live, on the patient that `PatientSection` lays on the scan.

Nothing here knows of a tracker: transforms are nodes of the scene, whoever fills them. They are read while the section
is open and the module is shown.
"""

import time

import numpy as np
import qt
import slicer

from ...errors import UserError
from ...guidance.aim import Aim, AimErrors, Limits, aim_errors
from ...guidance.tracking import Guide
from ...sentences import tell as in_language
from ...sentences import tr as _
from ...targeting.stimulation import Stimulation
from ..nodes import coil_node, views
from ..nodes.live_coil import LiveCoil
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.stimulation_node import add_stimulation
from ..nodes.tool_transforms import ToolTransforms
from ..nodes.volume_node import in_scene, parent_to_world
from ..parameters import PanelParameters
from ..timers import Pace, Ticker
from ..widgets import bulls_eye
from ..widgets.guide_words import in_large_type
from ..widgets.labels import tell, warn
from .patient_section import PatientSection, moment

_EVERY_MS = 20
_LEAST_S = 0.01
"""From one number to the next, however often transforms are told."""
_PICTURE_S = 0.03
_QUIET_S = 0.1
"""Where no transform has been told for so long, none waits to be read."""


class GuideSection:
    """Tells how the coil lies as soon as it is told, and draws it as often as that leaves time."""

    def __init__(self, ui) -> None:
        self._ui = ui
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._sides: list[SideNodes] = []
        self._wanted: tuple[str, ...] = ()
        self._at_once_s = -np.inf
        self._was_in_place = False
        self._coil = LiveCoil()
        self._pace = Pace(_PICTURE_S)
        self._ticker = Ticker(_EVERY_MS, self._on_time)
        self._tools = ToolTransforms(ui, self._watch, self._on_told)
        self._patient = PatientSection(ui, self._tools, self._side, self._show_state)
        ui.sampleButton.connect("clicked(bool)", lambda: self._sample())
        ui.fromBehindButton.connect("clicked(bool)", lambda: self._look_from_behind())
        ui.guideCollapsibleButton.connect("contentsCollapsed(bool)", lambda: self._show_state())
        self._show_state()

    def set_choices(self, parameters: PanelParameters) -> None:
        """Guide to the side that is chosen, where the plan has both."""
        self._wanted = parameters.hemisphere.sides
        self._show_state()

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Guide to the newest plan of a scan."""
        self._volume_node = volume_node
        self._sides = [side for side in latest_sides(volume_node) if side.coil is not None]
        self._patient.show(volume_node)
        self._tools.choose_named()
        self._watch()

    def close(self) -> None:
        """Read and draw nothing any more."""
        self._ticker.stop()
        self._coil.remove()
        self._tools.removeObservers()
        self._patient.close()
        self._volume_node, self._sides = None, []

    def _watch(self) -> None:
        self._tools.watch()
        self._show_state()

    def _side(self) -> SideNodes | None:
        """The side that is aimed at."""
        wanted = [side for side in self._sides if side.hemisphere in self._wanted]
        return next(iter(wanted or self._sides), None)

    def _on_told(self, now_s: float) -> None:
        if self._ticker.is_on and now_s - self._at_once_s >= _LEAST_S:
            self._at_once_s = now_s
            self._tick(is_fresh=True)

    def _on_time(self) -> None:
        """Looks after what nobody tells: a tool that is silent, limits that were changed."""
        self._tick(is_fresh=time.monotonic() - self._at_once_s > _QUIET_S)

    def _tick(self, is_fresh: bool = True) -> None:
        """Say how the coil lies; right after it was told, and not before the next telling, there is time to draw it."""
        picture_is_due = self._pace.turn(time.monotonic(), is_fresh)
        self._patient.follow()
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

    def _now(self) -> tuple[np.ndarray, AimErrors]:
        """The coil's pose, world RAS mm, and its errors. Raises UserError where there are none."""
        registration, side = self._patient.registration, self._side()
        if registration is None:
            raise UserError(_("Touch the fiducials and sweep the scalp first."))
        planned = _planned(side) if in_scene(self._volume_node) else None
        if planned is None:
            raise UserError(_("There is no planned coil any more."))
        self._patient.require_planned_scan()
        names = self._tools.names()
        guide = Guide(registration.mri_from_reference, names, self._tools.calibration())
        found = guide.coil_in_mri(self._tools.seen(names), time.monotonic())
        if found.matrix is None:
            raise UserError(_("LOST: {lost}", lost=found.lost))
        pose = parent_to_world(self._volume_node) @ found.matrix
        aim = Aim(side.hemisphere, planned, coil_node.entry_ras_mm(side.coil), registration.fingerprint)
        return pose, aim_errors(aim, pose)

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
            tell(self._ui.guideLabel, "")
            warn(self._ui.guideWarningLabel, in_language(str(error)))
            return
        to_world = parent_to_world(self._volume_node)
        held = Stimulation(self._side().hemisphere, np.linalg.inv(to_world) @ pose, moment())
        label = add_stimulation(self._volume_node, held, to_world)
        tell(self._ui.guideLabel, _("Kept: {label}; Export writes it.", label=label))
        warn(self._ui.guideWarningLabel)

    def _look_from_behind(self) -> None:
        planned = _planned(self._side())
        if planned is not None:
            views.look_along(planned)

    def _show_state(self) -> None:
        """Read and draw while the section is open and there is something to be seen."""
        is_wanted = self._tools.coil() is not None or self._patient.is_followed
        for button in (self._ui.sampleButton, self._ui.fromBehindButton, self._ui.pivotButton):
            button.enabled = bool(self._sides)
        self._patient.describe()
        is_open = not self._ui.guideCollapsibleButton.collapsed
        if is_open and is_wanted and self._sides and self._volume_node is not None:
            self._ticker.start()
            return
        self._ticker.stop()
        self._coil.hide()
        self._ui.aimLabel.text = ""
        self._ui.bullsEyeLabel.clear()


def _planned(side: SideNodes | None) -> np.ndarray | None:
    """The pose of the planned coil, 4x4, coil to world RAS mm."""
    return coil_node.pose_ras_mm(side.coil) if side is not None and in_scene(side.coil) else None
