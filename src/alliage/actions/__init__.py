"""Every human write: typed, checked, labelled, undoable."""
