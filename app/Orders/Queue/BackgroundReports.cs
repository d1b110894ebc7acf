using Candor.Contract;
using Candor.Health.Operations;

namespace Candor.Orders.Queue;

/// <summary>
/// What the background work reports to health. A contract of an older stack lists no operations; then nothing is reported.
/// </summary>
public sealed class BackgroundReports
{
    /// <param name="operations">The background operations of the contract.</param>
    /// <param name="contract">Says which it lists.</param>
    public BackgroundReports(IBackgroundOperations operations, HealthContract contract)
    {
        Deliver = Find(OrdersContract.DeliverOutbox);
        Process = Find(OrdersContract.ProcessOrders);

        IBackgroundOperation? Find(string name) =>
            contract.Operations.Any(operation => operation.Name == name && operation.IsBackground()) ? operations.Named(name) : null;
    }

    /// <summary>From the outbox to the queue.</summary>
    public IBackgroundOperation? Deliver { get; }

    /// <summary>From the queue to processed.</summary>
    public IBackgroundOperation? Process { get; }
}
