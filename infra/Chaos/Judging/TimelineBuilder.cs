using Candor.Chaos.Catalogue;
using Candor.Chaos.Users;

namespace Candor.Chaos.Judging;

/// <summary>Makes a picture of what was seen.</summary>
internal static class TimelineBuilder
{
    private const double Bin = 0.25;

    public static RunTimeline Of(Observation seen) => new(
        Round(seen.EndedAt),
        Round(seen.InjectedAt),
        Round(seen.UndoAt),
        Round(seen.UndoneAt),
        Users(seen),
        Bin,
        Spans(seen.Health.Select(sample => (sample.Pod, sample.At, State: sample.Says.ToString(), Reasons: string.Join("\n", sample.Lines))), seen.EndedAt),
        Spans(seen.Stack.SelectMany(sample => sample.Targets.Select(target => (Pod: target.Key, sample.At, State: target.Value, Reasons: string.Empty))), seen.EndedAt));

    private static Dictionary<string, IReadOnlyList<double>> Users(Observation seen)
    {
        var bins = (int)Math.Ceiling(seen.EndedAt / Bin);
        var result = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);
        foreach (var operation in Operations.Requests)
        {
            var asked = new int[bins + 1];
            var failed = new int[bins + 1];
            foreach (var sample in seen.Users.Where(sample => sample.Operation == operation && sample.At >= 0 && sample.At <= seen.EndedAt))
            {
                var bin = (int)(sample.At / Bin);
                asked[bin]++;
                failed[bin] += sample.Outcome.Failed() ? 1 : 0;
            }

            result[operation] = [.. Enumerable.Range(0, bins).Select(bin => asked[bin] == 0 ? -1 : Math.Round((double)failed[bin] / asked[bin], 2))];
        }

        foreach (var operation in Operations.Background.Where(operation => seen.Background.Any(sample => sample.Operation == operation)))
        {
            var limit = BackgroundLimit.Of(seen, operation);
            var worst = new double[bins + 1];
            Array.Fill(worst, -1);
            foreach (var sample in seen.Background.Where(sample => sample.Operation == operation && sample.At <= seen.EndedAt))
            {
                worst[(int)(sample.At / Bin)] = sample.OldestAge > limit ? 1 : 0;
            }

            result[operation] = worst[..bins];
        }

        return result;
    }

    /// <summary>Samples that say the same, one after another, are one span.</summary>
    private static Dictionary<string, IReadOnlyList<Span>> Spans(IEnumerable<(string Pod, double At, string State, string Reasons)> samples, double end)
    {
        var result = new Dictionary<string, IReadOnlyList<Span>>(StringComparer.Ordinal);
        foreach (var pod in samples.OrderBy(sample => sample.At).GroupBy(sample => sample.Pod, StringComparer.Ordinal))
        {
            const double Gap = 1;
            var spans = new List<Span>();
            foreach (var (_, at, state, reasons) in pod)
            {
                if (spans is [.., var last] && last.State == state && Same(last.Reasons, reasons) && at - last.To < Gap)
                {
                    spans[^1] = last with { To = Round(at) };
                }
                else
                {
                    if (spans is [.., var before] && at - before.To < Gap)
                    {
                        spans[^1] = before with { To = Round(at) };
                    }

                    spans.Add(new(Round(at), Round(Math.Min(at + 0.1, end)), state, reasons));
                }
            }

            result[pod.Key] = spans;
        }

        return result;
    }

    /// <summary>Numbers that go up in a reason are no news.</summary>
    private static bool Same(string left, string right) => WithoutNumbers(left) == WithoutNumbers(right);

    private static string WithoutNumbers(string text) => string.Concat(text.Where(character => !char.IsDigit(character)));

    private static double Round(double value) => Math.Round(value, 2);
}

/// <summary>The age that the oldest open item of background work may reach.</summary>
internal static class BackgroundLimit
{
    /// <summary>The contract's, at the run's speed; 2 s more, for what is under way is open too, and a noisy machine is not a fault.</summary>
    public static double Of(Observation seen, string operation) =>
        (seen.Contract.Operations.FirstOrDefault(one => one.Name == operation)?.MaximumAge?.TotalSeconds ?? (30 / seen.Speed)) + 2;
}
