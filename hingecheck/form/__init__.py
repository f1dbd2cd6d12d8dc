"""Findings and refusals: what may be said about a lift, and when nothing may."""
