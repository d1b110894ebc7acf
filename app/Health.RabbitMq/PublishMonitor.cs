using Candor.Health.Checks;

namespace Candor.Health.RabbitMq;

/// <summary>
/// How the app's last publication fared. A broker that is there and refuses (a full queue, a lost right, no queue for the message) can
/// only be seen by who publishes; the app says it here, and the check of the dependency shows it until a publication succeeds.
/// Thread-safe.
/// </summary>
/// <remarks>
/// What is refused must be tried again, so that a repair is noticed; and an app that finds that nothing is left to publish, because
/// another instance did, calls <see cref="Succeed"/>.
/// </remarks>
public sealed class PublishMonitor
{
    private FailureCause? _cause;

    /// <summary>Why the last publication failed; null when it did not, or nothing was published yet.</summary>
    public FailureCause? Cause => Volatile.Read(ref _cause);

    /// <summary>A publication was confirmed, or nothing is left that could be refused.</summary>
    public void Succeed() => Volatile.Write(ref _cause, null);

    /// <summary>A publication failed.</summary>
    /// <param name="cause">Why; see <see cref="RabbitMqFailures.CauseOf"/>.</param>
    public void Fail(FailureCause cause) => Volatile.Write(ref _cause, cause);
}
