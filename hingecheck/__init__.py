"""Form checks for the hip hinge: is the back holding its shape?

```python
import hingecheck

result = hingecheck.check("deadlift.mp4")
for rep in result.reps:
    print(rep.index, rep.butt_wink.verdict, rep.butt_wink.tuck_deg)
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hingecheck.errors import ClipError, HingecheckError, ModelError, OutputError, UsageError

if TYPE_CHECKING:
    from hingecheck.pipeline import check
    from hingecheck.report.schema import Result

__all__ = [
    "ClipError",
    "HingecheckError",
    "ModelError",
    "OutputError",
    "Result",
    "UsageError",
    "__version__",
    "check",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # What needs MediaPipe, OpenCV and PyAV is imported when it is first used.
    if name == "check":
        from hingecheck.pipeline import check

        return check
    if name == "Result":
        from hingecheck.report.schema import Result

        return Result
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
