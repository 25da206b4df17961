"""Watch printed media: an archive of articles, subjects as standing queries, and a clipping for each match."""
