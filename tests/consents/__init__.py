"""Consents together with cameras, requests and looks."""
