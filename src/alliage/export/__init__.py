"""Data that leave a node as a file: which rows, in which format, under which joined marking."""
