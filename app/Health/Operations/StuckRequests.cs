using Candor.Contract;
using Candor.Health.Watchdog;

namespace Candor.Health.Operations;

/// <summary>
/// Looks at the requests in flight: an operation is stuck when enough of its requests are too old and none of them comes back. Under overload requests are old as well, but
/// they come back; that is not stuck.
/// </summary>
internal sealed class StuckRequests(RequestLedger requests, OperationRegistry operations, HealthContract contract)
{
    // A request that waits for this many freshness bounds is reason enough for a look at its operation; one that waits for much longer was looked at already.
    private const int Suspicious = 2;
    private const int LookedAt = 12;

    private readonly Dictionary<RouteOperation, (int Old, int VeryOld)> _counts = [];
    private volatile int _stuck;

    /// <summary>Operations that are stuck.</summary>
    public int Operations => _stuck;

    /// <summary>Looks once. Called by the watchdog's thread only.</summary>
    public void Look()
    {
        var limits = contract.Watchdog;
        foreach (var operation in _counts.Keys)
        {
            _counts[operation] = default;
        }

        requests.Look(contract.Freshness * Suspicious, (entry, age) =>
        {
            var operation = operations.Of(entry.RoutedTo, entry.Method);
            if (!entry.IsCanary && age < contract.Freshness * LookedAt)
            {
                operation.Suspect();
            }

            var (old, veryOld) = _counts.GetValueOrDefault(operation);
            _counts[operation] = (old + (age >= limits.StuckRequestAge ? 1 : 0), veryOld + (age >= limits.StuckRequestAge * 2 ? 1 : 0));
        });

        var stuck = 0;
        foreach (var (operation, (old, veryOld)) in _counts)
        {
            var isStuck = (old >= limits.StuckRequestCount && operation.SinceCompleted >= limits.StuckRequestAge) || veryOld >= limits.StuckRequestCount;
            operation.NoteStuck(isStuck);
            stuck += isStuck ? 1 : 0;
        }

        _stuck = stuck;
    }
}
