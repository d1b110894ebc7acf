// Each test runs a whole stack, most of the time of which is waiting: two at once on two processors.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Candor.EndToEnd.Tests;

/// <summary>
/// Tests that count what users see under load, or time: two at once would measure each other, so each runs alone, after the others.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
