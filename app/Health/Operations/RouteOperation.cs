using Candor.Contract;
using Candor.Health.Checks;

namespace Candor.Health.Operations;

/// <summary>A route with its method: what its users were served lately, and how its canary fared.</summary>
internal sealed class RouteOperation : IOperation
{
    // From this share on answers are over the limit as a rule; a few slow ones are the tail of every service.
    private const double SlowShare = 0.5;

    // So many users served since the canary began to fail, and none failed, show that the canary is wrong, not the operation.
    private const int EnoughUsers = 2;

    private readonly Lock _gate = new();
    private readonly Operation _settings;
    private readonly bool _judged;
    private readonly TimeProvider _active;
    private readonly TimeProvider _time;
    private readonly FaultJudge _errors;
    private readonly FaultJudge _canary;
    private readonly FaultJudge _slowness;
    private readonly FaultJudge _shed;
    private readonly CauseRecord _cause = new();
    private readonly int _canaryThreshold;
    private DateTimeOffset? _since;
    private bool _known;
    private bool _canarySawFault;
    private int _canaryFailures;
    private int _usersServed;
    private int _usersFailed;
    private long _servedAt = long.MinValue;
    private long _failedAt = long.MinValue;
    private long _lastCompleted = long.MinValue;
    private volatile bool _suspicious;

    /// <param name="settings">The operation as the contract lists it, or what stands for one that is not listed.</param>
    /// <param name="judged">False for the requests that match no route.</param>
    /// <param name="contract">Limits.</param>
    /// <param name="active">The clock that stands still while the process does.</param>
    /// <param name="time">The clock of the wall.</param>
    public RouteOperation(Operation settings, bool judged, HealthContract contract, TimeProvider active, TimeProvider time)
    {
        _settings = settings;
        _judged = judged;
        _active = active;
        _time = time;
        _canaryThreshold = settings.Canary?.FailureThreshold ?? contract.Canary.FailureThreshold;
        var limits = contract.OperationLimits;
        var timing = EpisodeTiming.OfRequests(contract.Freshness, active);
        FaultJudge Judge(double degraded, double failing) => new(
            limits, degraded, failing, timing, new(Ticks(contract.Watchdog.ReadmissionDelay), Ticks(contract.Watchdog.MaximumReadmissionDelay)), active);
        _errors = Judge(limits.DegradedShare, limits.FailingShare);
        _canary = Judge(limits.DegradedShare, limits.FailingShare);
        _slowness = Judge(SlowShare, double.PositiveInfinity);
        _shed = Judge(limits.DegradedShare, double.PositiveInfinity);
    }

    public string Name => _settings.Name;

    public OperationCanary? Canary => _settings.Canary;

    public bool IsSuspicious => _suspicious;

    /// <summary>Requests answered, by outcome.</summary>
    public long Answered(RequestOutcome outcome) => Interlocked.Read(ref _answered[(int)outcome]);

    private readonly long[] _answered = new long[4];

    /// <summary>How long ago the last request ended, whatever became of it.</summary>
    public TimeSpan SinceCompleted => Since(Volatile.Read(ref _lastCompleted), _active.GetTimestamp()) ?? TimeSpan.MaxValue;

    /// <summary>A user's request has ended.</summary>
    public void Add(in RequestResult result)
    {
        Interlocked.Increment(ref _answered[(int)result.Outcome]);
        var now = _active.GetTimestamp();
        Volatile.Write(ref _lastCompleted, now);
        if (!_judged || result.Outcome == RequestOutcome.Ignored)
        {
            return;
        }

        lock (_gate)
        {
            _known = true;
            var shed = result.Outcome == RequestOutcome.Shed;
            _shed.Add(now, shed);
            if (shed)
            {
                return;
            }

            var failed = result.Outcome == RequestOutcome.Failed;
            _errors.Add(now, failed);
            if (failed)
            {
                _usersFailed++;
                _failedAt = now;
                _suspicious = true;
                _cause.Note(result.Cause);
                return;
            }

            _usersServed++;
            _servedAt = now;
            if (_settings.LatencyLimit is { } limit && result.Duration is { } duration)
            {
                _slowness.Add(now, duration > limit);
            }
        }
    }

