"""Pages with known truth: music in, engraved and aged pages with the reader's own records out."""
