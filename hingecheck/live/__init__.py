"""The live form check: a camera or a replayed clip, judged while the set runs."""
