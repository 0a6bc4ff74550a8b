"""Group 'Circuit' of section 'Targets': resting-state fMRI looked at in the masks as they are now, in a worker."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import slicer

from ...circuit.circuit import Asked
from ...edited_plan import plausible_registration_in
from ...errors import UserError
from ...geometry.spaces import transform_points
from ...options import CircuitChoices
from ...plan import HemispherePlan
from ...sentences import joined, say
from ...sentences import tell as tell_of
from ...sentences import tr as _
from ...targeting.target import find_target
from ...tasks import MeasuredCircuit, measure_circuit
from ...words import circuit_in_words, circuit_places, circuit_settings, of_side
from ...worker import Call
from ..environment import ensure_packages
from ..jobs.job import OneJob, StartJob
from ..nodes import circuit_nodes, views
from ..nodes.edited_plan import volume_in_own_space, world_to_own
from ..nodes.plan_nodes import SideNodes, latest_sides
from ..nodes.scalp_node import scalp_in
from ..nodes.segmentation_node import findings, mask_on_scan
from ..nodes.volume_node import in_scene
from ..parameters import PanelParameters, paths_in
from ..widgets.labels import name_button, tell, unbroken, warn

_PACKAGES = ("nibabel", "nilearn")


@dataclass(frozen=True)
class _Measured:
    """What is looked at: the scan, its masks, and how each was when that began."""

    volume_node: slicer.vtkMRMLScalarVolumeNode
    sides: tuple[SideNodes, ...]
    masks: tuple[str, ...]


class CircuitSection(OneJob):
    """States: no plan, ready, running, cancelling.

    on_measured  told when the ranked places are in the scene
    """

    _CANCELLED = say("Cancelled; the scene is as it was.")
    _UNREADABLE = say("What the fMRI says cannot be read ({reason}).")

    def __init__(self, ui, start_job: StartJob, on_measured: Callable[[], None]) -> None:
        super().__init__(start_job)
        self._ui = ui
        self._on_measured = on_measured
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._parameters: PanelParameters | None = None
        self._measured: _Measured | None = None
        self._outcome = self._problem = ""
        ui.boldSelector.connect("currentNodeChanged(vtkMRMLNode*)", self._take_file)
        ui.circuitButton.connect("clicked(bool)", lambda: self._on_clicked())
        ui.circuitMapCheckBox.connect("toggled(bool)", lambda shown: self._lay_map_over())
        self.describe()

    def set_choices(self, parameters: PanelParameters) -> None:
        """Take over which files the user chose."""
        self._parameters = parameters

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Say what the fMRI says of the newest plan of a scan."""
        if volume_node is not self._volume_node and not self.is_running:
            self._outcome = self._problem = ""
        self._volume_node = volume_node
        self._lay_map_over()
        self.describe()

    def close(self) -> None:
        """Look at no scan any more. What is being measured is finished."""
        self._volume_node = self._parameters = None

    def on_progress(self, done: int, total: int, text: str) -> None:
        """Show how many volumes of a run were read."""
        self._ui.circuitProgressBar.maximum = total
        self._ui.circuitProgressBar.value = done
        step = tell_of(text)
        self._say(_("{step}: {done} of {total}", step=step[:1].upper() + step[1:], done=done, total=total))

    def describe(self) -> None:
        """Say what was found in the masks as they are now, and what may be done."""
        sides = latest_sides(self._volume_node)
        name_button(self._ui.circuitButton, _("Cancel") if self.is_running else _("Run"))
        self._ui.circuitButton.enabled = self.is_running or bool(sides)
        self._ui.circuitProgressBar.visible = self.is_running
        self._ui.circuitMapCheckBox.enabled = circuit_nodes.map_node(self._volume_node) is not None
        if not self.is_running:
            said = joined("\n", filter(None, (self._outcome, *self._lines(sides))))
            tell(self._ui.circuitLabel, unbroken(tell_of(said)))
            warn(self._ui.circuitWarningLabel, *filter(None, (self._problem, *_doubts(sides))))

    def _take_file(self, node: slicer.vtkMRMLSequenceNode | None) -> None:
        """The file of a sequence stands in the line of files, which is what is read."""
        storage = node and node.GetStorageNode()
        if storage is not None and storage.GetFileName():
            self._ui.boldEdit.currentPath = storage.GetFileName()
        elif node is not None:
            self._warn(_("'{node}' is of no file yet: save it as 4-D NIfTI (.nii.gz) first.", node=node.GetName()))

    def _on_clicked(self) -> None:
        if self.is_running:
            self._ui.circuitButton.enabled = False
            self._cancel()
            return
        try:
            choices = self._choices()
            ensure_packages(_PACKAGES)
            self._start(choices)
        except UserError as error:
            self._warn(str(error))

    def _choices(self) -> CircuitChoices:
        bold = paths_in(self._parameters.boldFiles)
        if not bold:
            raise UserError("Choose the resting-state fMRI first: a sequence of the scene or its file.")
        return CircuitChoices(bold, paths_in(self._parameters.confoundFiles))

    def _start(self, choices: CircuitChoices) -> None:
        asked, measured = _asked(self._volume_node)
        self._ui.circuitProgressBar.maximum = 0
        self._begin(Call(measure_circuit, asked=asked, choices=choices))
        self._measured = measured

    def _conclude(self, found: MeasuredCircuit) -> None:
        """Show the ranked places and the map."""
        if in_scene(self._measured.volume_node):
            self._warn(self._keep(found, self._measured))
        else:
            self._warn(_("The volume was removed while its fMRI was looked at."))
        self._on_measured()

    def _forget(self) -> None:
        self._measured = None

    def _say(self, sentence: str) -> None:
        """While fMRI is looked at, of that alone; then above what was found."""
        if self.is_running:
            tell(self._ui.circuitLabel, sentence)
            warn(self._ui.circuitWarningLabel)
        else:
            self._outcome, self._problem = sentence, ""
            self.describe()

    def _warn(self, sentence: str) -> None:
        self._outcome, self._problem = "", sentence
        self.describe()

    def _show_state(self) -> None:
        self.describe()

    def _keep(self, found: MeasuredCircuit, measured: _Measured) -> str:
        """In the scene as it is now, where what was removed meanwhile stays away; what is to be said of that."""
        told, newest = "", [side.segmentation for side in latest_sides(measured.volume_node)]
        for side, mask in zip(measured.sides, measured.masks, strict=True):
            if side.segmentation not in newest:
                told = _("The mask was made anew or removed meanwhile: press Run again.")
            else:
                circuit_nodes.keep_circuit(
                    side.segmentation, measured.volume_node, mask, found.circuit, found.sides[side.hemisphere]
                )
        if found.circuit.z_map is not None:
            circuit_nodes.show_map(found.circuit.z_map, measured.volume_node, np.eye(4))
            self._lay_map_over()
        return told

    def _lay_map_over(self) -> None:
        overlay = circuit_nodes.map_node(self._volume_node)
        if overlay is not None:
            views.lay_over(self._volume_node, overlay, self._ui.circuitMapCheckBox.checked)

    def _lines(self, sides: list[SideNodes]) -> Iterator[str]:
        """What is said of each side, then of the runs."""
        plans = [(side, findings(side.segmentation)) for side in sides if side.segmentation is not None]
        for side, plan in plans:
            yield from _lines_of(side, plan.sides[side.hemisphere])
        yield from next((circuit_settings(plan.circuit) for _side, plan in plans if plan.circuit is not None), [])


