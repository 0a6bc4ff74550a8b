"""What decides how a training goes, and how far it has come: who goes on from a checkpoint, and who may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import nn, optim

from ..errors import UserError
from ..networks.configuration import Configuration
from .checkpoints import told_as_unfit
from .run import Run


@dataclass(frozen=True)
class Course:
    """What decides how a training goes: only the same course goes on from a checkpoint.

    kind    name of the network in the registry
    config  its configuration
    run     from what it learns, how, and where
    grows   settings by which a training may be made longer
    """

    kind: str
    config: Configuration
    run: Run
    grows: tuple[str, ...]

    def to_dict(self) -> dict:
        """As plain values for a checkpoint."""
        run = self.run
        told = {"kind": self.kind, "config": self.config.to_dict(), "dataset": run.learnt_from, "start": run.began_from}
        return told | self._manner

    @property
    def _manner(self) -> dict[str, int | str]:
        """What beside the configuration is a setting."""
        begin, end = self.run.part
        return {**self.run.manner, "part": f"{begin:g} to {end:g}"}

    def require_same(self, state: Mapping[str, Any]) -> None:
        """Raise UserError that says what is other in a checkpoint; what an earlier version did not tell passes."""
        now = self.to_dict()
        kept, folder = now | state.get("course", {}), self.run.folder
        if kept["kind"] != self.kind:
            raise UserError(
                "{folder}: holds a training of a {kind}; name another folder for the {wanted}.",
                folder=folder,
                kind=kept["kind"],
                wanted=self.kind,
            )
        if now["dataset"] and kept["dataset"] not in ("", now["dataset"]):
            raise UserError(
                "{folder}: holds a training on another dataset, or this one was changed since; name another folder, or"
                " give the dataset that it began with.",
                folder=folder,
            )
        if _same_start(kept["start"]) != _same_start(now["start"]):
            raise UserError(
                "{folder}: holds a training that began from {before}, not from {now}; name another folder or give the"
                " same start.",
                folder=folder,
                before=_start_in_words(kept["start"]),
                now=_start_in_words(now["start"]),
            )
        before, wanted = ({name: each[name] for name in self._manner} | each["config"] for each in (kept, now))
        other = [n for n in wanted if n not in self.grows and before.get(n, wanted[n]) != wanted[n]]
        if other:
            raise UserError(
                "{folder}: holds a training with other settings ({other}: {before}, not {now}); name another folder or"
                " give the same settings.",
                folder=folder,
                other=other[0],
                before=before[other[0]],
                now=wanted[other[0]],
            )

    def is_longer_than(self, state: Mapping[str, Any]) -> bool:
        """Whether more is asked for than when the checkpoint was kept."""
        kept = state.get("course", self.to_dict())["config"]
        return any(self.config.to_dict()[name] > kept[name] for name in self.grows)


def _same_start(start: Sequence[str]) -> str:
    """Of a file its bytes count, whatever it is called."""
    name, sha256 = start
    return sha256 or name


def _start_in_words(start: Sequence[str]) -> str:
    name, sha256 = start
    return f"{name} (SHA-256 {sha256[:12]})" if sha256 else name


@dataclass(frozen=True)
class Standing:
    """What learns and how far it has come, kept as a checkpoint under `name` in the run's folder."""

    run: Run
    name: str
    parts: Mapping[str, nn.Module | optim.Optimizer]
    course: Course | None = None

    def resumed(self) -> dict[str, Any]:
        """Take up the checkpoint, where there is one: its 'step' to go on from, and what else was kept of it.

        Raises UserError for one that belongs to another training.
        """
        state = self.run.kept(self.name, self.course)
        if state is None:
            return {"step": 0}
        with told_as_unfit(self.run.folder / self.name):
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
        return state

    def keep(self, step: int, **more: float) -> None:
        """Save that so many steps were made, and what else is to be known of it."""
        state = {name: part.state_dict() for name, part in self.parts.items()}
        course = {"course": self.course.to_dict()} if self.course else {}
        self.run.keep(self.name, {"step": step, **more, **course, **state})
