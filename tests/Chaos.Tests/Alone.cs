// A measurement must not share the machine with a stack that another test starts: its users would be late, and the run invalid.
[assembly: Xunit.CollectionBehavior(DisableTestParallelization = true)]
