"""The module `SampleData`: sources are registered, but only files of this machine are loaded."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

import slicer


@dataclass(frozen=True)
class SampleDataSource:
    """What a module registered under a name."""

    category: str
    sampleName: str
    arguments: dict[str, Any]


class SampleDataLogic:
    """The part of Slicer's SampleDataLogic that a module uses."""

    sources: dict[str, SampleDataSource] = {}
    categories: dict[str, str] = {}

    @classmethod
    def registerCustomSampleDataSource(
        cls, category: str = "Custom", sampleName: str | None = None, **arguments: Any
    ) -> None:
        cls.sources[sampleName] = SampleDataSource(category, sampleName, arguments)

    @classmethod
    def registerCustomSampleDataCategory(cls, category: str, title: str | None = None, **arguments: Any) -> None:
        cls.categories[category] = title or category

    def downloadMRHead(self) -> slicer.vtkMRMLVolumeNode:
        """Slicer's own sample head, if a test registered a file under its name 'MRHead'."""
        return self.downloadSample("MRHead")

    def downloadSample(self, sampleName: str) -> slicer.vtkMRMLVolumeNode:
        """Loads a sample whose address is a file; the rig never asks the network."""
        source = self.sources.get(sampleName)
        address = urlparse(source.arguments["uris"] if source else "")
        if address.scheme != "file":
            raise RuntimeError(f"The rig does not download samples: {sampleName}")
        return slicer.util.loadVolume(url2pathname(address.path))


def downloadSample(sampleName: str) -> slicer.vtkMRMLVolumeNode:
    return SampleDataLogic().downloadSample(sampleName)


def install() -> None:
    """Puts `SampleData` where `import` finds it."""
    module = ModuleType("SampleData", __doc__)
    module.SampleDataLogic, module.downloadSample = SampleDataLogic, downloadSample
    sys.modules.setdefault("SampleData", module)
