"""What goes out of a newspaper reading: ALTO, PAGE, METS, Markdown, JSON and clip sheets. In: records. Out: bytes."""
