"""Why something cannot go out, or a zip cannot come in, as codes of `assets/words/exports.toml`. No torch."""

from __future__ import annotations

from importlib.util import find_spec

from engine.words import CodedError


class ExportError(CodedError):
    """What cannot be exported, or opened again. The sentence says why, and what would help."""

    TABLE = "exports"


def require_packages(*names: str) -> None:
    """Raises ExportError, with the line that installs them, where one of these packages is not there."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise ExportError("not_installed", packages=", ".join(missing), line=f"pip install {' '.join(missing)}")
