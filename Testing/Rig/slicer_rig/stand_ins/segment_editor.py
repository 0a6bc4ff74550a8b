"""`slicer.qMRMLSegmentEditorWidget`, small: Slicer's own nodes and undo, no effects to paint with."""
from __future__ import annotations
