"""Simulated lifters: bodies of known anatomy, moved and filmed so that the truth is exact."""

from __future__ import annotations