def _doubts(sides: list[SideNodes]) -> Iterator[str]:
    """What is doubtful of what the fMRI says of each side."""
    for side in (each for each in sides if each.segmentation is not None):
        circuit = findings(side.segmentation).sides[side.hemisphere].circuit
        if circuit is not None and circuit_nodes.is_outdated(side.segmentation):
            yield _(
                "The {side} mask was changed since the fMRI was looked at: press Run again.", side=say(side.hemisphere)
            )
        yield from () if circuit is None else (of_side(text, len(sides)) for text in circuit.warnings)


def _lines_of(side: SideNodes, plan: HemispherePlan) -> Iterator[str]:
    """Target and trust, and the places that may be compared: z, and how far from the target."""
    if plan.circuit is None:
        return
    yield _("{side}: {told}", side=say(side.hemisphere.capitalize()), told=circuit_in_words(plan.circuit))
    for label, _place, z in circuit_places(plan):
        if z is not None:
            yield _("• {place}: z {z:.2f}", place=label, z=z)


def _asked(volume_node: slicer.vtkMRMLScalarVolumeNode) -> tuple[Asked, _Measured]:
    """The masks of a scan as they are now, in its own space.

    Raises UserError where there is no mask, or MNI space was not found in the head.
    """
    scan, to_own = volume_in_own_space(volume_node), world_to_own(volume_node)
    sides = latest_sides(volume_node)
    masks = {side.hemisphere: mask_on_scan(side.segmentation, volume_node) for side in sides}
    drawn = tuple(side for side in sides if masks[side.hemisphere].any())
    if not drawn:
        raise UserError("There is no mask to look in: press Segment, or draw one under Correct.")
    found = findings(drawn[0].segmentation)
    registration = plausible_registration_in(scan, found)
    if registration is None:
        raise UserError(
            "MNI space was not found in '{scan}', so the subgenual cingulate is not known.", scan=scan.source
        )
    run_to_own = scan.ijk_to_ras @ np.linalg.inv(found.volume.ijk_to_ras)
    sites = {side.hemisphere: _sites(side, run_to_own) for side in drawn}
    for name, places in sites.items():
        places["centroid"] = find_target(scan, masks[name]).centroid_ras_mm
    scalp = next((scalp_in(side.scalp, to_own) for side in drawn if side.scalp is not None), None)
    kept = {side.hemisphere: masks[side.hemisphere] for side in drawn}
    asked = Asked(scan, kept, registration.ras_from_mni, scalp, sites)
    return asked, _Measured(volume_node, drawn, tuple(circuit_nodes.mask_now(side.segmentation) for side in drawn))


def _sites(side: SideNodes, run_to_own: np.ndarray) -> dict[str, np.ndarray]:
    """The published sites as the run placed them, RAS mm of the scan's own space."""
    published = findings(side.segmentation).sides[side.hemisphere].literature
    return {point.key: transform_points(run_to_own, point.position_ras_mm) for point in published}
