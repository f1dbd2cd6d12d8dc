"""A check's landmarks and angles in the formats that other programs of the field read."""
