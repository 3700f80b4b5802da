#!/bin/sh
# Guess:   a msgspec.Struct whose field is Annotated[int, Meta(ge=1)] cannot hold 0, nor a str, however it is made.
# Happens: types and constraints are checked by convert and by the decoders alone. The constructor and structs.replace take any
#          value; encoding it gives a text that the same type then refuses to read.
# Version: msgspec 0.23.0
# Date:    2026-11-29
# Guards:  tests/engine/test_fields.py (engine/fields.py: `edited` validates what it makes)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "msgspec==${MSGSPEC:-0.23.0}"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from typing import Annotated

import msgspec

print("msgspec", msgspec.__version__)


class Layer(msgspec.Struct, frozen=True):
    size: Annotated[int, msgspec.Meta(ge=1)]


made, replaced = Layer(0), msgspec.structs.replace(Layer(3), size="three")
print("made with a constructor and with replace:", made, replaced)
refused = []
for layer in (made, replaced):
    text = msgspec.json.encode(layer)
    try:
        msgspec.json.decode(text, type=Layer)
    except msgspec.ValidationError as error:
        refused.append(str(error))
        print("but", text.decode(), "is refused:", error)
as_described = len(refused) == 2
print("as described" if as_described else "the behaviour has changed")
sys.exit(not as_described)
PYTHON
