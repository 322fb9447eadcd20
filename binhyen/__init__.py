"""Bình Yên: cameras, evidence and the daily work of a Vietnamese commune police station."""

__version__ = "0.1.0"
