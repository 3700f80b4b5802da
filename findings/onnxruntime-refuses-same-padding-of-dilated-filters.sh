#!/bin/sh
# Guess:   ONNX's Conv says `auto_pad="SAME_UPPER"` for an output as large as the input, and `dilations` for a filter with gaps; a
#          model that its checker accepts with all shapes inferred runs in onnxruntime.
# Happens: with a dilation of more than 1 onnxruntime refuses to run it ("Dilation not supported for AutoPadType::SAME_UPPER"),
#          and only when it is run: the session opens. The same padding in numbers runs. torch's tracing exporter writes
#          the word for nn.Conv2d(padding="same", dilation=2): such a network exports, is checked, opens, and does not answer.
# Version: onnx 1.23.2, onnxruntime 1.32.0, NumPy 2.2.6
# Date:    2026-11-30
# Guards:  tests/engine/exports/test_onnx_file.py (test_other_layers: same; same, even)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "onnx==${ONNX:-1.23.2}" "onnxruntime==${ONNXRUNTIME:-1.32.0}" \
    numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
x = np.arange(64, dtype=np.float32).reshape(1, 1, 8, 8)
filter_ = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "filter")


def answer(**padding):
    """The shape of the answer of one convolution, or how it is refused."""
    node = helper.make_node("Conv", ["x", "filter"], ["y"], kernel_shape=[3, 3], **padding)
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 1, 8, 8]) for name in ("x", "y")]
    graph = helper.make_graph([node], "one", values[:1], values[1:], [filter_])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    try:
        return session.run(None, {"x": x})[0].shape
    except Exception as error:
        return f"refused: {str(error).splitlines()[0][-90:]}"


found = {
    "SAME_UPPER, dilation 1": answer(auto_pad="SAME_UPPER", dilations=[1, 1]),
    "SAME_UPPER, dilation 2": answer(auto_pad="SAME_UPPER", dilations=[2, 2]),
    "pads of 2, dilation 2": answer(pads=[2, 2, 2, 2], dilations=[2, 2]),
}
for name, said in found.items():
    print(f"{name}: {said}")
first, second, third = found.values()
as_described = first == third == (1, 1, 8, 8) and str(second).startswith("refused")
print("as described" if as_described else "CHANGED")
sys.exit(0 if as_described else 1)
PYTHON
