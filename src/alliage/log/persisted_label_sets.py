"""Interned label sets of a log, kept in its index."""

from __future__ import annotations

import orjson
import sqlalchemy as sa

from alliage.log.database import writing
from alliage.log.signing import labels_from_json, labels_to_json
from alliage.ontology.audience import LabelSets
from alliage.ontology.label import LabelSet

_label_sets = sa.Table(
    "label_sets",
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("labels", sa.Text),
)


class PersistedLabelSets(LabelSets):
    """Label sets whose numbers outlast the process: written before anybody has them."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__()
        self._engine: sa.Engine | None = None  # while reading what is kept already
        with engine.connect() as connection:
            rows = connection.execute(sa.select(_label_sets).order_by(_label_sets.c.number)).all()
        for row in rows:
            self.intern(labels_from_json(orjson.loads(row.labels)))
        self._engine = engine

    def _keep(self, number: int, labels: LabelSet) -> None:
        if self._engine is None:
            return
        text = orjson.dumps(labels_to_json(labels), option=orjson.OPT_SORT_KEYS).decode()
        with writing(self._engine) as connection:
            connection.execute(sa.insert(_label_sets).values(number=number, labels=text))
