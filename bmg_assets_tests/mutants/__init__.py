"""Mutation tests: small faults written into the science one at a time, to see whether its tests notice.

Belongs here: which modules are mutated and which tests must notice, the faults that have a name, and the driver behind
`make mutants`. The mutations are those of cosmic-ray; its own runner is not used, because it writes every mutant into
the working tree and starts a new interpreter for each. Does not belong here: the tests that notice the faults; they
stand beside the other tests of the science.
"""
