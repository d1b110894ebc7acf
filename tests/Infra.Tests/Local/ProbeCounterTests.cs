using Candor.Local;

namespace Candor.Infra.Tests.Local;

public sealed class ProbeCounterTests
{
    [Fact]
    public void Verdict_changes_only_after_as_many_equal_results_as_the_threshold()
    {
        var counter = new ProbeCounter(initial: true, successThreshold: 2, failureThreshold: 3);

        Assert.Equal([true, true, false], Feed(counter, false, false, false));
        Assert.Equal([false, true], Feed(counter, true, true));
    }

    [Fact]
    public void Verdict_starts_counting_anew_when_a_result_differs()
    {
        var counter = new ProbeCounter(initial: true, successThreshold: 1, failureThreshold: 3);

        Assert.Equal([true, true, true, true, true, false], Feed(counter, false, false, true, false, false, false));
    }

    private static List<bool> Feed(ProbeCounter counter, params bool[] results) => [.. results.Select(result =>
    {
        counter.Add(result);
        return counter.Verdict;
    })];
}