    /// <summary>The canary was answered as it should be.</summary>
    public void CanaryPassed()
    {
        var now = _active.GetTimestamp();
        lock (_gate)
        {
            _known = true;
            _servedAt = now;
            _canaryFailures = 0;

            _canary.Add(now, bad: false);

            // A canary that never met the fault of the users cannot show that it is gone.
            if (_canarySawFault)
            {
                _errors.Support();
            }
        }
    }

    /// <summary>The canary was not answered, or with an error.</summary>
    public void CanaryFailed(FailureCause? cause)
    {
        var now = _active.GetTimestamp();
        lock (_gate)
        {
            _known = true;
            if (_canaryFailures++ == 0)
            {
                _usersServed = 0;
                _usersFailed = 0;
            }

            _canarySawFault = true;
            _failedAt = now;
            _suspicious = true;
            _canary.Add(now, bad: true);
            _cause.Note(cause);
        }
    }

    /// <summary>Requests of this operation do not come back.</summary>
    /// <param name="stuck">True while enough of them are too old and none has ended.</param>
    public void NoteStuck(bool stuck) => Volatile.Write(ref _stuck, stuck);

    private bool _stuck;

    /// <summary>Some request is slow enough that a look at the operation is due.</summary>
    public void Suspect() => _suspicious = true;

    public OperationReport Read()
    {
        lock (_gate)
        {
            var now = _active.GetTimestamp();
            var stuck = Volatile.Read(ref _stuck);
            var users = _errors.Read(now, stuck ? FaultLevel.Failing : FaultLevel.None);
            var canary = ByCanary(now);
            var errors = users > canary ? users : canary;
            var slow = _slowness.Read(now);
            var shed = _shed.Read(now);
            var status = errors switch
            {
                FaultLevel.Failing => OperationStatus.Failing,
                FaultLevel.Degraded => OperationStatus.Degraded,
                _ when shed != FaultLevel.None => OperationStatus.Degraded,
                _ when slow != FaultLevel.None => OperationStatus.Slow,
                _ => _known ? OperationStatus.Healthy : OperationStatus.Unknown,
            };
            if (errors == FaultLevel.None && !_errors.Episode.IsOpen && !_canary.Episode.IsOpen)
            {
                _cause.Forget();
                _canarySawFault = false;
            }

            _since = status is OperationStatus.Healthy or OperationStatus.Unknown ? null : _since ?? _time.GetUtcNow();
            _suspicious = stuck || errors != FaultLevel.None || slow != FaultLevel.None || _errors.Episode.IsRecent(now) || _canary.Episode.IsRecent(now);
            var cause = errors != FaultLevel.None ? stuck ? new(Reason.PipelineStuck) : _cause.Root ?? new(Reason.ErrorRatio)
                : shed != FaultLevel.None ? new(Reason.Overloaded)
                : slow != FaultLevel.None ? new(Reason.Slow) : (FailureCause?)null;
            var shown = users >= canary && _errors.Count > 0 ? _errors : _canary;
            return new(Name, _settings.Critical, status, cause, shown.Share, shown.Count, _since)
            {
                SinceServed = Since(_servedAt, now),
                SinceFailed = Since(_failedAt, now),
            };
        }
    }

    public void Acquit(string dependency, string? code)
    {
        lock (_gate)
        {
            if ((_errors.Episode.IsOpen || _canary.Episode.IsOpen)
                && IOperation.IsDueTo(_cause.Root, dependency, code, _settings.Uses.Count == 0 || _settings.Uses.Contains(dependency)))
            {
                _errors.Forget();
                _canary.Forget();
                _cause.Forget();
                _canarySawFault = false;
                _canaryFailures = 0;
            }
        }
    }

    private FaultLevel ByCanary(long now)
    {
        var row = _canaryFailures >= _canaryThreshold && _canary.Episode.IsSustained(now);
        var level = _canary.Read(now, row ? FaultLevel.Failing : FaultLevel.None);

        // What users get decides.
        return level == FaultLevel.Failing && _usersServed >= EnoughUsers && _usersFailed == 0 ? FaultLevel.Degraded : level;
    }

    private TimeSpan? Since(long at, long now) => at == long.MinValue ? null : _active.GetElapsedTime(at, now);

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * _active.TimestampFrequency);
}
