"""A `Region` as a segmentation node with one coded segment on the scan's own grid."""

import numpy as np
import slicer
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from .. import terminology
from ..segmentation.region import Region
from . import links

_SCORE = "DLPFCSegmenter.Score"
_OUTLINE_PX = 2


def add_segmentation(region: Region, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkMRMLSegmentationNode:
    """A new node for `region`, which was found in `volume_node`; older nodes stay as they are."""
    name = f"{volume_node.GetName()} {terminology.segment_name(region.hemisphere)}"
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", slicer.mrmlScene.GenerateUniqueName(name))
    links.place_beside(node, volume_node)
    links.mark(node, links.SEGMENTATION, volume_node, region.hemisphere)
    node.SetAttribute(_SCORE, f"{region.score:.4f}")
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
    node.CreateDefaultDisplayNodes()
    node.GetSegmentation().AddSegment(_segment(region, volume_node), region.hemisphere)
    node.CreateClosedSurfaceRepresentation()
    node.GetDisplayNode().SetVisibility2DFill(False)  # an outline lets the cortex under it be judged
    node.GetDisplayNode().SetSliceIntersectionThickness(_OUTLINE_PX)
    return node


def mask_volume_ml(node: slicer.vtkMRMLSegmentationNode) -> float:
    """Size of the node's segment in ml as it is now, edited or not; 0 where it has none."""
    segment = node.GetSegmentation().GetSegment(links.hemisphere_of(node))
    labelmap = segment and segment.GetRepresentation(_binary_labelmap())
    scalars = labelmap and labelmap.GetPointData().GetScalars()
    if not scalars:
        return 0.0
    # Segments that do not overlap may share one labelmap, each with a value of its own.
    count = np.count_nonzero(vtk_to_numpy(scalars) == segment.GetLabelValue())
    return float(count * np.prod(labelmap.GetSpacing())) / 1000.0


def network_score(node: slicer.vtkMRMLSegmentationNode) -> float:
    """Confidence of the finding that the node was made from, 0..1."""
    return float(node.GetAttribute(_SCORE))


def _segment(region: Region, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkSegment:
    segment = slicer.vtkSegment()
    segment.SetName(terminology.segment_name(region.hemisphere))
    segment.SetColor(*terminology.segment_colour(region.hemisphere))
    segment.SetTerminology(terminology.segment_terminology(region.hemisphere))
    segment.AddRepresentation(_binary_labelmap(), _oriented_image(region.mask_kji, volume_node))
    return segment


def _oriented_image(mask_kji: np.ndarray, volume_node: slicer.vtkMRMLScalarVolumeNode) -> slicer.vtkOrientedImageData:
    """The mask on the grid that the volume node has under its transform."""
    image = slicer.vtkOrientedImageData()
    image.SetDimensions(*reversed(mask_kji.shape))
    image.GetPointData().SetScalars(numpy_to_vtk(mask_kji.astype(np.uint8).ravel(), deep=True))
    matrix = vtk.vtkMatrix4x4()
    volume_node.GetIJKToRASMatrix(matrix)
    image.SetImageToWorldMatrix(matrix)
    return image


def _binary_labelmap() -> str:
    return slicer.vtkSegmentationConverter.GetBinaryLabelmapRepresentationName()
