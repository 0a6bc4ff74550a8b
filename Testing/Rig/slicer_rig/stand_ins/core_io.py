"""`slicer.app.coreIOManager()`: what `slicer.util.loadVolume`, `saveNode`, `loadScene` go through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import slicer
import vtk

from .scene import SceneAndLogics

_FILE_TYPES = {
    ".mrk.json": "MarkupsFile",
    ".fcsv": "MarkupsFile",
    ".seg.nrrd": "SegmentationFile",
    ".mrb": "SceneFile",
    ".mrml": "SceneFile",
    ".vtk": "ModelFile",
    ".vtp": "ModelFile",
    ".stl": "ModelFile",
    ".h5": "TransformFile",
    ".tfm": "TransformFile",
}


class CoreIOManager:
    """Reads and writes with Slicer's own storage nodes."""

    def __init__(self, parts: SceneAndLogics) -> None:
        self._scene, self._logics = parts.scene, parts.module_logics

    def fileType(self, file_name: str) -> str:
        endings = (kind for ending, kind in _FILE_TYPES.items() if str(file_name).lower().endswith(ending))
        return next(endings, "VolumeFile")

    def loadNodes(
        self,
        file_type: str,
        properties: dict[str, Any],
        loaded: vtk.vtkCollection | None = None,
        messages: slicer.vtkMRMLMessageCollection | None = None,
    ) -> bool:
        path = properties["fileName"]
        if file_type == "SceneFile":
            return self._loadScene(path, clear=properties.get("clear", False))
        if not Path(path).is_file():
            return False
        node = getattr(self, f"_load{file_type}")(path, properties)
        if node is None:
            return False
        if properties.get("name"):
            node.SetName(self._scene.GetUniqueNameByString(properties["name"]))
        if loaded is not None:
            loaded.AddItem(node)
        return True

    def _loadScene(self, path: str, clear: bool) -> bool:
        if path.endswith(".mrb"):
            return bool(self._scene.ReadFromMRB(path, clear))
        self._scene.SetURL(path)
        return bool(self._scene.Connect() if clear else self._scene.Import())

    def _loadVolumeFile(self, path: str, properties: dict[str, Any]) -> slicer.vtkMRMLVolumeNode | None:
        name = properties.get("name") or Path(path).name.split(".")[0]
        options = 1 if properties.get("labelmap") else 0
        node = self._logics["Volumes"].AddArchetypeVolume(path, name, options)
        if node is not None and properties.get("show", True):
            slicer.util.setSliceViewerLayers(background=node, fit=True)
        return node

    def _loadSegmentationFile(self, path: str, properties: dict[str, Any]) -> slicer.vtkMRMLSegmentationNode | None:
        return self._logics["Segmentations"].LoadSegmentationFromFile(path)

    def _loadMarkupsFile(self, path: str, properties: dict[str, Any]) -> slicer.vtkMRMLMarkupsNode | None:
        node_id = self._logics["Markups"].LoadMarkups(path)
        return self._scene.GetNodeByID(node_id.split(",")[0]) if node_id else None

    def _loadModelFile(self, path: str, properties: dict[str, Any]) -> slicer.vtkMRMLModelNode | None:
        return self._logics["Models"].AddModel(path)

    def _loadTransformFile(self, path: str, properties: dict[str, Any]) -> slicer.vtkMRMLTransformNode | None:
        return self._logics["Transforms"].AddTransform(path, self._scene)

    def fileWriterFileType(self, node: slicer.vtkMRMLStorableNode) -> str:
        return node.GetClassName()

    def saveNodes(
        self,
        file_type: str,
        properties: dict[str, Any],
        messages: slicer.vtkMRMLMessageCollection | None = None,
    ) -> bool:
        path = properties["fileName"]
        if file_type == "SceneFile":
            return self._saveScene(path)
        node = self._scene.GetNodeByID(properties["nodeID"])
        node.AddDefaultStorageNode(path)
        storage = node.GetStorageNode()
        storage.SetFileName(path)
        return bool(storage.WriteData(node))

    def _saveScene(self, path: str) -> bool:
        if path.endswith(".mrb"):
            return bool(self._scene.WriteToMRB(path))
        self._scene.SetURL(path)
        return bool(self._scene.Commit())
