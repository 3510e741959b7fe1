"""What a fault is to the program that runs it."""

import dataclasses


@dataclasses.dataclass
class Part:
    """A row of the fault matrix, or one of the faults that a row names."""

    number: int  # of the row
    name: str
    function: object  # takes a stand.Run; makes the fault and ends it
    quick: bool  # whether it belongs to the quick run
    own: bool  # it starts the responders it needs; else it meets the common ones


def collector(parts):
    """The decorator that adds a function to that list, its name in words for the fault's."""

    def fault(number, name, quick=True, own=False):
        def add(function):
            parts.append(Part(number, name, function, quick, own))
            return function

        return add

    return fault
