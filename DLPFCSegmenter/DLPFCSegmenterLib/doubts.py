"""`Doubt`: a warning that knows what it is about, and the one table of the sentences that warnings are made of."""

from collections.abc import Mapping

SENTENCES = {
    "centroid_outside": "The centroid lies outside the curved mask; the target is the nearest point of the mask.",
    "picked_outside": "The picked target lies outside the mask, {away:.0f} mm from its nearest voxel.",
    "off_brain": "{outside:.0%} of the mask lies off the brain; check its outline.",
}
"""Key of a doubt -> its sentence, with a place for each of its numbers."""

Number = float | int | str


class Doubt(str):
    """One sentence, which is the text itself, and beside it what a program wants to know.

    key         which sentence of the table it is; '' for one that stands in no table
    numbers     what stands in its places, unrounded
    hemisphere  'left' or 'right', or '' where it concerns no side alone
    """

    key: str
    numbers: dict[str, Number]
    hemisphere: str

    def __new__(
        cls, text: str, key: str = "", numbers: Mapping[str, Number] | None = None, hemisphere: str = ""
    ) -> "Doubt":
        """The sentence `text` as it is."""
        made = super().__new__(cls, text)
        made.key, made.numbers, made.hemisphere = key, dict(numbers or {}), hemisphere
        return made


def doubt(key: str, hemisphere: str = "", **numbers: Number) -> Doubt:
    """The sentence of the table with its numbers. Raises KeyError for a key or a number that is missing."""
    return Doubt(SENTENCES[key].format(**numbers), key, numbers, hemisphere)
