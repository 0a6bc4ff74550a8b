"""A `Region` as a segmentation node with one coded segment on the scan's own grid, what became of it, its record."""

import functools
import json

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from ... import terminology
from ...errors import UserError
from ...geometry import spaces
from ...plan import Plan
from ...plan_record import plan_in, text_of
from ...scan.origin import Origin
from ...scan.volume import Volume, box_around, voxel_points_ras_mm
from ...segmentation.region import Region, doubtful_places
from ...serial import RecordError
from . import node_roles
from .volume_node import ijk_to_world, parent_to_world

_FINDINGS = "DLPFCSegmenter.Findings"
_SCORE = "DLPFCSegmenter.Score"
_UNCERTAINTY = "DLPFCSegmenter.Uncertainty"
_AS_FOUND = "DLPFCSegmenter.AsFound"
_DOUBTFUL = "DLPFCSegmenter.DoubtfulPlaces"
_SAME_CENTROID_MM = 0.01
_SAME_VOXEL = 0.0001
_OUTLINE_PX = 2


def add_segmentation(region: Region, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLSegmentationNode:
    """A new node for `region`, which was found in `volume_node`; older nodes stay as they are."""
    name = f"{volume_node.GetName()} {terminology.segment_name(region.hemisphere, region.name)}"
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", slicer.mrmlScene.GenerateUniqueName(name))
    node_roles.place_beside(node, volume_node)
    node_roles.mark(node, node_roles.SEGMENTATION, volume_node, region.hemisphere)
    node.SetAttribute(_SCORE, f"{region.score:.4f}")
    if region.agreement is not None:
        node.SetAttribute(_UNCERTAINTY, region.agreement.in_words)
    node.SetAttribute(_DOUBTFUL, json.dumps(_doubtful_places(region, np.linalg.inv(parent_to_world(node)))))
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
    node.CreateDefaultDisplayNodes()
    node.GetSegmentation().AddSegment(_segment(region, volume_node), region.hemisphere)
    node.SetAttribute(_AS_FOUND, json.dumps(mask_fingerprint(node)))
    node.GetDisplayNode().SetVisibility2DFill(False)  # an outline lets the cortex under it be judged
    node.GetDisplayNode().SetSliceIntersectionThickness(_OUTLINE_PX)
    return node


def show_surface(node: slicer.vtkMRMLSegmentationNode) -> None:
    """Let the mask be seen in 3-D; it takes long enough to be done on its own."""
    if mask_volume_ml(node):
        node.CreateClosedSurfaceRepresentation()


def mask_volume_ml(node: slicer.vtkMRMLSegmentationNode) -> float:
    """Size of the node's segment in ml as it is now, edited or not; 0 where it has none."""
    mask = mask_in_world(node)
    return float(np.count_nonzero(mask.array_kji)) * mask.voxel_ml


def network_score(node: slicer.vtkMRMLSegmentationNode) -> float:
    """Confidence of the finding that the node was made from, 0..1."""
    return float(node.GetAttribute(_SCORE))


def uncertainty_in_words(node: slicer.vtkMRMLSegmentationNode) -> str:
    """How far the centroid of the finding may be off; '' where the core does not say."""
    return node.GetAttribute(_UNCERTAINTY) or ""


def is_edited(node: slicer.vtkMRMLSegmentationNode) -> bool:
    """Whether the mask is another than the one that was found; an undone edit is none."""
    found, now = json.loads(node.GetAttribute(_AS_FOUND)), mask_fingerprint(node)
    if found["voxels"] != now["voxels"]:
        return True
    return now["voxels"] > 0 and not np.allclose(found["centroid_mm"], now["centroid_mm"], atol=_SAME_CENTROID_MM)


def doubtful_places_ras_mm(node: slicer.vtkMRMLSegmentationNode) -> np.ndarray:
    """Where the network was least sure, the worst first: world RAS mm, shape (N, 3)."""
    places_mm = np.reshape(json.loads(node.GetAttribute(_DOUBTFUL)), (-1, 3))
    return spaces.transform_points(parent_to_world(node), places_mm)


def mask_key(node: slicer.vtkMRMLSegmentationNode) -> tuple:
    """What changes as soon as the mask is another."""
    segment = node.GetSegmentation().GetSegment(node_roles.hemisphere_of(node))
    labelmap = segment and segment.GetRepresentation(_binary_labelmap())
    scalars = labelmap and labelmap.GetPointData().GetScalars()
    times = tuple(each.GetMTime() for each in (segment, labelmap, scalars) if each)
    return node.GetID(), labelmap and labelmap.GetExtent(), times


def mask_in_world(node: slicer.vtkMRMLSegmentationNode) -> Volume:
    """The node's segment as it is now: bool, on the part of the grid that Slicer keeps of it, in world RAS."""
    mask = _mask_in_node(node)
    return Volume(mask.array_kji, parent_to_world(node) @ mask.ijk_to_ras, mask.origin)


def mask_on_scan(node: slicer.vtkMRMLSegmentationNode, volume_node: slicer.vtkMRMLScalarVolumeNode) -> np.ndarray:
    """The node's segment on the voxels of a scan, bool (K, J, I).

    Where both have the same voxels, as they had when the node was made, this takes a tenth of Slicer's time.
    """
    mask = mask_in_world(node)
    to_scan_ijk = np.linalg.inv(ijk_to_world(volume_node)) @ mask.ijk_to_ras
    shift_ijk = np.rint(to_scan_ijk[:3, 3]).astype(int)
    is_shifted = np.allclose(to_scan_ijk[:3], np.column_stack((np.eye(3), shift_ijk)), rtol=0.0, atol=_SAME_VOXEL)
    if mask.array_kji.size and not is_shifted:
        return slicer.util.arrayFromSegmentBinaryLabelmap(node, node_roles.hemisphere_of(node), volume_node).astype(
            bool
        )
    found = np.zeros(slicer.util.arrayFromVolume(volume_node).shape, bool)
    kji = np.argwhere(mask.array_kji) + shift_ijk[::-1]
    found[tuple(kji[np.all((kji >= 0) & (kji < found.shape), axis=1)].T)] = True
    return found


def keep_findings(node: slicer.vtkMRMLSegmentationNode, plan: Plan) -> None:
    """Keep what the plan says of the side that `node` is the mask of."""
    node.SetAttribute(_FINDINGS, text_of(plan, node_roles.hemisphere_of(node)))


def region_of(node: slicer.vtkMRMLSegmentationNode) -> str:
    """What the region is called; the DLPFC in a scene of another version."""
    try:
        return findings(node).model.region
    except UserError:
        return terminology.DLPFC


def findings(node: slicer.vtkMRMLSegmentationNode) -> Plan:
    """The plan of one side without its images. Raises UserError where the scene is of an older version."""
    try:
        return _read(node.GetAttribute(_FINDINGS) or "")
    except RecordError as error:
        raise UserError(
            "'{node}' was made by another version of this module; press Segment again.", node=node.GetName()
        ) from error


@functools.lru_cache(maxsize=8)
def _read(text: str) -> Plan:
    """Read once: it is asked for at every step of a point that is dragged."""
    return plan_in(text)


def _mask_in_node(node: slicer.vtkMRMLSegmentationNode) -> Volume:
    """As `mask_in_world`, but in the node's own RAS mm; an empty array where there is no segment."""
    segment = node.GetSegmentation().GetSegment(node_roles.hemisphere_of(node))
    labelmap = segment and segment.GetRepresentation(_binary_labelmap())
    scalars = labelmap and labelmap.GetPointData().GetScalars()
    if not scalars:
        return Volume(np.zeros((0, 0, 0), bool), np.eye(4), Origin(node.GetName()))
    # Segments that do not overlap may share one labelmap, each with a value of its own.
    mask = vtk_to_numpy(scalars).reshape(labelmap.GetDimensions()[::-1]) == segment.GetLabelValue()
    matrix = vtk.vtkMatrix4x4()
    labelmap.GetImageToWorldMatrix(matrix)
    to_ras = slicer.util.arrayFromVTKMatrix(matrix)
    to_ras[:3, 3] = spaces.ijk_to_ras_points(to_ras, np.array(labelmap.GetExtent()[::2], float))
    return Volume(mask, to_ras, Origin(node.GetName()))


def mask_fingerprint(node: slicer.vtkMRMLSegmentationNode) -> dict:
    """Size and place of the mask in the node's own space: no move of the whole head changes them."""
    mask = _mask_in_node(node)
    points = voxel_points_ras_mm(mask, mask.array_kji)
    return {"voxels": len(points), "centroid_mm": points.mean(axis=0).tolist() if len(points) else None}


def _doubtful_places(region: Region, to_node: np.ndarray) -> list[list[float]]:
    places = doubtful_places(region) if region.probability_kji.any() else ()
    places_ras_mm = np.reshape([place.position_ras_mm for place in places], (-1, 3))
    return np.round(spaces.transform_points(to_node, places_ras_mm), 3).tolist()


def _segment(region: Region, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkSegment:
    segment = slicer.vtkSegment()
    segment.SetName(terminology.segment_name(region.hemisphere, region.name))
    segment.SetColor(*terminology.segment_colour(region.hemisphere))
    segment.SetTerminology(terminology.segment_terminology(region.hemisphere, region.name))
    segment.AddRepresentation(_binary_labelmap(), _oriented_image(region.mask_kji, volume_node))
    return segment


def _oriented_image(mask_kji: np.ndarray, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkOrientedImageData:
    """The mask on the grid that the volume node has under its transform; only the part that holds it."""
    box = box_around(mask_kji) if mask_kji.any() else (slice(0, 1),) * 3
    image = slicer.vtkOrientedImageData()
    image.SetExtent(*(bound for side in reversed(box) for bound in (side.start, side.stop - 1)))
    image.GetPointData().SetScalars(numpy_to_vtk(mask_kji[box].astype(np.uint8).ravel(), deep=True))
    matrix = vtk.vtkMatrix4x4()
    volume_node.GetIJKToRASMatrix(matrix)
    image.SetImageToWorldMatrix(matrix)
    return image


def _binary_labelmap() -> str:
    return slicer.vtkSegmentationConverter.GetBinaryLabelmapRepresentationName()
