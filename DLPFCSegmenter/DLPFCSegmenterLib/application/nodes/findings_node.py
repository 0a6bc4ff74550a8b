"""What a run said of one side beside its mask and points, kept in the scene with the segmentation."""

import functools

import slicer
from slicer.i18n import tr as _

from ...errors import UserError
from ...plan import Plan
from ...plan_record import plan_in, text_of
from ...serial import RecordError
from . import node_roles as links

_FINDINGS = "DLPFCSegmenter.Findings"


def keep_findings(node: slicer.vtkMRMLSegmentationNode, plan: Plan) -> None:
    """Keep what the plan says of the side that `node` is the mask of."""
    node.SetAttribute(_FINDINGS, text_of(plan, links.hemisphere_of(node)))


def findings(node: slicer.vtkMRMLSegmentationNode) -> Plan:
    """The plan of one side without its images. Raises UserError where the scene is of an older version."""
    try:
        return _read(node.GetAttribute(_FINDINGS) or "")
    except RecordError as error:
        sentence = _("'{node}' was made by another version of this module; press Segment again.")
        raise UserError(sentence.format(node=node.GetName())) from error


@functools.lru_cache(maxsize=8)
def _read(text: str) -> Plan:
    """Read once: it is asked for at every step of a point that is dragged."""
    return plan_in(text)
