"""The documentation site: `make docs` builds it, offline, with warnings as errors."""

from alliage import __version__

project = "Alliage"
copyright = "The Alliage developers"  # noqa: A001 - Sphinx's name for it
release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Alliage {__version__}"
html_show_sphinx = False
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence"]
