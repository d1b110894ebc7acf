using System.Runtime.CompilerServices;
using Candor.Local;
using Candor.Testing.Time;

namespace Candor.Infra.Tests.Local;

/// <summary>
/// Eight hours of a hundred pods by a clock of their own: what the supervisor keeps for the page stays as it is. A thousand answers a second for the
/// first twenty minutes, which fills every store; then a hundred, as more of them would only take the test's time.
/// </summary>
public sealed class PageMemoryTests
{
    private const int Pods = 100;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Eight_hours_take_no_more_memory_than_the_first_twenty_minutes()
    {
        var board = new ProbeBoard(_time);
        var history = new PageHistory(_time);
        var recorder = new PageRecorder(_time);
        Run(TimeSpan.FromMinutes(20), TimeSpan.FromMilliseconds(400));
        var (before, marks, frames) = (Held(), Marks(board), recorder.Count);
        Run(TimeSpan.FromHours(8), TimeSpan.FromSeconds(4));
        var after = Held();

        Assert.Equal(Pods * 4 * ProbeBoard.MarksPerLane, marks);
        Assert.Equal(marks, Marks(board));
        Assert.InRange(recorder.Bytes, 1, PageRecorder.MostBytes);
        Assert.InRange(recorder.Count, frames / 2, PageRecorder.MostFrames);
        var (events, samples, spans, _) = history.Since(0);
        Assert.InRange(events.Count, 1, 500);
        Assert.InRange(samples.Count, 1, 900);
        Assert.InRange(spans.Count, 1, 200);
        Assert.InRange(after, 0, before + (8L * 1024 * 1024));

        void Run(TimeSpan howLong, TimeSpan tick)
        {
            for (var passed = TimeSpan.Zero; passed < howLong; passed += tick)
            {
                _time.Advance(tick);
                for (var pod = 0; pod < Pods; pod++)
                {
                    foreach (var prober in Enum.GetValues<ProberKind>())
                    {
                        board.Add(Name(pod), prober, passed: true, tick, "answered 200");
                    }
                }

                var second = (int)passed.TotalSeconds;
                if (passed.Milliseconds == 0 && second % 60 == 0)
                {
                    history.Report(new(_time.GetUtcNow(), LocalEventKind.Progress, Name(second % Pods), "ready"));
                    history.Add(new(second * 50L, second, 12));
                    history.Follow(StatusAt(second / 60), []);
                    recorder.Add(string.Join(',', Enumerable.Range(second, 400)));
                }
            }
        }
    }

    [Fact]
    public void Recording_of_a_large_stack_keeps_less_time_instead_of_more_memory()
    {
        var recorder = new PageRecorder(_time);
        var random = new Random(16);
        for (var second = 0; second < 60; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            // Nothing repeats in it, so that it cannot be packed.
            recorder.Add(new string([.. Enumerable.Range(0, 200_000).Select(_ => (char)random.Next(32, 127))]));
        }

        Assert.InRange(recorder.Bytes, PageRecorder.MostBytes / 2, PageRecorder.MostBytes);
        Assert.InRange(recorder.Count, 10, 59);
        Assert.Equal(_time.GetUtcNow(), recorder.All()[^1].At);
    }

    [Fact]
    public void Present_that_did_not_change_is_kept_once()
    {
        var recorder = new PageRecorder(_time);
        recorder.Add("same");
        recorder.Add("same");
        recorder.Add("other");

        Assert.Equal(["same", "other"], recorder.All().Select(frame => frame.Present));
    }

    [Fact]
    public void Fault_that_was_made_is_a_span_until_it_ends()
    {
        var history = new PageHistory(_time);
        history.Follow(StatusAt(1), [new("F204", "The password is wrong.", string.Empty, _time.GetUtcNow())]);
        _time.Advance(TimeSpan.FromSeconds(9));
        history.Follow(StatusAt(1), []);

        var span = Assert.Single(history.Since(0).Spans, span => span.Kind == "fault");
        Assert.Equal(("F204", TimeSpan.FromSeconds(9), "ended"), (span.Subject, span.To - span.From, span.Outcome));
    }

    // In a method of its own: what a method has at hand stays alive until it ends.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Marks(ProbeBoard board) => board.Since(0).Marks.Count;

    private static string Name(int pod) => $"orders-{pod}";

    private static long Held() => GC.GetTotalMemory(forceFullCollection: true);

    private static LocalStatus StatusAt(int second) => new()
    {
        Stack = "dev",
        Supervisor = 1,
        StartedAt = DateTimeOffset.UnixEpoch,
        Speed = 1,
        Healthy = true,
        Urls = [],
        Workloads =
        [
            new()
            {
                Kind = "Deployment", Name = "orders", Namespace = "orders", Replicas = Pods, Updated = Pods, Ready = Pods, Available = Pods, Revision = second,
                State = second % 2 == 0 ? RolloutState.Progressing : RolloutState.Complete, Reason = string.Empty,
            },
        ],
        Pods = [],
        Targets = [],
    };
}
