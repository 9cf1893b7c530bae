"""Tests in a real browser. A package, so that fixtures may live as long as its tests run."""
