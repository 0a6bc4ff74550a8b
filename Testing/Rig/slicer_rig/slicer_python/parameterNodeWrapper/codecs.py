"""How a value of each type is kept in a parameter node, whose parameters are texts and node references."""

from __future__ import annotations

import enum
import pathlib
import types
import typing
from collections.abc import Callable
from typing import Any

import slicer

from .validators import IsInstance, NotNone, Validator


class Default:
    """Annotation: the value a parameter has at first."""

    def __init__(self, value: Any = None, *, generator: Callable[[], Any] | None = None) -> None:
        self._value, self._generator = value, generator

    @property
    def value(self) -> Any:
        return self._generator() if self._generator else self._value


def split_annotations(annotated: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type itself and what `Annotated` adds to it; `A | B` becomes `Union[A, B]`."""
    if typing.get_origin(annotated) is typing.Annotated:
        kind, *annotations = typing.get_args(annotated)
    else:
        kind, annotations = annotated, []
    if isinstance(kind, types.UnionType):
        kind = typing.Union[typing.get_args(kind)]  # noqa: UP007 (the other kind of union is what it was)
    return kind, tuple(annotations)


def is_node_type(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, slicer.vtkMRMLNode)


class Codec:
    """One value as one text under the parameter's own name."""

    def __init__(
        self,
        validators: list[Validator],
        default: Any,
        to_text: Callable[[Any], str],
        from_text: Callable[[str], Any],
    ) -> None:
        self.validators, self.default = validators, default
        self._to_text, self._from_text = to_text, from_text

    def validate(self, value: Any) -> None:
        for validator in self.validators:
            (validator() if isinstance(validator, type) else validator).validate(value)

    def is_in(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> bool:
        return node.HasParameter(name)

    def write(self, node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
        self.validate(value)
        node.SetParameter(name, self._to_text(value))

    def read(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> Any:
        return self._from_text(node.GetParameter(name))

    def remove(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
        node.UnsetParameter(name)


class NodeCodec(Codec):
    """A node as a reference, beside an empty text that says that the parameter is there."""

    def __init__(self, kind: type) -> None:
        super().__init__([IsInstance(kind)], None, str, str)

    def write(self, node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
        self.validate(value)
        node.SetParameter(name, "")
        node.SetNodeReferenceID(name, value.GetID() if value is not None else None)

    def read(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> Any:
        return node.GetNodeReference(name)

    def remove(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
        super().remove(node, name)
        node.RemoveNodeReferenceIDs(name)


class ListCodec(Codec):
    """A list as its length and one parameter for each element."""

    def __init__(self, element: Codec) -> None:
        super().__init__([], [], str, str)
        self._element = element

    def is_in(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> bool:
        return node.HasParameter(f"{name}.len")

    def write(self, node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
        values = list(value)
        self.validate(values)
        for element in values:
            self._element.validate(element)
        with slicer.util.NodeModify(node):
            self.remove(node, name)
            node.SetParameter(f"{name}.len", str(len(values)))
            for index, element in enumerate(values):
                self._element.write(node, f"{name}.{index}", element)

    def read(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> ObservedList:
        length = int(node.GetParameter(f"{name}.len") or 0)
        values = [self._element.read(node, f"{name}.{index}") for index in range(length)]
        return ObservedList(values, lambda changed: self.write(node, name, changed))

    def remove(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
        for index in range(int(node.GetParameter(f"{name}.len") or 0)):
            self._element.remove(node, f"{name}.{index}")
        node.UnsetParameter(f"{name}.len")


class ObservedList(list):
    """A list that writes itself back to the parameter node when it is changed."""

    def __init__(self, values: list[Any], save: Callable[[list[Any]], None]) -> None:
        super().__init__(values)
        self._save = save


def _saving(name: str) -> Callable[..., Any]:
    def method(self: ObservedList, *arguments: Any, **keywords: Any) -> Any:
        result = getattr(list, name)(self, *arguments, **keywords)
        self._save(list(self))
        return result

    return method


for _name in (
    "append",
    "extend",
    "insert",
    "remove",
    "pop",
    "clear",
    "sort",
    "reverse",
    "__setitem__",
    "__delitem__",
    "__iadd__",
):
    setattr(ObservedList, _name, _saving(_name))


class UnionCodec(Codec):
    """One of several types; the number of the type in the union is part of the parameter's name."""

    def __init__(self, members: list[Codec], default: Any) -> None:
        super().__init__([], default, str, str)
        self._members = members

    def _names(self, name: str) -> list[tuple[Codec, str]]:
        return [(member, f"{name}.{index}") for index, member in enumerate(self._members)]

    def is_in(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> bool:
        return any(member.is_in(node, member_name) for member, member_name in self._names(name))

    def write(self, node: slicer.vtkMRMLScriptedModuleNode, name: str, value: Any) -> None:
        self.validate(value)
        member, member_name = next(pair for pair in self._names(name) if pair[0] is self._fitting(value))
        with slicer.util.NodeModify(node):
            self.remove(node, name)
            member.write(node, member_name, value)

    def _fitting(self, value: Any) -> Codec:
        """The first member that takes `value`; None belongs to the member for None."""
        for member in self._members:
            if (value is None) != isinstance(member, NoneCodec):
                continue
            try:
                member.validate(value)
            except (TypeError, ValueError):
                continue
            return member
        raise TypeError(f"No type of the union takes the value '{value}'")

    def read(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> Any:
        present = (
            (member, member_name) for member, member_name in self._names(name) if member.is_in(node, member_name)
        )
        member, member_name = next(present)
        return member.read(node, member_name)

    def remove(self, node: slicer.vtkMRMLScriptedModuleNode, name: str) -> None:
        for member, member_name in self._names(name):
            member.remove(node, member_name)


class NoneCodec(Codec):
    """None, in a union."""

    def __init__(self) -> None:
        super().__init__([], None, lambda value: "True", lambda text: None)


def create_codec(annotated: Any) -> Codec:
    """The codec of a type such as `Annotated[float, WithinRange(0, 1)]` or `vtkMRMLNode | None`."""
    kind, annotations = split_annotations(annotated)
    codec = _codec_of(kind)
    codec.validators = codec.validators + [item for item in annotations if _is_validator(item)]
    return codec


def _is_validator(item: Any) -> bool:
    return isinstance(item, Validator) or (isinstance(item, type) and issubclass(item, Validator))


def _codec_of(kind: Any) -> Codec:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        return ListCodec(create_codec(arguments[0]))
    if origin is typing.Union:
        members = [create_codec(argument) for argument in arguments]
        optional = len(members) == 2 and isinstance(members[1], NoneCodec)
        return UnionCodec(members, None if optional else members[0].default)
    if kind is type(None):
        return NoneCodec()
    if is_node_type(kind):
        return NodeCodec(kind)
    return _plain_codec(kind)


def _plain_codec(kind: Any) -> Codec:
    if kind is bool:
        return Codec(
            [NotNone(), IsInstance(bool)],
            False,
            lambda value: "True" if value else "False",
            lambda text: text == "True",
        )
    if kind in (int, float):
        return Codec([NotNone(), IsInstance((int, float) if kind is float else int)], 0, str, kind)
    if kind is str:
        return Codec([NotNone(), IsInstance(str)], "", str, str)
    if isinstance(kind, type) and issubclass(kind, pathlib.PurePath):
        return Codec([NotNone(), IsInstance(kind)], kind(), str, kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return Codec([NotNone(), IsInstance(kind)], next(iter(kind)), lambda value: value.name, lambda text: kind[text])
    raise TypeError(f"Unable to keep a value of type '{kind}' in a parameter node")
