"""The dorsal profile and what it tells about pelvis and spine."""
