"""Group 'Head measures' of section 'Targets': fiducials and tape measures, and Beam F3 from either."""

from collections.abc import Callable

import slicer
import vtk
from slicer.util import VTKObservationMixin

from ...edited_plan import plausible_registration_in
from ...errors import UserError
from ...options import PlanOptions
from ...sentences import joined, say
from ...sentences import tr as _
from ...targeting.beam_f3 import HeadMeasures, beam_f3
from ...targeting.fiducials import Fiducials
from ...tasks import Aim, MeasuredMarks, TapedAims, find_by_tape, measure_marks
from ...worker import Call
from ..jobs.job import Question, StartJob
from ..nodes import coil_node, node_roles, plan_points, points_node, views
from ..nodes.plan_nodes import SideNodes, choices_of, latest_sides, show_marks
from ..nodes.scalp_node import ScalpReader, surface_key
from ..nodes.segmentation_node import findings
from ..nodes.volume_node import volume_from_node
from ..parameters import PanelParameters, tape_measures
from ..timers import Debounce
from ..widgets.labels import tell, warn
from ..widgets.placement import PointPlacement
from ..widgets.point_table import ALONG_SCALP, STRAIGHT, PointRow, PointTable

_PAUSE_MS = 300


class HeadSection(VTKObservationMixin):
    """Measures Beam F3 and 10-20 anew, in a worker, when the fiducials have become others, and the coil by tape.

    on_measured  told when a side has new points
    """

    def __init__(self, ui, start_job: StartJob, scalps: ScalpReader, on_measured: Callable[[], None]) -> None:
        VTKObservationMixin.__init__(self)
        self._ui = ui
        self._scalps = scalps
        self._on_measured = on_measured
        self._placement = PointPlacement()
        self._question = Question(start_job, self._take_answer)
        self._tape_question = Question(start_job, self._take_tape)
        ui.headMeasuresGroupBox.connect("toggled(bool)", lambda *_: self._debounce.start())
        self._debounce = Debounce(_PAUSE_MS, self._measure)
        self._table = PointTable(ui.fiducialTable, self)
        for column in (STRAIGHT, ALONG_SCALP):
            ui.fiducialTable.setColumnHidden(column, True)
        self._volume_node: slicer.vtkMRMLScalarVolumeNode | None = None
        self._asked: Fiducials | None = None
        self._warnings: dict[str, tuple[object, ...]] = {}

    def set_choices(self, parameters: PanelParameters) -> None:
        """Say where Beam's site is by the tape measures."""
        try:
            measures = tape_measures(parameters)
        except UserError as error:
            tell(self._ui.tapeLabel, "")
            self._warn("measures", error)
            return
        tell(self._ui.tapeLabel, "" if measures is None else _site_by_tape(measures))
        self._warn("measures", *(() if measures is None else measures.warnings))

    def show(self, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
        """Show the fiducials of a scan, and measure from them what is not measured yet."""
        self.close()
        self._volume_node = volume_node
        if self._node() is not None:
            self._watch(self._node())
        for side in latest_sides(volume_node):
            if side.coil is not None:
                self.addObserver(side.coil, vtk.vtkCommand.ModifiedEvent, self._on_aim_changed)
        self._debounce.start()
        self.describe()

    def close(self) -> None:
        """Watch nothing and wait for nothing any more."""
        self.removeObservers()
        self._placement.stop()
        self._debounce.stop()
        self._question.stop()
        self._tape_question.stop()
        self._say("")
        self._warn("marks")
        self._tell_by_tape("")
        self._volume_node = None

    def fiducials(self) -> Fiducials | None:
        """The user's four points for the next run, or None while one is missing."""
        return plan_points.fiducials_in(self._node())

    def describe(self) -> None:
        """List the four points as they are now."""
        self._table.show([self._row(key) for key in plan_points.FIDUCIAL_KEYS])

    # what the user asks for in a line of the table (a `PointListener`)

    def place(self, row: PointRow) -> None:
        """Let the user put the point with a click in a view."""
        self._placement.start(row.name, lambda point_ras_mm: self._put(row.id, point_ras_mm))

    def jump(self, row: PointRow) -> None:
        """Show the point in the views."""
        views.jump_to(points_node.position_ras_mm(self._node(), row.id))

    def give_back(self, row: PointRow) -> None:
        """Take the point away."""
        points_node.remove_point(self._node(), row.id)

    def set_visible(self, row: PointRow, visible: bool) -> None:
        """Show or hide the point in the views."""
        if visible:
            self._node().SetDisplayVisibility(True)
        points_node.set_visible(self._node(), row.id, visible)

    def _node(self) -> slicer.vtkMRMLMarkupsFiducialNode | None:
        return self._volume_node and node_roles.latest(node_roles.FIDUCIALS, self._volume_node, "")

    def _put(self, key: str, point_ras_mm) -> None:
        node = self._node()
        if node is None:
            node = plan_points.add_list(node_roles.FIDUCIALS, self._volume_node, "")
            self._watch(node)
        plan_points.place_fiducial(node, key, point_ras_mm)
        self._on_changed()

    def _watch(self, node: slicer.vtkMRMLMarkupsFiducialNode) -> None:
        markups = slicer.vtkMRMLMarkupsNode
        for event in (markups.PointModifiedEvent, markups.PointRemovedEvent, markups.DisplayModifiedEvent):
            self.addObserver(node, event, self._on_changed)

    def _on_changed(self, caller=None, event=None) -> None:
        self.describe()
        self._debounce.start()

    def _row(self, key: str) -> PointRow:
        node = self._node()
        is_placed = node is not None and points_node.position_ras_mm(node, key) is not None
        return PointRow(
            key, plan_points.fiducial_name(key), plan_points.COLOURS_RGB[node_roles.FIDUCIALS],
            _("placed") if is_placed else _("not placed"),
            note=_where(key),
            is_visible=bool(node.GetDisplayVisibility()) and points_node.is_visible(node, key) if is_placed else None,
            can_place=self._volume_node is not None, can_jump=is_placed, can_give_back=is_placed,
        )  # fmt: skip

    def _on_aim_changed(self, caller=None, event=None) -> None:
        self._debounce.start()

    def _measure_by_tape(self) -> None:
        """How the scalp under each coil is found with a tape measure; only while somebody looks."""
        sides = [side for side in latest_sides(self._volume_node) if side.coil is not None and side.scalp is not None]
        placed = ((side, coil_node.entry_ras_mm(side.coil), coil_node.pose_ras_mm(side.coil)) for side in sides)
        aims = tuple(
            Aim(side.hemisphere, entry, pose) for side, entry, pose in placed if entry is not None and pose is not None
        )
        if not aims or not self._ui.headMeasuresGroupBox.checked:
            self._tape_question.stop()
            self._tell_by_tape("")
            return
        scan, fiducials = volume_from_node(self._volume_node), self.fiducials()
        registration = plausible_registration_in(scan, findings(sides[0].segmentation))
        angle_deg = (choices_of(self._volume_node) or PlanOptions()).coil_angle_deg
        places = [getattr(fiducials, f"{key}_ras_mm").tobytes() for key in plan_points.FIDUCIAL_KEYS if fiducials]
        key = (*surface_key(sides[0].scalp), *places, angle_deg, *(aim.coil_pose_ras_mm.tobytes() for aim in aims))
        call = Call(
            find_by_tape, scalp=self._scalps.read(sides[0].scalp), registration=registration, fiducials=fiducials,
            aims=aims, angle_deg=angle_deg,
        )  # fmt: skip
        if self._tape_question.ask(key, call):
            self._tell_by_tape(_("Laying the tapes…"))

    def _take_tape(self, found: TapedAims | None, reason: str) -> None:
        if found is None:
            self._tell_by_tape("", reason)
        else:
            self._tell_by_tape(joined("\n", found.lines), *found.warnings)

    def _tell_by_tape(self, sentence: str, *warnings: object) -> None:
        tell(self._ui.byTapeLabel, sentence)
        self._warn("tapes", *warnings)

    def _warn(self, of_what: str, *warnings: object) -> None:
        """The same may be doubtful of marks and of tapes: it is told once, beneath the four points."""
        self._warnings[of_what] = warnings
        warn(self._ui.headWarningLabel, *(each for told in self._warnings.values() for each in told))

    def _measure(self) -> None:
        """Ask for the points of every side that was measured from other fiducials, or never."""
        self._measure_by_tape()
        fiducials = self.fiducials()
        outdated = [] if fiducials is None else self._outdated(fiducials)
        if not outdated:
            self._question.stop()
            self._say("" if fiducials is not None else self._what_is_missing())
            if fiducials is None:
                self._warn("marks")
            return
        scalp = self._scalps.read(outdated[0].scalp)
        names = tuple(side.hemisphere for side in outdated)
        places = (getattr(fiducials, f"{key}_ras_mm").tobytes() for key in plan_points.FIDUCIAL_KEYS)
        key = (outdated[0].scalp.GetID(), names, *places)
        self._asked = fiducials
        if self._question.ask(key, Call(measure_marks, scalp=scalp, fiducials=fiducials, hemispheres=names)):
            self._say(_("Measuring the head between the four points…"))
            self._warn("marks")

    def _outdated(self, fiducials: Fiducials) -> list[SideNodes]:
        sides = (side for side in latest_sides(self._volume_node) if side.scalp is not None)
        return [side for side in sides if not plan_points.is_measured_from(side.measured, fiducials)]

    def _take_answer(self, answer: MeasuredMarks | None, reason: str) -> None:
        self._say("")
        self._warn("marks", *((reason,) if answer is None else answer.warnings))
        if answer is None:
            return
        for side in latest_sides(self._volume_node):
            marks = answer.marks.get(side.hemisphere)
            if marks:
                node = show_marks(side.segmentation, self._volume_node, node_roles.MEASURED, marks)
                plan_points.note_source(node, self._asked)
        self._on_measured()

    def _what_is_missing(self) -> str:
        node = self._node()
        placed = [] if node is None else points_node.keys(node)
        missing = [plan_points.fiducial_name(key) for key in plan_points.FIDUCIAL_KEYS if key not in placed]
        if not placed:
            return ""
        return _("For Beam F3 on the scalp, place these too: {points}.", points=joined(", ", missing))

    def _say(self, sentence: str) -> None:
        tell(self._ui.fiducialLabel, sentence)


def _site_by_tape(measures: HeadMeasures) -> str:
    site = beam_f3(measures)
    return _(
        "Beam F3/F4 by tape: {x:.1f} cm from the midline around the head, {y:.1f} cm from the vertex.",
        x=site.x_cm,
        y=site.y_cm,
    )


def _where(key: str) -> str:
    """Where on the head the point belongs."""
    side = say(key.partition("_")[0])
    tragus = _(
        "The small flap in front of the ear canal, where it meets the cheek, on the person's own {side}.", side=side
    )
    return {
        "nasion": _("The deepest point of the bridge of the nose, in the midline."),
        "inion": _("The tip of the bony bump at the back of the head, in the midline."),
        "left_tragus": tragus,
        "right_tragus": tragus,
    }[key]
