"""Objects as actions need them: what one is, and under which labels everything visible of it is."""

from __future__ import annotations

from alliage.actions.links import SeenObject
from alliage.ontology.audience import Audience, LabelSets
from alliage.picture.picture import Picture


class PictureFinder:
    """Finds objects in the picture of whoever asks."""

    def __init__(self, picture: Picture, label_sets: LabelSets) -> None:
        self._picture = picture
        self._label_sets = label_sets

    def find(self, audience: Audience, object_id: str) -> SeenObject | None:
        """The object as these readers see it; None where they see none by that id."""
        view = self._picture.view(audience)
        with view.lock:
            row = view.row_of(object_id)
            if row is None:
                return None
            words, objects = view.words(row), view.objects
            numbers = objects.label_sets[int(objects.label[row])]
            labels = frozenset().union(*map(self._label_sets.labels_of, numbers))
            identifiers = view.identifiers(row)
            return SeenObject(words.track, words.identifier, words.schema, labels, identifiers)

    def find_named(self, audience: Audience, name: str) -> SeenObject | None:
        """The same, by such an id or by an identifier."""
        if ":" not in name:
            return self.find(audience, name)
        object_id = self._picture.view(audience).object_named(name)
        return None if object_id is None else self.find(audience, object_id)
