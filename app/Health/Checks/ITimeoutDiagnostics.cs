namespace Candor.Health.Checks;

/// <summary>
/// A check that can explain a timeout. It is asked when its deadline passes, because an abandoned check can no longer return a result.
/// </summary>
public interface ITimeoutDiagnostics
{
    /// <summary>Why it has not ended yet. Called from another thread; must not block.</summary>
    (Reason Reason, string Detail) ExplainTimeout();
}
