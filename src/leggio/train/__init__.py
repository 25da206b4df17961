"""Training of the nets: recipe in, ONNX file with its card out. Needs the extra `train` (torch)."""
