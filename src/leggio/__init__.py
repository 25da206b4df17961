"""leggio reads printed media with deep learning: sheet music to MusicXML."""

__version__ = "0.1.0"
