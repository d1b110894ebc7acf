namespace Candor.Health.Checks;

/// <summary>
/// Something about the app that is known at once, without asking anyone, such as the length of a queue in memory: read with every
/// evaluation and shown among the checks. Add with <c>services.AddHealthSignal&lt;MySignal&gt;()</c>; what needs I/O is an <c>IHealthCheck</c>.
/// </summary>
public interface IHealthSignal
{
    /// <summary>Its name among the checks; unique.</summary>
    string Name { get; }

    /// <summary>True (default) when the instance must not get traffic while it fails; false to report only: degraded, still ready.</summary>
    bool TakesOut => true;

    /// <summary>Why it fails now; null while all is well. Called from any thread; must not block. What it throws is a failure.</summary>
    FailureCause? Read();
}

/// <summary>A signal of the app's own, as the evaluation reads it.</summary>
internal sealed class AppSignal(IHealthSignal signal, FailureReason failures) : ISignal
{
    public string Name => signal.Name;

    public CheckReport Read()
    {
        try
        {
            return Report(signal.Read(), null);
        }
        catch (Exception exception)
        {
            return Report(failures.Of(exception), FailureReason.Describe(exception));
        }
    }

    private CheckReport Report(FailureCause? cause, string? detail)
    {
        var report = Signal.Report(Name, cause?.Reason ?? Reason.None, detail ?? cause?.ToString());
        return cause is null || signal.TakesOut ? report : report with { Outcome = CheckOutcome.Degraded };
    }
}
