namespace Candor.Health;

/// <summary>
/// A check that knows what it is waiting for. When its deadline passes it is asked, because a check that is abandoned can no longer
/// answer for itself.
/// </summary>
internal interface IExplainsWait
{
    /// <summary>Why it has not ended yet. Called from another thread; must not block.</summary>
    (Reason Reason, string Detail) ExplainWait();
}
