"""Whether a window can be opened here, checked before Qt does: Qt would end the process with a core dump.

Each reason is one line: what is missing and what to do. No Qt is imported here at module level.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

NO_DISPLAY = "layerscope: no display to open a window on; `make demo` runs everything without one and draws pictures"

# The Debian package that brings a library Qt needs.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libGLX.so.0": "libglx0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}


def why_no_window() -> str | None:
    """One line that says why no window can be opened and what to do; None when one can."""
    return _bad_pair() or _display_missing() or _library_missing()


def _bad_pair() -> str | None:
    """PySide6 6.12.0 drops a reference to None on most calls; before Python 3.12, where None became immortal, that aborts the
    process after a few thousand of them."""
    qt = version("PySide6-Essentials")
    if tuple(map(int, re.findall(r"\d+", qt)[:2])) >= (6, 12) and sys.version_info < (3, 12):
        python = ".".join(map(str, sys.version_info[:3]))
        return f"layerscope: PySide6 {qt} aborts on Python {python}; install 'PySide6-Essentials>=6.10,<6.12'"
    return None


def _display_missing() -> str | None:
    if not sys.platform.startswith("linux") or _platform():
        return None
    return None if _wayland_answers() or _x11_answers() else NO_DISPLAY


def _platform() -> str:
    """The Qt platform that the user asked for, `offscreen` for example; empty: Qt's choice."""
    return os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    return bool(name) and _answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", ""), str(name))))


def _x11_answers() -> bool:
    display = re.fullmatch(r"(?:unix/?)?([^:]*):(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
    if display is None:
        return False
    host, number = display[1], int(display[2])
    if not host:
        local = f"/tmp/.X11-unix/X{number}"
        return _answers(local) or _answers("\0" + local)
    try:
        with socket.create_connection((host, 6000 + number), timeout=2):
            return True
    except OSError:
        return False


def _answers(address: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            probe.connect(address)
    except OSError:
        return False
    return True


def _library_missing() -> str | None:
    """Load what Qt will load; the loader's error names the library that is not there."""
    try:
        from PySide6 import QtWidgets  # noqa: F401

        if sys.platform.startswith("linux"):
            ctypes.CDLL(str(_platform_plugin()))
    except (ImportError, OSError) as error:
        missing = re.search(r"(lib[\w+.-]+\.so[\d.]*)", str(error))
        if missing is None:
            raise
        package = PACKAGES.get(missing[1])
        mend = f"install it: sudo apt-get install {package}" if package else "install the package that has it"
        return f"layerscope: Qt needs {missing[1]}, which this system does not have; {mend}"
    return None


def _platform_plugin() -> Path:
    spec = find_spec("PySide6")
    assert spec is not None and spec.origin is not None
    name = _platform() or ("wayland" if _wayland_answers() and not _x11_answers() else "xcb")
    return Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / f"libq{name}.so"


if __name__ == "__main__":  # for scripts that prepare a machine: the reason on stdout, exit code 1 where there is one
    why = why_no_window()
    print(why or "a window can be opened here")
    sys.exit(why is not None)
