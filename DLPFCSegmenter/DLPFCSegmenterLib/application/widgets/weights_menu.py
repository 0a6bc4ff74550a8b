"""A button that offers a person's own weights, which lie beside corrections or beside weights chosen before."""

from collections.abc import Callable
from pathlib import Path

import qt
import slicer

from ...networks.registry import card_beside, own_weights_in, region_in_card
from ...sentences import tr as _
from ..jobs.correction_save import FOLDER_SETTING


class WeightsMenu:
    """Nothing is chosen but by the person; hidden where no weights are found.

    on_chosen  told the weights file that the person takes
    """

    def __init__(self, button: qt.QPushButton, on_chosen: Callable[[Path], None]) -> None:
        self._button, self._on_chosen = button, on_chosen
        self._menu = qt.QMenu(button)
        button.setMenu(self._menu)

    def offer(self, chosen: str) -> None:
        """Look again; `chosen` is what stands in the line of the weights file."""
        kept = str(slicer.app.userSettings().value(FOLDER_SETTING, "") or "")
        corrections = [Path(kept), Path(kept).parent] if kept else []
        beside = [Path(chosen.strip()).expanduser().parent] if chosen.strip() else []
        found = own_weights_in(folder for folder in (*corrections, *beside) if folder.is_dir())
        self._menu.clear()
        for path in found:
            action = self._menu.addAction(in_words(path))
            action.toolTip = str(path)
            action.connect("triggered(bool)", lambda _checked=False, path=path: self._on_chosen(path))
        self._button.text = _("Found: {count}", count=len(found))
        self._button.visible = bool(found)


def in_words(path: Path) -> str:
    """'insula: NEW.pt (unet-2026-11-29)'."""
    name = card_beside(path).get("id", "")
    return _("{region}: {file} ({name})", region=region_in_card(path), file=path.name, name=name)
