using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>Background work: how old its oldest open item is, and whether its rounds fail.</summary>
internal sealed class BackgroundOperation : IOperation, IBackgroundOperation
{
    // Open items and no progress for this share of the maximum age mean that the work stands still; never less than five freshness bounds.
    private const double StandingShare = 1.0 / 6;

    private readonly Lock _gate = new();
    private readonly Operation _settings;
    private readonly TimeProvider _active;
    private readonly TimeProvider _time;
    private readonly FaultJudge _rounds;
    private readonly FailureReason _reasons;
    private readonly TimeSpan _standing;
    private readonly CauseRecord _cause = new();
    private TimeSpan? _oldest;
    private long _reportedAt;
    private long _progressAt;
    private bool _known;
    private DateTimeOffset? _since;
    private volatile bool _suspicious;

    public BackgroundOperation(Operation settings, HealthContract contract, FailureReason reasons, TimeProvider active, TimeProvider time)
    {
        _settings = settings;
        _reasons = reasons;
        _active = active;
        _time = time;
        var shortest = contract.Freshness * 5;
        _standing = settings.MaximumAge * StandingShare is { } share && share > shortest ? share : shortest;
        var limits = contract.OperationLimits with { ConsecutiveFailures = 2 };
        var timing = EpisodeTiming.OfRounds(contract.Freshness, active);
        _rounds = new(limits, limits.DegradedShare, double.PositiveInfinity, timing, new(Ticks(_standing), Ticks(_standing)), active);
        _progressAt = active.GetTimestamp();
    }

    public string Name => _settings.Name;

    public bool IsSuspicious => _suspicious;

    public void ReportOldest(TimeSpan? age)
    {
        lock (_gate)
        {
            _known = true;
            _oldest = age;
            _reportedAt = _active.GetTimestamp();
        }
    }

    public void ReportProgress()
    {
        lock (_gate)
        {
            _known = true;
            _progressAt = _active.GetTimestamp();
            _rounds.Add(_progressAt, bad: false);
        }
    }

    public void ReportFailure(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ReportFailure(_reasons.Of(exception));
    }

    public void ReportFailure(FailureCause cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        lock (_gate)
        {
            _known = true;
            _suspicious = true;
            _rounds.Add(_active.GetTimestamp(), bad: true);
            _cause.Note(cause);
        }
    }

    public OperationReport Read()
    {
        lock (_gate)
        {
            var now = _active.GetTimestamp();
            var age = _oldest is { } oldest ? oldest + _active.GetElapsedTime(_reportedAt, now) : (TimeSpan?)null;
            var sinceProgress = _active.GetElapsedTime(_progressAt, now);
            var tooOld = age >= _settings.MaximumAge;
            var standing = age >= _standing && sinceProgress >= _standing;
            var rounds = _rounds.Read(now);
            var status = tooOld ? OperationStatus.Failing
                : standing || rounds != FaultLevel.None ? OperationStatus.Degraded
                : _known ? OperationStatus.Healthy : OperationStatus.Unknown;
            if (rounds == FaultLevel.None && !_rounds.Episode.IsOpen)
            {
                _cause.Forget();
            }

            _since = status is OperationStatus.Healthy or OperationStatus.Unknown ? null : _since ?? _time.GetUtcNow();
            _suspicious = tooOld || standing || rounds != FaultLevel.None || _rounds.Episode.IsRecent(now);
            return new(
                Name, _settings.Critical, status, _cause.Root ?? new(Reason.NoProgress), _rounds.Share, _rounds.Count, _since, _known ? age ?? TimeSpan.Zero : null, sinceProgress);
        }
    }

    public void Acquit(string dependency, string? code)
    {
        lock (_gate)
        {
            if (IOperation.IsDueTo(_cause.Root, dependency, code, _settings.Uses.Count == 0 || _settings.Uses.Contains(dependency)))
            {
                _rounds.Forget();
                _cause.Forget();
            }
        }
    }

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * _active.TimestampFrequency);
}
