"""EUROCONTROL ASTERIX: what radars and radio direction finders measured, turn by turn."""
