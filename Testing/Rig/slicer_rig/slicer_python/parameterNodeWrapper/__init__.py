"""Stand-in for Slicer's `slicer.parameterNodeWrapper`: typed parameters, kept in a node of the scene.

It stores each value under the same names and in the same form as Slicer does, so that a scene saved by
one can be read by the other. What it leaves out of Slicer's own: parameter packs, dictionaries, `Any`.
"""

from .codecs import Default
from .connectors import Decimals, GuiConnector, SingleStep, createGuiConnector, parameterNodeGuiConnector
from .validators import Choice, Exclude, IsInstance, Maximum, Minimum, NotNone, Validator, WithinRange
from .wrapper import (
    SlicerParameterNamePropertyName,
    findChildWidgetForParameter,
    isParameterNodeWrapper,
    parameterNodeWrapper,
)

__all__ = [
    "Choice",
    "Decimals",
    "Default",
    "Exclude",
    "GuiConnector",
    "IsInstance",
    "Maximum",
    "Minimum",
    "NotNone",
    "SingleStep",
    "SlicerParameterNamePropertyName",
    "Validator",
    "WithinRange",
    "createGuiConnector",
    "findChildWidgetForParameter",
    "isParameterNodeWrapper",
    "parameterNodeGuiConnector",
    "parameterNodeWrapper",
]
