"""Measurement: answers against known truth, for music pages, their symbols and news pages."""
