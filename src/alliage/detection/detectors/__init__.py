"""The detectors, one file each; alliage.detection.registry lists them."""
