"""NMEA 0183 position sentences: where a satellite receiver says it is."""
