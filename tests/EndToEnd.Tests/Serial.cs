// Each test runs a whole stack and measures time: two at once would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
