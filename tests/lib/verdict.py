"""Counts what passed and what failed."""


class Verdict:
    def __init__(self):
        self.passed = self.failed = 0

    def say(self, name, *wrong):
        """Counts one check, and prints its name when it failed. wrong: what is wrong, as lines of text; without any
        line the check passed. Returns whether it passed."""
        if not wrong:
            self.passed += 1
            return True
        self.failed += 1
        print(f"FAILED {name}", *("  " + line for line in wrong), sep="\n", flush=True)
        return False

    def check(self, name, expected, got):
        """Counts one check, which passes when both are equal."""
        return self.say(name, *([] if got == expected else [f"expected {expected!r}", f"got      {got!r}"]))

    def lines(self, name, expected, got):
        """Counts one check, which passes when both lists have the same lines in the same order."""
        if got == expected:
            return self.say(name)
        wrong = ["missing    " + line for line in expected if line not in got]
        wrong += ["unexpected " + line for line in got if got.count(line) > expected.count(line)]
        return self.say(name, *(wrong or ["the lines stand in another order"]))

    def close(self):
        """Prints the line `N passed, N failed`. Returns the exit status."""
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed else 0
