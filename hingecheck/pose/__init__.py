"""Bodies in pictures: landmarks, masks, and which way the lifter faces."""
