using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>The result of a request, as far as the app is responsible for it.</summary>
internal enum RequestOutcome
{
    /// <summary>Ignored: an error of the client, or the client aborted.</summary>
    Ignored,

    /// <summary>It was served.</summary>
    Served,

    /// <summary>It failed by the app's doing.</summary>
    Failed,

    /// <summary>It was refused because there was too much to do.</summary>
    Shed,
}

/// <summary>The result of one request.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Duration">From its arrival to the first byte of the answer, without waits for the client; null when it is not to be judged by.</param>
/// <param name="Cause">Why it failed, as far as it is known.</param>
internal readonly record struct RequestResult(RequestOutcome Outcome, TimeSpan? Duration, FailureCause? Cause);
