namespace Candor.Health.Operations;

/// <summary>How many canaries passed and failed since the process began.</summary>
internal sealed class CanaryRecord
{
    private long _passed;
    private long _failed;

    /// <summary>Canaries that were answered in time and not with an error.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Canaries that were not answered in time, or with an error.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    public void Pass() => Interlocked.Increment(ref _passed);

    public void Fail() => Interlocked.Increment(ref _failed);
}
