"""One sentence about the cell that is looked at in the im2col view, which calls it."""

from __future__ import annotations

from engine.cells.unrolled import Matrix, filter_column
from engine.figures import full_count
from engine.layers.kinds.pooling import AvgPool2d, MaxPool2d
from gui.labs.convolution.im2col.im2col_links import Looked, padded_place
from gui.labs.convolution.im2col.im2col_sheets import matrix_sheet, row_text
from gui.labs.convolution.subject import Subject
from gui.widgets.figures.written_numbers import number_text
from gui.widgets.grids.sheet import GridCell, cell_text
from gui.widgets.one_line import OneLine


class MatrixMeaning(OneLine):
    """`show_looked` writes it."""

    def __init__(self) -> None:
        super().__init__("muted")

    def show_looked(self, subject: Subject, matrix: Matrix, looked: Looked, source: int) -> None:
        """Write the sentence. `source` is the input channel that is shown, counted within the group."""
        match looked:
            case Looked("matrix", (row, column)):
                wordings = self._of_number(subject, matrix, row, column)
            case Looked("filter", (column, _)):
                name, place, value = self._weight(subject, matrix, column)
                text = self.tr("Column {column}: weight {weight} = {value} meets one number of every row.")
                wordings = (text.format(column=column, weight=f"{name}{place}", value=value),)
            case Looked("input", cell):
                wordings = self._of_input(subject, matrix, cell, source)
            case Looked(_, (row, _)):
                wordings = self._of_row(subject, matrix, row)
        self.set_text(*wordings)

    def _of_row(self, subject: Subject, matrix: Matrix, row: int) -> tuple[str, ...]:
        values = {"row": full_count(row), "cell": row_text(matrix, row)}
        match subject.layer:
            case MaxPool2d():
                text = self.tr("Row {row}: the window of output cell {cell} in one line. Its largest number is the output.")
                return (text.format(**values),)
            case AvgPool2d():
                text = self.tr("Row {row}: the window of output cell {cell} in one line. Its mean is the output.")
                return (text.format(**values),)
        if subject.transposed:
            text = self.tr(
                "Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight. "
                "torch multiplies first and adds up afterwards (col2im)."
            )
            short = self.tr("Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight.")
            return text.format(**values), short.format(**values)
        text = self.tr("Row {row}: the window of output cell {cell} in one line. Row × filter + bias = output.")
        if subject.layer.bias is False:
            text = self.tr("Row {row}: the window of output cell {cell} in one line. Row × filter = output.")
        return (text.format(**values),)

    def _of_number(self, subject: Subject, matrix: Matrix, row: int, column: int) -> tuple[str, ...]:
        place = padded_place(matrix, row, column)
        read = matrix_sheet(subject, matrix, matrix.spots([row], [column]), range(row, row + 1), range(column, column + 1))
        value = number_text(read.values_HW.item())
        weight = matrix.weight(column)
        name = f"{subject.names[weight[0]]} " if len(subject.names) > 1 else ""
        if not value:
            text = self.tr("Row {row}, column {column}: no input cell stands here.")
            return (text.format(row=full_count(row), column=column),)
        where = f"{name}{cell_text(place)}"
        if subject.pools:
            text = self.tr("Row {row}, column {column}: input {input} = {value}")
            return (text.format(row=full_count(row), column=column, input=where, value=value),)
        _, _, factor = self._weight(subject, matrix, column)
        text = self.tr("Row {row}, column {column}: input {input} = {value}, to be multiplied with the weight {weight}")
        return (text.format(row=full_count(row), column=column, input=where, value=value, weight=factor),)

    def _of_input(self, subject: Subject, matrix: Matrix, cell: GridCell, source: int) -> tuple[str, ...]:
        _, height, width = subject.shape
        if not (0 <= cell[0] < height and 0 <= cell[1] < width):
            return (self.tr("A cell of the padding. It stands in every row whose window lies over it."),)
        count = len(matrix.places((subject.inputs[source], *cell)))
        text = self.tr("Input ({row}, {column}) stands {count} times in the matrix: once for each product it takes part in.")
        short = self.tr("Input ({row}, {column}) stands {count} times in the matrix.")
        values = {"row": cell[0], "column": cell[1], "count": count}
        return text.format(**values), short.format(**values)

    @staticmethod
    def _weight(subject: Subject, matrix: Matrix, column: int) -> tuple[str, str, str]:
        """A weight's channel, place and value."""
        channel, row, across = matrix.weight(column)
        assert subject.filters is not None
        value = filter_column(matrix, subject.filters)[column]
        name = f"{subject.names[channel]} " if len(subject.names) > 1 else ""
        return name, f"({row}, {across})", number_text(float(value))
