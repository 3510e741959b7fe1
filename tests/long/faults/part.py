"""A fault, as the program that runs the faults sees it."""

import dataclasses


@dataclasses.dataclass
class Part:
    """A row of the fault matrix, or one of the faults that a row names."""

    number: int  # of the row
    name: str
    function: object  # takes a stand.Run; makes the fault and ends it
    quick: bool  # the fault is part of the quick run
    own: bool  # the fault starts responders of its own; else it meets the common ones


def collector(parts):
    """The decorator that adds a function to the list `parts`, with the number and the name of its fault."""

    def fault(number, name, quick=True, own=False):
        def add(function):
            parts.append(Part(number, name, function, quick, own))
            return function

        return add

    return fault
