"""AIS after ITU-R M.1371-5 in IEC 61162-1 sentences: bytes in, columns of observations out."""
